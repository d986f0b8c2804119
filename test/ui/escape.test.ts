import { expect, fixture } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html, LitElement, type TemplateResult } from 'lit';
import { EscapeController } from '../../src/ui/escape.ts';

class Panel extends LitElement {
  open = true;
  readonly escape = new EscapeController(
    this,
    () => this.open,
    () => (this.open = false),
  );
  protected override render(): TemplateResult {
    return html`<input />
      <dialog><button>Nein</button></dialog>
      <slot></slot>`;
  }
  get field(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }
  get question(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }
}
customElements.define('test-panel', Panel);

/** A dialog of a site, in a shadow tree of its own. */
class SiteDialog extends LitElement {
  protected override render(): TemplateResult {
    return html`<dialog><button>Ja</button><slot></slot></dialog>`;
  }
  get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }
}
customElements.define('test-site-dialog', SiteDialog);

const panel = (): Promise<Panel> => fixture<Panel>(html`<test-panel></test-panel>`);
const closing = (dialog: HTMLDialogElement): Promise<unknown> =>
  new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
/** A press that the browser itself takes no part in. @returns whether it was prevented */
function press(target: EventTarget, o: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true, ...o });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
function unfocus(): void {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at instanceof HTMLElement) at.blur();
  expect(document.activeElement).to.equal(document.body);
}

describe('Escape', () => {
  it('closes with the focus inside or nowhere, once, and not what is closed', async () => {
    const element = await panel();
    for (const target of [element.field, document.body]) {
      if (target === document.body) unfocus();
      else target.focus();
      element.open = true;
      await sendKeys({ press: 'Escape' });
      expect(element.open).to.equal(false);
      expect(press(target)).to.equal(false);
    }
  });

  it('closes the element before the dialog it stands in', async () => {
    const box = await fixture<HTMLElement>(
      html`<test-site-dialog
        ><div><test-panel></test-panel></div
      ></test-site-dialog>`,
    );
    const { dialog } = box as SiteDialog;
    const element = box.querySelector<Panel>('test-panel')!;
    dialog.showModal();
    for (const focus of [() => element.field.focus(), unfocus]) {
      element.open = true;
      focus();
      await sendKeys({ press: 'Escape' });
      expect([element.open, dialog.open]).to.deep.equal([false, true]);
    }
    const closed = closing(dialog);
    await sendKeys({ press: 'Escape' });
    await closed;
  });

  it('is left to a question of the element itself, also when nothing in it has the focus', async () => {
    const element = await panel();
    for (const focus of [() => undefined, unfocus]) {
      element.question.showModal();
      focus();
      const closed = closing(element.question);
      await sendKeys({ press: 'Escape' });
      await closed;
      expect(element.open).to.equal(true);
    }
  });

  it('is left to a dialog of the page, in whichever shadow tree', async () => {
    const element = await panel();
    const { dialog } = await fixture<SiteDialog>(html`<test-site-dialog></test-site-dialog>`);
    for (const focus of [() => undefined, unfocus]) {
      dialog.showModal();
      focus();
      const closed = closing(dialog);
      await sendKeys({ press: 'Escape' });
      await closed;
      expect(element.open).to.equal(true);
    }
  });

  it('is left to a popover of the page, but not to one that Escape does not close', async () => {
    const element = await panel();
    const menu = await fixture<HTMLElement>(html`<div popover="auto">Menü</div>`);
    const note = await fixture<HTMLElement>(html`<div popover="manual">Hinweis</div>`);
    unfocus();
    note.showPopover();
    menu.showPopover();
    const closed = new Promise((resolve) => menu.addEventListener('toggle', resolve, { once: true }));
    await closed;
    const gone = new Promise((resolve) => menu.addEventListener('toggle', resolve, { once: true }));
    await sendKeys({ press: 'Escape' });
    await gone;
    expect(element.open).to.equal(true);
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(false);
    note.hidePopover();
  });

  it('is left to the part of the page that has the focus', async () => {
    const element = await panel();
    const field = await fixture<HTMLInputElement>(html`<input type="search" />`);
    field.focus();
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(true);
  });

  it('is left to an input method and to what stands inside and has used it', async () => {
    const element = await panel();
    const { field } = element;
    expect(press(field, { isComposing: true })).to.equal(false);
    expect(press(field, { keyCode: 229 })).to.equal(false);
    expect(press(field, { repeat: true })).to.equal(false);
    expect(press(field, { shiftKey: true })).to.equal(false);
    field.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
    press(field);
    expect(element.open).to.equal(true);
    expect(press(field)).to.equal(true);
    expect(element.open).to.equal(false);
  });

  it('closes one of two at a time, the inner first', async () => {
    const outer = await fixture<Panel>(html`<test-panel><test-panel></test-panel></test-panel>`);
    const inner = outer.querySelector<Panel>('test-panel')!;
    inner.field.focus();
    await sendKeys({ press: 'Escape' });
    expect([outer.open, inner.open]).to.deep.equal([true, false]);
    await sendKeys({ press: 'Escape' });
    expect([outer.open, inner.open]).to.deep.equal([false, false]);
  });

  it('is heard only while the element is in the page, also after it was moved', async () => {
    const element = await panel();
    const parent = element.parentElement!;
    element.remove();
    unfocus();
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(true);
    parent.append(element);
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(false);
  });
});

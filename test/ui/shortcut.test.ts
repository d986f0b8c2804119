import { expect, fixture } from '@open-wc/testing';
import { html, LitElement } from 'lit';
import { ShortcutController } from '../../src/ui/shortcut.ts';

class Listener extends LitElement {
  keys = 'F8';
  pressed = 0;
  readonly shortcut = new ShortcutController(
    this,
    () => this.keys,
    () => this.pressed++,
  );
}
customElements.define('test-shortcut', Listener);

const listener = (): Promise<Listener> => fixture<Listener>(html`<test-shortcut></test-shortcut>`);

/** Presses a key where the focus is. @returns whether the page's own action was prevented */
function press(key: string, o: KeyboardEventInit = {}, target: EventTarget = document.body): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...o });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}

describe('[R14] a shortcut', () => {
  it('acts once and prevents the browser’s own action when its key is pressed', async () => {
    const element = await listener();
    expect(press('F8')).to.equal(true);
    expect(element.pressed).to.equal(1);
    expect(press('F7')).to.equal(false);
    expect(element.pressed).to.equal(1);
  });

  it('acts when the focus is in a field that stops the event', async () => {
    const element = await listener();
    const field = await fixture<HTMLInputElement>(html`<input />`);
    field.addEventListener('keydown', (event) => event.stopImmediatePropagation());
    press('F8', {}, field);
    expect(element.pressed).to.equal(1);
  });

  it('ignores a key that is held down', async () => {
    const element = await listener();
    expect(press('F8', { repeat: true })).to.equal(false);
    expect(element.pressed).to.equal(0);
  });

  it('ignores the key of an input method', async () => {
    const element = await listener();
    expect(press('F8', { isComposing: true })).to.equal(false);
    expect(press('F8', { keyCode: 229 })).to.equal(false);
    expect(element.pressed).to.equal(0);
  });

  it('leaves a letter alone to the field that is written in', async () => {
    const element = await listener();
    element.keys = 'j';
    const box = await fixture<HTMLElement>(
      html`<div>
        <input /><textarea></textarea
        ><select></select>
        <p contenteditable><b>Text</b></p>
      </div>`,
    );
    for (const field of box.querySelectorAll('input, textarea, select, b')) press('j', {}, field);
    expect(element.pressed).to.equal(0);
    press('j', {}, box);
    expect(element.pressed).to.equal(1);
  });

  it('needs exactly its modifiers', async () => {
    const element = await listener();
    press('F8', { shiftKey: true });
    expect(element.pressed).to.equal(0);
    element.keys = 'Alt+Shift+J';
    for (const held of [{}, { altKey: true }, { altKey: true, shiftKey: true, ctrlKey: true }]) press('J', held);
    expect(element.pressed).to.equal(0);
    press('J', { altKey: true, shiftKey: true });
    expect(element.pressed).to.equal(1);
  });

  it('is off when no key is given', async () => {
    const element = await listener();
    element.keys = '';
    for (const key of ['F8', '']) press(key);
    expect(element.pressed).to.equal(0);
  });

  it('listens only while its element is in the page, also after it was moved', async () => {
    const element = await listener();
    const parent = element.parentElement!;
    element.remove();
    press('F8');
    expect(element.pressed).to.equal(0);
    parent.append(element);
    press('F8');
    expect(element.pressed).to.equal(1);
  });
});

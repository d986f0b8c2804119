import { expect, fixture } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { UnfoldForPrint } from '../../src/ui/unfold-for-print.ts';

class Paper extends LitElement {
  readonly unfold = new UnfoldForPrint(this);
  protected override render(): TemplateResult {
    return html`<details open></details>
      <details></details>`;
  }
  get open(): readonly boolean[] {
    return [...this.renderRoot.querySelectorAll('details')].map((details) => details.open);
  }
}
customElements.define('test-paper', Paper);

const print = (when: 'before' | 'after'): boolean => window.dispatchEvent(new Event(`${when}print`));

describe('unfolding for print', () => {
  it('opens what is folded while the page prints, and folds the same again', async () => {
    const paper = await fixture<Paper>(html`<test-paper></test-paper>`);
    print('before');
    expect(paper.open).to.deep.equal([true, true]);
    print('after');
    expect(paper.open).to.deep.equal([true, false]);
  });

  it('folds nothing that is opened between two prints', async () => {
    const paper = await fixture<Paper>(html`<test-paper></test-paper>`);
    print('before');
    print('after');
    paper.renderRoot.querySelectorAll('details')[1]!.open = true;
    print('before');
    print('after');
    expect(paper.open).to.deep.equal([true, true]);
  });

  it('leaves an element alone that is no longer in the page', async () => {
    const paper = await fixture<Paper>(html`<test-paper></test-paper>`);
    paper.remove();
    print('before');
    expect(paper.open).to.deep.equal([true, false]);
  });
});

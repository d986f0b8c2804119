/** [R16] Marks on each of our elements and its contents tell replay tools to ignore it. */
import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ConsultElement } from '../../src/ui/consult-element.ts';
import { privateField } from '../../src/ui/private-field.ts';
import { inRoom, FakeRoom } from '../support/room-fixture.ts';

class Marked extends ConsultElement {
  static override readonly properties = { turn: { type: Number } };
  declare turn: number;
  protected override render() {
    return html`<section class="turn-${this.turn}">private</section>
      <p>private</p>
      <div><input ${privateField()} /></div>`;
  }
}
customElements.define('test-marked', Marked);

const MARKS =
  '.rr-block.ph-no-capture.sentry-block.fs-exclude[data-dd-privacy="hidden"][data-private][data-hj-suppress]';

describe('[R16] marks for replay tools', () => {
  it('stay on the element and its shadow tree when a template sets classes again', async () => {
    const element = await inRoom<Marked>(new FakeRoom(), html`<test-marked class="site" .turn=${1}></test-marked>`);
    const marked = () =>
      [element, ...element.renderRoot.querySelectorAll('section, p')].map((one) => one.matches(MARKS));
    expect(marked()).to.deep.equal([true, true, true]);
    expect(element.matches('.site')).to.equal(true);
    element.turn = 2;
    await element.updateComplete;
    expect(element.renderRoot.querySelector('section')?.matches('.turn-2')).to.equal(true);
    expect(marked()).to.deep.equal([true, true, true]);
  });

  it('stand on a field itself, which tools read after it has left the page', async () => {
    const element = await inRoom<Marked>(new FakeRoom(), html`<test-marked .turn=${1}></test-marked>`);
    const field = element.renderRoot.querySelector('input')!;
    field.remove();
    expect(field.matches(MARKS)).to.equal(true);
  });
});

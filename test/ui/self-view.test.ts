import { expect, fixture } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { SelfViewController } from '../../src/ui/self-view.ts';
import { FakeRoom, policyOf, snapshot } from '../support/room-fixture.ts';

class View extends LitElement {
  room: FakeRoom | undefined;
  readonly selfView = new SelfViewController(this, () => this.room);
  protected override render(): TemplateResult {
    return html`${this.selfView.shown ? 'shown' : 'hidden'}`;
  }
}
customElements.define('test-self-view', View);

const roomWith = (selfView: 'shown' | 'hidden'): FakeRoom =>
  new FakeRoom(snapshot.active({ policy: { ...policyOf('beratung'), selfView } }));

async function viewOf(room: FakeRoom): Promise<View> {
  const view = await fixture<View>(html`<test-self-view .room=${room}></test-self-view>`);
  await view.updateComplete;
  return view;
}

describe('[R15] the self-view', () => {
  it('starts as the policy says', async () => {
    expect((await viewOf(roomWith('hidden'))).renderRoot.textContent).to.equal('hidden');
    expect((await viewOf(roomWith('shown'))).renderRoot.textContent).to.equal('shown');
  });

  it('changes in every element of one room, and in no other room', async () => {
    const room = roomWith('hidden');
    const [button, grid, other] = [await viewOf(room), await viewOf(room), await viewOf(roomWith('hidden'))];
    button.selfView.toggle();
    for (const view of [button, grid, other]) await view.updateComplete;
    expect([button, grid, other].map(({ renderRoot }) => renderRoot.textContent)).to.deep.equal([
      'shown',
      'shown',
      'hidden',
    ]);
  });

  it('keeps the choice when its element is replaced', async () => {
    const room = roomWith('hidden');
    const first = await viewOf(room);
    first.selfView.toggle();
    first.remove();
    expect((await viewOf(room)).renderRoot.textContent).to.equal('shown');
  });

  it('is hidden outside a session', async () => {
    const view = await viewOf(new FakeRoom(snapshot.notice()));
    view.selfView.toggle();
    await view.updateComplete;
    expect(view.renderRoot.textContent).to.equal('hidden');
  });
});

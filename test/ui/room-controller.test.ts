import { ContextProvider } from '@lit/context';
import { expect, fixture } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { roomContext } from '../../src/context.ts';
import { RoomController, sameSlice } from '../../src/ui/room-controller.ts';
import { FakeRoom, type RoomProvider, snapshot } from '../support/room-fixture.ts';

class Follower extends LitElement {
  renders = 0;
  readonly controller = new RoomController(this, (state) => ({ phase: state.phase }));
  protected override render(): TemplateResult {
    this.renders++;
    return html`${this.controller.value?.phase ?? 'no room'}`;
  }
}
customElements.define('test-follower', Follower);

const inside = async (room: FakeRoom): Promise<Follower> => {
  const provider = await fixture<RoomProvider>(
    html`<test-room-provider .room=${room}><test-follower></test-follower></test-room-provider>`,
  );
  const follower = provider.querySelector<Follower>('test-follower')!;
  await follower.updateComplete;
  return follower;
};

describe('room controller', () => {
  it('renders when its slice changes, and only then', async () => {
    const room = new FakeRoom(snapshot.notice());
    const follower = await inside(room);
    const { renders } = follower;
    room.set(snapshot.notice({ name: 'another' }));
    await follower.updateComplete;
    expect(follower.renders).to.equal(renders);
    room.set(snapshot.devices());
    await follower.updateComplete;
    expect(follower.renderRoot.textContent).to.equal('devices');
    expect(follower.renders).to.equal(renders + 1);
  });

  it('unsubscribes when its element is removed, and subscribes when it returns', async () => {
    const room = new FakeRoom(snapshot.notice());
    const follower = await inside(room);
    const provider = follower.parentElement!;
    follower.remove();
    room.set(snapshot.devices());
    expect(follower.isUpdatePending).to.equal(false);
    expect(follower.controller.room).to.equal(undefined);
    provider.append(follower);
    await follower.updateComplete;
    expect(follower.renderRoot.textContent).to.equal('devices');
  });

  it('finds a provider that is upgraded later than its element', async () => {
    const box = await fixture(html`<test-late-provider><test-follower></test-follower></test-late-provider>`);
    const follower = box.querySelector<Follower>('test-follower')!;
    expect(follower.renderRoot.textContent).to.equal('no room');
    const room = new FakeRoom(snapshot.devices());
    customElements.define(
      'test-late-provider',
      class extends LitElement {
        readonly provider = new ContextProvider(this, { context: roomContext, initialValue: room });
        protected override render(): TemplateResult {
          return html`<slot></slot>`;
        }
      },
    );
    await new Promise((resolve) => {
      queueMicrotask(() => resolve(undefined));
    });
    await follower.updateComplete;
    expect(follower.renderRoot.textContent).to.equal('devices');
  });

  it('compares slices by their entries', () => {
    const shared = {};
    expect(sameSlice({ a: 1, shared }, { a: 1, shared })).to.equal(true);
    expect(sameSlice([1, 2], [1, 2])).to.equal(true);
    expect(sameSlice({ a: 1 }, { a: 1, b: undefined })).to.equal(false);
    expect(sameSlice({ a: {} }, { a: {} })).to.equal(false);
    expect(sameSlice(null, undefined)).to.equal(false);
  });
});

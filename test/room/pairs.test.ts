/** [R9] protocol.md §10: a no is a no, whoever asks for another link. */
import { expect } from '@open-wc/testing';
import { FrameCipher } from '../../src/e2ee/frame-cipher.ts';
import { Pairs } from '../../src/room/pairs.ts';
import type { GroupMessage } from '../../src/room/wire.ts';

const nothing = (): void => undefined;
const open: (() => void)[] = [];

function pairs(ownLeaf: number, theirLeaf: number): Pairs {
  const frames = new FrameCipher();
  const events = {
    send: nothing,
    report: nothing,
    onGroupMessage: nothing,
    onData: nothing,
    onChannelOpen: nothing,
    onRelayNeeded: nothing,
    onStream: nothing,
    onProblem: nothing,
  };
  const made = new Pairs({
    frames,
    iceServers: [],
    relayAddresses: [],
    mode: 'direct-first',
    events,
    isOnline: () => true,
    tracksTo: () => ({ audio: null, camera: null, screen: null }),
  });
  open.push(() => {
    made.closeAll();
    frames.close();
  });
  made.sync(ownLeaf, [{ id: 'mia', leaf: theirLeaf }]);
  return made;
}

const offer = (link: string): GroupMessage =>
  ({ type: 'description', body: { kind: 'offer', sdp: 'v=0' }, to: 'everyone', link, seq: 0 }) as GroupMessage;
const lost = (link: string): GroupMessage =>
  ({ type: 'link-lost', body: {}, to: 'everyone', link, seq: 1 }) as GroupMessage;

describe('[R9] links after people said no', () => {
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  it('are not made for an offer of the other side, and are again once people agreed', () => {
    const ours = pairs(1, 0);
    ours.receive('mia', offer('first'));
    expect(ours.get('mia')?.linkId).to.equal('first');
    ours.rest('mia');
    ours.receive('mia', offer('second'));
    expect(ours.get('mia')?.linkId).to.equal('first');
    ours.allowRelay('mia', [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }]);
    ours.receive('mia', offer('third'));
    expect(ours.get('mia')?.linkId).to.equal('third');
  });

  it('are not offered because the other side says that it lost one', () => {
    const ours = pairs(0, 1);
    const first = ours.get('mia')?.linkId ?? '';
    ours.receive('mia', lost(first));
    const second = ours.get('mia')?.linkId ?? '';
    expect(second).to.not.equal(first);
    ours.withdrawRelay('mia');
    ours.receive('mia', lost(second));
    expect(ours.get('mia')?.linkId).to.equal(second);
  });
});

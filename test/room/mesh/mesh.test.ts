/** [R9] protocol.md §10: after a refusal there is no new link, whichever side wants one. */
import { expect } from '@open-wc/testing';
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { frameWorkerFactory } from '../../../src/e2ee/frames/frame-worker-factory.ts';
import type { ParticipantInput } from '../../../src/room/state/actions.ts';
import { emptyCounters } from '../../../src/e2ee/frames/worker-messages.ts';
import { member } from '../../e2ee/frames/frame-calls.ts';
import { until } from '../../support/until.ts';
import { Mesh } from '../../../src/room/mesh/mesh.ts';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';

const nothing = (): void => undefined;
const open: (() => void)[] = [];

const createWorker = await frameWorkerFactory();
let frames: FrameWorkerClient;
let connections: string[] = [];
let attempts = 0;

function mesh(ownLeaf: number, theirLeaf: number): Mesh {
  const cipher = new FrameWorkerClient({ createWorker });
  frames = cipher;
  connections = [];
  attempts = 0;
  const events = {
    send: nothing,
    report: (input: ParticipantInput) => {
      if (input.type === 'connection') connections.push(input.connection);
      if (input.type === 'attempt-failed') attempts += 1;
    },
    onGroupMessage: nothing,
    onData: nothing,
    onChannelOpen: nothing,
    onRelayNeeded: nothing,
    onConnection: nothing,
    onProblem: nothing,
  };
  const made = new Mesh({
    frames: cipher,
    iceServers: [],
    relayAddresses: [],
    mode: 'direct-first',
    events,
    isOnline: () => true,
    tracksTo: () => ({ audio: null, camera: null, screen: null }),
  });
  open.push(() => {
    made.closeAll();
    cipher.close();
  });
  made.sync(ownLeaf, [{ id: 'mia', leaf: theirLeaf }]);
  return made;
}

const offer = (link: string): GroupMessage =>
  ({ type: 'description', body: { kind: 'offer', sdp: 'v=0' }, to: 'everyone', link, seq: 0 }) as GroupMessage;
const lost = (link: string): GroupMessage =>
  ({ type: 'link-lost', body: {}, to: 'everyone', link, seq: 1 }) as GroupMessage;

describe('[R9] the mesh after a refusal', () => {
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  it('counts an attempt that the other side gives up', () => {
    const ours = mesh(0, 1);
    ours.receive('mia', lost(ours.get('mia')?.linkId ?? ''));
    expect(attempts).to.equal(1);
  });

  it('[R9] ignores an offer of the other side, and accepts one again after consent', () => {
    const ours = mesh(1, 0);
    ours.receive('mia', offer('first'));
    expect(ours.get('mia')?.linkId).to.equal('first');
    ours.stopRetrying('mia');
    ours.receive('mia', offer('second'));
    expect(ours.get('mia')?.linkId).to.equal('first');
    ours.allowRelay('mia', [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }]);
    ours.receive('mia', offer('third'));
    expect(ours.get('mia')?.linkId).to.equal('third');
  });

  it('[R9] offers no new link when the other side reports its link as lost', () => {
    const ours = mesh(0, 1);
    const first = ours.get('mia')?.linkId ?? '';
    ours.receive('mia', lost(first));
    const second = ours.get('mia')?.linkId ?? '';
    expect(second).to.not.equal(first);
    ours.withdrawRelay('mia');
    ours.receive('mia', lost(second));
    expect(ours.get('mia')?.linkId).to.equal(second);
  });

  for (const [role, ownLeaf, theirLeaf] of [
    ['offering', 0, 1],
    ['answering', 1, 0],
  ] as const)
    it(`[R9] replaces no link when the frame worker dies on the ${role} side`, () => {
      const ours = mesh(ownLeaf, theirLeaf);
      if (role === 'answering') ours.receive('mia', offer('first'));
      const first = ours.get('mia')?.linkId ?? '';
      expect(first).to.not.equal('');
      ours.stopRetrying('mia');
      frames.dispatchEvent(new Event('lost'));
      expect(ours.get('mia')?.linkId).to.equal(first);
      expect(connections).to.deep.equal(['connecting']);
    });

  it('replaces the link when the frame worker dies and nobody refused', () => {
    const ours = mesh(0, 1);
    const first = ours.get('mia')?.linkId ?? '';
    frames.dispatchEvent(new Event('lost'));
    expect(ours.get('mia')?.linkId).to.not.equal(first);
    expect(connections).to.deep.equal(['connecting', 'connecting']);
  });
});

describe('a mesh whose frame worker ends', () => {
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  // A rejection that nobody handles fails the test in either browser.
  it('reports nothing and leaves no rejection behind', async () => {
    const ours = mesh(0, 1);
    const link = ours.get('mia');
    const waiting = Promise.all([ours.reports(), link?.audit()]);
    frames.close();
    const [reports] = await waiting;
    expect(reports).to.deep.equal([]);
    expect(await ours.reports()).to.deep.equal([]);
    expect(connections).to.not.include('failed');
  });
});

describe('invariant 3: a link whose engine sends what the worker did not encrypt', () => {
  it('is closed, and the report of the connection is enough to see it', async () => {
    const workers = await Promise.all([member(0), member(1)]);
    const [ours, theirs] = workers;
    const { stream, stop } = tone();
    const reports: ParticipantInput[] = [];
    const meshes: Mesh[] = workers.map(
      (cipher, leaf) =>
        new Mesh({
          frames: cipher,
          iceServers: [],
          relayAddresses: [],
          mode: 'direct-first',
          isOnline: () => true,
          tracksTo: () => ({ audio: stream.getAudioTracks()[0] ?? null, camera: null, screen: null }),
          events: {
            send: ({ linkId }, content) =>
              meshes[1 - leaf]?.receive(String(leaf), {
                ...content,
                to: 1 - leaf,
                link: linkId,
                seq: 0,
              } as GroupMessage),
            report: (input) => void (leaf === 0 && reports.push(input)),
            onGroupMessage: nothing,
            onData: nothing,
            onChannelOpen: nothing,
            onRelayNeeded: nothing,
            onConnection: nothing,
            onProblem: nothing,
          },
        }),
    );
    const encryptions = (): readonly string[] =>
      reports.flatMap((input) => (input.type === 'encrypted' ? [input.encryption] : []));
    try {
      meshes[1]?.sync(1, [{ id: '0', leaf: 0 }]);
      meshes[0]?.sync(0, [{ id: '1', leaf: 1 }]);
      const link = meshes[0]?.get('1');
      await until(
        async () => (await link?.report())?.frames.encrypted ?? 0,
        (encrypted) => encrypted > 100,
        'sound is sent',
      );
      await link?.audit();
      await link?.audit();
      expect(encryptions()).to.not.include('broken');
      ours.counters = () => Promise.resolve(emptyCounters());
      await until(
        async () => {
          await link?.audit();
          return encryptions();
        },
        (all) => all.includes('broken'),
        'the link is broken',
      );
    } finally {
      stop();
      for (const made of meshes) made.closeAll();
      for (const worker of [ours, theirs]) worker.close();
    }
  }).timeout(90_000);
});

describe('what is said on a link that dies', () => {
  it('arrives over the next one, once and in order', async () => {
    const workers = await Promise.all([member(0), member(1)]);
    const read: string[] = [];
    const confirmed: number[] = [];
    const meshes: Mesh[] = workers.map(
      (cipher, leaf) =>
        new Mesh({
          frames: cipher,
          iceServers: [],
          relayAddresses: [],
          mode: 'direct-first',
          isOnline: () => true,
          tracksTo: () => ({ audio: null, camera: null, screen: null }),
          events: {
            send: ({ linkId }, content) =>
              meshes[1 - leaf]?.receive(String(leaf), {
                ...content,
                to: 1 - leaf,
                link: linkId,
                seq: 0,
              } as GroupMessage),
            report: (input) => {
              if (input.type === 'chat-delivery' && input.delivery === 'confirmed') confirmed.push(input.line);
            },
            onGroupMessage: nothing,
            onData: (id, message) => read.push(`${id}: ${message.type === 'chat' ? message.text : message.type}`),
            onChannelOpen: nothing,
            onRelayNeeded: nothing,
            onConnection: nothing,
            onProblem: nothing,
          },
        }),
    );
    const [ours, theirs] = meshes;
    const say = (text: string, line: number): void => ours?.sendDataTo('1', { type: 'chat', text }, line);
    try {
      theirs?.sync(1, [{ id: '0', leaf: 0 }]);
      ours?.sync(0, [{ id: '1', leaf: 1 }]);
      say('before', 1);
      await until(
        () => confirmed.length,
        (count) => count === 1,
        'the first line is confirmed',
      );
      const link = ours?.get('1')?.linkId ?? '';
      const { send } = RTCDataChannel.prototype;
      const cut: unknown[] = [];
      RTCDataChannel.prototype.send = function cutting(this: RTCDataChannel, data: never) {
        // Gone at their end, and nothing here knows of it yet.
        if (cut.length === 0) theirs?.get('0')?.close();
        cut.push(ours?.get('1')?.linkId);
        send.call(this, data);
      };
      try {
        say('lost', 2);
        await until(
          () => cut.length,
          (count) => count > 0,
          'the line leaves over the link that is gone',
        );
      } finally {
        RTCDataChannel.prototype.send = send;
      }
      expect(cut[0]).to.equal(link);
      say('after', 3);
      // Ignored where the end of the channel was seen first.
      ours?.receive('1', lost(link));
      await until(
        () => confirmed.length,
        (count) => count === 3,
        'every line is confirmed',
      );
      expect(ours?.get('1')?.linkId).to.not.equal(link);
      expect(read).to.deep.equal(['0: before', '0: lost', '0: after']);
      expect(confirmed).to.deep.equal([1, 2, 3]);
    } finally {
      for (const made of meshes) made.closeAll();
      for (const worker of workers) worker.close();
    }
  }).timeout(90_000);
});

function tone(): { readonly stream: MediaStream; stop(): void } {
  const context = new AudioContext();
  const [from, to] = [context.createOscillator(), context.createMediaStreamDestination()];
  from.connect(to);
  from.start();
  return { stream: to.stream, stop: () => void context.close() };
}

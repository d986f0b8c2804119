/** The rooms of `consult-room/testing` behind the elements, and beside the real room. */
import { expect, fixture } from '@open-wc/testing';
import { html, type LitElement } from 'lit';
import { ConsultRoom } from '../../src/elements/consult-room/consult-room.ts';
import { SafetyCode } from '../../src/elements/safety-code/safety-code.ts';
import { define } from '../../src/define.ts';
import { createInvite } from '../../src/invite.ts';
import { ConsultError, Room, type Phase, type RoomInterface } from '../../src/room/room.ts';
import {
  CONFIGURATION,
  FakeRoom,
  participant,
  provideRoom,
  replaceRooms,
  type RoomCall,
  ScriptedRoom,
  snapshot,
  stopDrawnCameras,
  ENCRYPTION,
} from '../../src/testing/testing.ts';
import { byPart, everything, settled, textOf } from '../support/element-suite.ts';
import { waitUntil } from '../support/wait-until.ts';

const NONE = { camera: { kind: 'none' }, microphone: { kind: 'none' } } as const;
const CONSENT = { notice: { version: '1', hash: 'h', lang: 'de' }, at: 1 };

/** One call of every method that asks for something. */
const CALLS: { readonly [M in RoomCall[0]]: Extract<RoomCall, readonly [M, ...unknown[]]> } = {
  start: ['start'],
  acceptNotice: ['acceptNotice', CONSENT],
  declineNotice: ['declineNotice'],
  rename: ['rename', 'Stern'],
  openDevices: ['openDevices', NONE],
  useDevices: ['useDevices', NONE],
  acceptRules: ['acceptRules', 'de'],
  declareOccupants: ['declareOccupants', []],
  join: ['join'],
  takeOver: ['takeOver'],
  handOver: ['handOver', 'x'],
  nameStandIn: ['nameStandIn', 'x'],
  withdrawHandOver: ['withdrawHandOver'],
  answerHandOver: ['answerHandOver', true],
  admit: ['admit', 'x', 'y'],
  admitAll: ['admitAll', [{ id: 'x', hash: 'y' }]],
  refuse: ['refuse', 'x', 'y'],
  renewCode: ['renewCode'],
  remove: ['remove', 'x'],
  mute: ['mute', 'x'],
  muteEveryone: ['muteEveryone'],
  askToUnmute: ['askToUnmute', 'x'],
  lock: ['lock', true],
  setRole: ['setRole', 'x', null],
  endForEveryone: ['endForEveryone'],
  raiseHand: ['raiseHand', true],
  askForBreak: ['askForBreak', true],
  pin: ['pin', null],
  setLayout: ['setLayout', 'grid'],
  acknowledgeOccupants: ['acknowledgeOccupants', 'x'],
  answerRelay: ['answerRelay', true],
  withdrawRelay: ['withdrawRelay'],
  withdraw: ['withdraw', 'notice'],
  goDirect: ['goDirect'],
  pause: ['pause', 'privacy'],
  resume: ['resume'],
  setMicrophone: ['setMicrophone', false],
  setCamera: ['setCamera', false],
  setBlur: ['setBlur', 'off'],
  switchDevice: ['switchDevice', {}],
  setScreen: ['setScreen', false],
  sendChat: ['sendChat', 'Hallo'],
  resendChat: ['resendChat', 1],
  setCompared: ['setCompared', false],
  addProblem: ['addProblem', 'another-invite'],
  dismissProblem: ['dismissProblem', 1],
  discard: ['discard'],
  leave: ['leave'],
  quit: ['quit'],
};

/** The code with which a call is refused; `taken` where it is not. */
async function answerTo(room: RoomInterface, [method, ...args]: RoomCall): Promise<string> {
  try {
    await (room[method] as (...all: readonly unknown[]) => unknown).apply(room, args);
    return 'taken';
  } catch (error: unknown) {
    return error instanceof ConsultError ? error.code : String(error);
  }
}

/** Steps to each phase that a room reaches alone. */
const STEPS: readonly (readonly [Phase, (room: RoomInterface) => unknown])[] = [
  ['idle', () => undefined],
  ['notice', (room) => room.start()],
  ['devices', (room) => room.acceptNotice(CONSENT)],
  ['occupants', (room) => room.useDevices(NONE)],
  [
    'waiting',
    async (room) => {
      room.acceptRules('de');
      room.declareOccupants([]);
      room.join();
      await waitUntil(() => room.state.phase === 'waiting');
    },
  ],
  ['ended', (room) => room.leave()],
];

async function at(room: RoomInterface, phase: Phase): Promise<RoomInterface> {
  for (const [name, step] of STEPS) {
    await step(room);
    if (name === phase) break;
  }
  await waitUntil(() => room.state.phase === phase);
  return room;
}

describe('a scripted room', () => {
  let undo: () => void = () => undefined;
  afterEach(() => {
    undo();
    stopDrawnCameras();
  });

  for (const [phase] of STEPS)
    it(`refuses in ${phase} what the real room refuses, with the same code, and nothing else`, async () => {
      const { guestLink } = await createInvite({ base: location.href });
      const invite = new URL(guestLink).hash;
      const begin = async () => ({
        real: await at(new Room({ invite, config: CONFIGURATION, signaling: 'broadcast:' }), phase),
        scripted: await at(new ScriptedRoom(), phase),
      });
      let rooms = await begin();
      for (const call of Object.values(CALLS)) {
        const { real, scripted } = rooms;
        const answer = await answerTo(real, call);
        expect(await answerTo(scripted, call), call[0]).to.equal(answer);
        if (answer !== 'taken') {
          // What is refused changes nothing: the next call finds the same room.
          expect(real.state.phase, call[0]).to.equal(phase);
          continue;
        }
        real.leave();
        rooms = await begin();
      }
      rooms.real.leave();
    }).timeout(30_000);

  it('leads through <consult-room> with its buttons to a picture, and to the end', async () => {
    define(ConsultRoom);
    const room = new ScriptedRoom({ script: { waiting: ({ others }) => others.enter({ name: 'Birke' }) } });
    undo = replaceRooms(() => room);
    const element = await fixture<LitElement>(html`<consult-room lang="de"></consult-room>`);
    const press = async (part: string): Promise<void> => {
      const there = (): boolean => [...everything(element.renderRoot)].some((one) => one.part.contains(part));
      await waitUntil(there, `no ${part}`);
      byPart(element, part).click();
      await settled(element);
    };
    for (const part of ['accept-button', 'continue-button']) await press(part);
    await waitUntil(() => room.state.phase === 'occupants');
    room.acceptRules('de');
    room.declareOccupants([]);
    room.join();
    await press('acknowledge-button');
    await waitUntil(() => room.state.phase === 'active');
    expect(textOf(element)).to.contain('Birke');
    const shows = (one: Element): boolean => one instanceof HTMLVideoElement && one.videoWidth > 0;
    await waitUntil(() => [...everything(element.renderRoot)].some(shows), 'no picture');
    room.end('host-ended');
    await settled(element);
    expect(element.getAttribute('phase')).to.equal('ended');
  }).timeout(30_000);

  it('shows a drawn picture while the camera is on, and none after it was stopped', () => {
    const room = new ScriptedRoom({ role: 'host' });
    room.set(snapshot.active());
    const video = document.createElement('video');
    room.attach(video, 'self', 'camera');
    const track = (video.srcObject as MediaStream).getVideoTracks()[0]!;
    expect(track.readyState).to.equal('live');
    stopDrawnCameras();
    expect(track.readyState).to.equal('ended');
    room.setCamera(false);
    expect(video.srcObject).to.equal(null);
  });

  it('stands behind single elements, and is replaced by another', async () => {
    define(SafetyCode);
    const box = await fixture<HTMLElement>(html`<div lang="de"><safety-code></safety-code></div>`);
    const element = box.querySelector<LitElement>('safety-code')!;
    const participants = [participant()];
    const change = provideRoom(box, new FakeRoom(snapshot.active({ participants, encryption: ENCRYPTION })));
    await waitUntil(() => textOf(element).includes('12345'));
    const safetyCode = ['99999', ...ENCRYPTION.safetyCode.slice(1)];
    change(new FakeRoom(snapshot.active({ participants, encryption: { ...ENCRYPTION, safetyCode } })));
    await waitUntil(() => textOf(element).includes('99999'));
  });

  it('gives the real room back when the replacement is undone', () => {
    define(ConsultRoom);
    const prototype = ConsultRoom.prototype as unknown as Record<'createRoom', unknown>;
    const before = prototype.createRoom;
    replaceRooms(() => new FakeRoom())();
    expect(prototype.createRoom).to.equal(before);
  });
});

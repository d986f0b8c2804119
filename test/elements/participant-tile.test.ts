import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ParticipantTile } from '../../src/elements/participant-tile/participant-tile.ts';
import type { Participant, SessionFields } from '../../src/room/state/state.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, drawnCamera, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const QUIET = { microphone: false, camera: false, screen: false, paused: 'no' } as const;
const TALKING = { microphone: true, camera: true, screen: false, paused: 'no' } as const;

function roomWith(changes: Partial<Participant> = {}, session: Partial<SessionFields> = {}): FakeRoom {
  const room = new FakeRoom(snapshot.active({ participants: [participant(changes)], ...session }));
  for (const of of ['p1 camera', 'p1 screen', 'self camera', 'self screen']) room.streams.set(of, drawnCamera());
  return room;
}
const tile = (id = 'p1', kind: 'camera' | 'screen' = 'camera') =>
  html`<participant-tile class="test" participant-id=${id} kind=${kind}></participant-tile>`;
const other = (name: string, changes: Partial<Participant>): ElementCase => ({
  name,
  room: () => roomWith(changes),
  template: tile(),
  prepare: sized,
});
/** A tile fills what it stands in; here that is this. */
function sized(element: HTMLElement): void {
  element.style.blockSize = '240px';
}
const cases: readonly ElementCase[] = [
  other('with a picture', {}),
  other('speaking', { speaking: true }),
  other('silent, without a picture', { media: QUIET }),
  other('relayed and weak', { path: 'relay', quality: 'weak' }),
  other('interrupted', { connection: 'interrupted' }),
  other('failed', { connection: 'failed' }),
  other('not acknowledged', { acknowledged: { byUs: true, byThem: false } }),
  other('encryption broken', { encryption: 'broken' }),
  other('in a pause', { media: { ...TALKING, paused: 'privacy' } }),
  { name: 'a screen', room: () => roomWith(), template: tile('p1', 'screen'), prepare: sized },
  { name: 'oneself', room: () => roomWith(), template: tile('self'), prepare: sized },
];
const render = (room: FakeRoom, template = tile()) => show(ParticipantTile, { name: '', room: () => room, template });

describe('<participant-tile>', () => {
  elementSuite(ParticipantTile, cases);

  it('plays a participant’s stream with sound', async () => {
    const room = roomWith();
    const video = byPart<HTMLVideoElement>(await render(room), 'video');
    await waitUntil(() => video.videoWidth > 0 && !video.paused);
    expect(video.srcObject).to.equal(room.streams.get('p1 camera'));
    expect(video.muted).to.equal(false);
  });

  it('mirrors and mutes the self-view', async () => {
    const video = byPart<HTMLVideoElement>(await render(roomWith(), tile('self')), 'video');
    expect(video.muted).to.equal(true);
    expect(getComputedStyle(video).transform).to.equal('matrix(-1, 0, 0, 1, 0, 0)');
  });

  it('marks the name of the counsellor, in the picture and while their declaration is read', async () => {
    for (const acknowledged of [
      { byUs: true, byThem: true },
      { byUs: false, byThem: true },
    ]) {
      const marked = textOf(await render(roomWith({ name: 'Sommer', host: true, acknowledged })));
      expect(marked).to.match(/Sommer.*Beratung/su);
      expect(textOf(await render(roomWith({ name: 'Sommer', host: false, acknowledged })))).to.not.include('Beratung');
    }
  });

  it('shows the whole name in a small tile, and the mark of the counsellor as a sign that is named', async () => {
    const element = await render(roomWith({ name: 'Frau Berger', host: true }));
    const mark = byPart(element, 'host-mark');
    const [name, words, sign] = [
      element.renderRoot.querySelector('.plate bdi')!,
      mark.querySelector('span')!,
      mark.querySelector('svg')!,
    ];
    const isCut = (): boolean => name.scrollWidth > name.clientWidth;
    const widthOf = (part: Element): number => part.getBoundingClientRect().width;
    element.style.cssText = 'block-size: 200px; inline-size: 320px';
    await waitUntil(() => widthOf(words) > 20, 'the mark in words');
    expect([isCut(), widthOf(sign)]).to.deep.equal([false, 0]);
    for (const width of [180, 150]) {
      element.style.inlineSize = `${String(width)}px`;
      await waitUntil(() => widthOf(sign) > 8, `the sign at ${String(width)} pixels`);
      expect([isCut(), widthOf(words) <= 1, mark.title, words.textContent]).to.deep.equal([
        false,
        true,
        'Beratung',
        'Beratung',
      ]);
    }
  });

  it('[R16] overlays viewer and time faintly on another’s video and screen, hidden from screen readers', async () => {
    for (const kind of ['camera', 'screen'] as const) {
      const mark = byPart(await render(roomWith({}, { name: 'Mond am See' }), tile('p1', kind)), 'watermark');
      const time = new Intl.DateTimeFormat('de', { timeStyle: 'short' });
      const now = Date.now();
      const times = [now, now - 60_000].map((at) => time.format(at));
      expect(times.map((at) => `Mond am See · ${at}`)).to.include(mark.textContent.trim().replace(/\s*·\s*/u, ' · '));
      expect(mark.ariaHidden).to.equal('true');
      expect(getComputedStyle(mark).pointerEvents).to.equal('none');
    }
  });

  it('formats the time as the language does, at night too', async () => {
    const { now } = Date;
    // Eight minutes past midnight, here.
    Date.now = () => new Date(2026, 10, 29, 0, 8).getTime();
    try {
      for (const [lang, time] of [
        ['de', /· 00:08$/u],
        ['en', /· 12:08\sAM$/u],
      ] as const) {
        const element = await show(ParticipantTile, { name: '', room: () => roomWith(), template: tile() }, { lang });
        expect(byPart(element, 'watermark').textContent.trim()).to.match(time);
      }
    } finally {
      Date.now = now;
    }
  });

  it('[R16] has no watermark on the self-view or without video', async () => {
    for (const [room, template] of [
      [roomWith(), tile('self')],
      [roomWith({ media: QUIET }), tile()],
    ] as const) {
      const element = await render(room, template);
      expect(() => byPart(element, 'watermark')).to.throw();
    }
  });

  it('[R16] offers no picture-in-picture, no download and no remote playback', async () => {
    const video = byPart<HTMLVideoElement>(await render(roomWith()), 'video');
    expect(video.controls).to.equal(false);
    expect(video.hasAttribute('disablepictureinpicture')).to.equal(true);
    expect(video.hasAttribute('disableremoteplayback')).to.equal(true);
    expect(video.getAttribute('controlslist')).to.include('nodownload');
  });

  it('[R13] asks for the acknowledgement in the tile of the person it concerns', async () => {
    const room = roomWith({ acknowledged: { byUs: false, byThem: true }, occupants: { people: ['Tom'], hash: 'x' } });
    const element = await render(room);
    expect(textOf(element)).to.include('Bei Frau Sommer sind außerdem im Raum: Tom.');
    expect(getComputedStyle(byPart(element, 'video')).visibility).to.equal('hidden');
    byPart(element, 'acknowledge-button').click();
    expect(room.calls).to.deep.equal([['acknowledgeOccupants', 'p1', 'x']]);
  });

  it('shows who speaks by a sign as well as by a ring', async () => {
    const element = await render(roomWith({ speaking: true }));
    expect(element.renderRoot.querySelector('.voice')).to.not.equal(null);
    expect(getComputedStyle(element.renderRoot.querySelector('.tile')!, '::after').borderTopColor).to.equal(
      'rgb(244, 194, 107)',
    );
  });

  it('shows a raised hand, an interpreter and, to the host, a break, in words for screen readers', async () => {
    const element = await render(roomWith({ hand: true, break: true, role: 'interpreter' }));
    expect(textOf(element)).to.match(/dolmetscht +hebt die Hand +braucht eine Pause/u);
  });

  it('shows to everyone who is the stand-in, that person too', async () => {
    const element = await render(roomWith({ standIn: true }));
    expect(textOf(element)).to.include('Vertretung');
    const own = await render(new FakeRoom(snapshot.active({ authority: 'stand-in' })), tile('self'));
    expect(textOf(own)).to.include('Vertretung');
    expect(textOf(await render(new FakeRoom(snapshot.active({})), tile('self')))).to.not.include('Vertretung');
  });

  it('pins a person of a group, and lets go again', async () => {
    const both = [participant(), participant({ id: 'p2', name: 'Tom', host: false })];
    const room = new FakeRoom(snapshot.active({ participants: both }));
    const element = await render(room);
    const pin = byPart(element, 'pin-button');
    expect([pin.ariaPressed, pin.ariaLabel]).to.deep.equal(['false', 'Frau Sommer groß zeigen']);
    pin.click();
    room.set(snapshot.active({ participants: both, layout: { kind: 'pinned', id: 'p1' } }));
    await settled(element);
    expect(pin.ariaPressed).to.equal('true');
    pin.click();
    expect(room.calls).to.deep.equal([
      ['pin', 'p1'],
      ['pin', null],
    ]);
    room.set(snapshot.active({ participants: [participant()] }));
    await settled(element);
    expect(element.renderRoot.querySelector('.pin')).to.equal(null);
  });

  it('ends a long name before the pin', async () => {
    const long = participant({ name: 'W'.repeat(64), host: false });
    const room = new FakeRoom(snapshot.active({ participants: [long, participant({ id: 'p2', name: 'Tom' })] }));
    const element = await show(ParticipantTile, { name: '', room: () => room, template: tile(), prepare: sized });
    const pin = byPart(element, 'pin-button').getBoundingClientRect();
    const plate = element.renderRoot.querySelector('.plate')!.getBoundingClientRect();
    expect(plate.width).to.be.above(100);
    expect(plate.right).to.be.at.most(pin.left);
  });

  it('plays the audio of a participant whose camera is off', async () => {
    const element = await render(roomWith({ media: { ...QUIET, microphone: true } }));
    const video = byPart<HTMLVideoElement>(element, 'video');
    expect(video.srcObject).to.not.equal(null);
    expect(getComputedStyle(video).visibility).to.equal('hidden');
    expect(textOf(element)).to.include('Kamera aus');
  });

  it('says in words why there is no video', async () => {
    const said: readonly (readonly [Partial<Participant>, string])[] = [
      [{ encryption: 'broken' }, 'Verschlüsselung gestört'],
      [{ connection: 'failed', retrying: true }, 'Keine Verbindung'],
      [{ media: { ...TALKING, paused: 'privacy' } }, 'macht eine Pause'],
      [{ acknowledged: { byUs: true, byThem: false } }, 'wenn beide Seiten bestätigt haben'],
      [{ connection: 'connecting' }, 'Verbindung wird aufgebaut'],
      [{ encryption: 'pending' }, 'Verschlüsselung wird aufgebaut'],
    ];
    for (const [changes, words] of said) expect(textOf(await render(roomWith(changes)))).to.include(words);
  });

  for (const [relay, words] of [
    [{ step: 'declined' }, 'weitergeleitet wird nicht'],
    [{ step: 'withdrawn' }, 'Die Weiterleitung wurde beendet'],
    [{ step: 'asked', ours: 'open', theirs: 'open' }, 'Die Frage nach der Weiterleitung ist offen'],
    [{ step: 'asked', ours: 'yes', theirs: 'open' }, 'Die Antwort zur Weiterleitung fehlt noch'],
  ] as const)
    it(`[R9] says why this pair has no video: ${words}`, async () => {
      expect(textOf(await render(roomWith({ relay, connection: 'failed', path: 'none' })))).to.include(words);
      // With a path there is a picture, whatever was asked before.
      expect(textOf(await render(roomWith({ relay })))).to.not.include(words);
    });

  it('[R8] shows a relayed path as such', async () => {
    expect(textOf(await render(roomWith({ path: 'relay' })))).to.include('Weiterleitung');
    expect(textOf(await render(roomWith({ path: 'direct' })))).to.include('Direkt');
  });

  it('offers a button when the browser requires a gesture to play sound', async () => {
    const native = HTMLMediaElement.prototype.play;
    // The one answer of a browser that a test page cannot bring about: it has the permission to play.
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    const element = await render(roomWith());
    await waitUntil(() => element.renderRoot.querySelector('.sound'));
    HTMLMediaElement.prototype.play = native;
    const video = byPart<HTMLVideoElement>(element, 'video');
    video.pause();
    element.renderRoot.querySelector<HTMLButtonElement>('.sound')!.click();
    await settled(element);
    await waitUntil(() => !video.paused);
    expect(element.renderRoot.querySelector('.sound')).to.equal(null);
  });

  it('follows another participant when its id changes', async () => {
    const second = participant({ id: 'p2', name: 'Stern' });
    const room = roomWith({}, { participants: [participant(), second] });
    const element = (await render(room)) as ParticipantTile;
    element.participantId = 'p2';
    await settled(element);
    expect(textOf(element)).to.include('Stern');
  });

  it('renders only when its own participant changes', async () => {
    const first = participant();
    const second = participant({ id: 'p2' });
    const room = roomWith({}, { participants: [first, second] });
    const element = await render(room);
    room.set(snapshot.active({ participants: [first, { ...second, speaking: true }] }));
    expect(element.isUpdatePending).to.equal(false);
    room.set(snapshot.active({ participants: [{ ...first, speaking: true }, second] }));
    expect(element.isUpdatePending).to.equal(true);
  });
});

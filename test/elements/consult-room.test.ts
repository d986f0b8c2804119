import { expect, fixture, oneEvent } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { html } from 'lit';
import { ConsultRoom } from '../../src/elements/consult-room/consult-room.ts';
import type { QuickExit } from '../../src/elements/quick-exit/quick-exit.ts';
import { createInvite } from '../../src/invite.ts';
import type { ReloadRecord } from '../../src/room/setup/reload-record.ts';
import { saveRecord } from '../../src/room/setup/save-record.ts';
import type { RoomInterface, RoomOptions } from '../../src/room/room.ts';
import type { RoomState } from '../../src/room/state/state.ts';
import { record } from '../room/record.ts';
import { byPart, elementSuite, everything, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, FakeRoom, participant, drawnCamera, receipt, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

let next = new FakeRoom();
let options: RoomOptions[] = [];

/** Of a session of this tab, which a reload resumes. */
async function ownRecord(): Promise<ReloadRecord> {
  const { guestLink } = await createInvite({ base: location.href });
  return record(new URL(guestLink).hash);
}

let kind: 'fake' | 'real' = 'fake';

class TestRoom extends ConsultRoom {
  protected override createRoom(given: RoomOptions): RoomInterface {
    options.push(given);
    this.dispatchEvent(new Event('created'));
    return kind === 'fake' ? next : super.createRoom(given);
  }
}

function roomIn(state: RoomState): FakeRoom {
  next = new FakeRoom(state);
  next.streams.set('self camera', drawnCamera());
  next.streams.set('p1 camera', drawnCamera());
  return next;
}
const encryption = {
  suite: 's',
  epoch: '1',
  safetyCode: ['12345', '67890', '13579', '24680', '11223', '44556'],
  compared: false,
};
const unconfirmed = participant({ acknowledged: { byUs: false, byThem: false } });
const knocks = [
  {
    id: 'k',
    name: 'Mond',
    returning: false,
    hash: 'h',
    /** Always just now: what is shown in whole minutes stays the same, however long the tests take. */
    get since(): number {
      return Date.now();
    },
  },
];
const problems = [{ id: 1, code: 'signaling-unreachable' as const }];
const states: Readonly<Record<string, () => RoomState>> = {
  idle: () => ({ phase: 'idle' }),
  notice: () => snapshot.notice(),
  devices: () => snapshot.devices(),
  occupants: () => snapshot.occupants(),
  waiting: () => snapshot.waiting(),
  'waiting as host': () => snapshot.waiting({ role: 'host', knocks }),
  connecting: () => snapshot.connecting({ participants: [unconfirmed], encryption }),
  active: () => snapshot.active({ participants: [participant()], encryption }),
  'active with all that can happen': () =>
    snapshot.active({
      role: 'host',
      participants: [participant(), { ...unconfirmed, id: 'p2', name: 'Stern' }],
      knocks,
      problems,
      encryption,
    }),
  'connecting, a relay asked': () =>
    snapshot.connecting({
      participants: [participant({ connection: 'connecting', relay: { step: 'asked', ours: 'yes', theirs: 'open' } })],
      encryption,
    }),
  'without a connection': () =>
    snapshot.connecting({ participants: [participant({ connection: 'failed', relay: { step: 'declined' } })] }),
  'a direct way found beside the relay': () =>
    snapshot.active({
      participants: [participant({ path: 'relay', relay: { step: 'granted', direct: 'found' } })],
      encryption,
    }),
  'a direct way used beside the relay': () =>
    snapshot.active({ participants: [participant({ relay: { step: 'granted', direct: 'used' } })], encryption }),
  relayed: () => snapshot.connecting({ participants: [participant({ relay: { step: 'granted' } })], encryption }),
  'asked to lead': () =>
    snapshot.active({
      participants: [participant()],
      encryption,
      handOver: { step: 'asked', id: 'question', as: 'now' },
    }),
  weak: () => snapshot.active({ participants: [participant({ quality: 'weak' })], encryption }),
  'paused for privacy': () => snapshot.paused('privacy', { participants: [participant()] }),
  'paused because somebody came in': () => snapshot.paused('someone-came-in', { participants: [participant()] }),
  ended: () => snapshot.ended('left'),
  'ended by declining': () => snapshot.ended('declined-notice'),
  failed: () => snapshot.failed('invite-expired'),
  'gone on elsewhere': () => snapshot.failed('host-elsewhere'),
};
const cases: readonly ElementCase[] = Object.entries(states).map(([name, state]) => ({
  name,
  room: () => roomIn(state()),
}));

async function render(state: RoomState, template = html`<consult-room></consult-room>`): Promise<TestRoom> {
  roomIn(state);
  options = [];
  const box = await fixture<HTMLElement>(html`<div lang="de">${template}</div>`);
  const element = box.querySelector<TestRoom>('consult-room')!;
  await settled(element);
  return element;
}
const within = (element: TestRoom, selector: string): Element | null => element.renderRoot.querySelector(selector);
/** What has the focus, in whichever shadow tree. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
async function to(element: TestRoom, state: RoomState): Promise<void> {
  next.set(state);
  await settled(element);
}

describe('<consult-room>', () => {
  elementSuite(TestRoom, cases);

  it('asks whether the person wants to lead, and passes the answer on', async () => {
    for (const [as, part, accept] of [
      ['now', 'lead-button', true],
      ['stand-in', 'not-lead-button', false],
    ] as const) {
      const element = await render(
        snapshot.active({ participants: [participant()], handOver: { step: 'asked', id: 'question', as } }),
      );
      const made = next;
      within(element, `[part="${part}"]`)?.dispatchEvent(new MouseEvent('click'));
      expect(made.calls).to.deep.include(['answerHandOver', accept, 'question']);
      made.set(snapshot.active({ participants: [participant()] }));
      await settled(element);
      expect(within(element, `[part="${part}"]`)).to.equal(null);
    }
  });

  it('reflects its phase and starts the room once', async () => {
    const element = await render({ phase: 'idle' });
    expect(element.getAttribute('phase')).to.equal('idle');
    await to(element, snapshot.notice());
    expect(element.getAttribute('phase')).to.equal('notice');
    expect(element.phase).to.equal('notice');
    expect(element.room).to.equal(next);
    expect(next.calls).to.deep.equal([['start']]);
  });

  it('passes its attributes and properties to the room', async () => {
    const config = { any: 'thing' };
    await render(
      { phase: 'idle' },
      html`<consult-room
        signaling="wss://signal.example/signal"
        invite="token"
        display-name="Mond"
        config-url="/public.json"
        policy="gruppe"
        worker-url="/worker.js"
        .config=${config}
      ></consult-room>`,
    );
    expect(options).to.deep.equal([
      {
        lang: 'de',
        signaling: 'wss://signal.example/signal',
        invite: 'token',
        name: 'Mond',
        config,
        configUrl: '/public.json',
        policy: 'gruppe',
        workerUrl: '/worker.js',
      },
    ]);
  });

  it('passes an unknown policy unchanged, so that the room refuses it', async () => {
    await render({ phase: 'idle' }, html`<consult-room policy=""></consult-room>`);
    expect(options.map(({ policy }) => policy)).to.deep.equal([undefined]);
    await render({ phase: 'idle' }, html`<consult-room policy="gewaltschuz"></consult-room>`);
    expect(options.map(({ policy }) => policy)).to.deep.equal(['gewaltschuz']);
  });

  it('[R1] passes the displayed language to the room, not one without texts', async () => {
    await render({ phase: 'idle' }, html`<consult-room lang="xh"></consult-room>`);
    expect(options.map(({ lang }) => lang)).to.deep.equal(['de']);
  });

  it('restarts when an option is set late, before the notice is answered', async () => {
    const element = await render({ phase: 'idle' });
    element.config = { late: true };
    await settled(element);
    expect(options.map(({ config }) => config)).to.deep.equal([undefined, { late: true }]);
    await to(element, snapshot.devices());
    element.config = { tooLate: true };
    await settled(element);
    expect(options.length).to.equal(2);
  });

  it('keeps its room when a framework passes equal options as new objects and functions', async () => {
    const element = await render({ phase: 'idle' });
    const circular = (): object => {
      const config = { self: {} };
      config.self = config;
      return config;
    };
    for (const config of [() => ({ operator: { name: 'Nord' } }), circular, () => () => 'no configuration']) {
      element.config = config();
      element.hostToken = () => 'first';
      await settled(element);
      const { length } = options;
      element.config = config();
      element.hostToken = async () => 'second';
      await settled(element);
      expect(options.length).to.equal(length);
      expect(typeof options.at(-1)?.config).to.equal(typeof config());
    }
    const { hostToken } = options.at(-1) ?? {};
    expect(typeof hostToken === 'function' && (await hostToken())).to.equal('second');
    element.hostToken = 'third';
    await settled(element);
    expect(typeof hostToken === 'function' && (await hostToken())).to.equal('third');
  });

  it('disposes of the room that it replaces without events to the site', async () => {
    const element = await render(snapshot.notice());
    const first = next;
    const heard: string[] = [];
    for (const type of ['consult-phase', 'consult-error'])
      element.addEventListener(type, () => heard.push(`${type} in ${element.phase}`));
    first.discard = () => {
      first.calls.push(['discard']);
      first.dispatchEvent(new CustomEvent('phase', { detail: { phase: 'ended', previous: 'notice' } }));
      first.set(snapshot.ended());
    };
    roomIn(snapshot.notice());
    element.config = { late: true };
    await settled(element);
    first.set(snapshot.failed());
    first.dispatchEvent(new CustomEvent('error', { detail: { code: 'invite-expired', message: 'm' } }));
    await settled(element);
    expect(first.calls).to.deep.equal([['start'], ['discard']]);
    expect(next.calls).to.deep.equal([['start']]);
    expect(heard).to.deep.equal([]);
    expect([element.phase, element.getAttribute('phase')]).to.deep.equal(['notice', 'notice']);
  });

  it('rejoins after a reload although an option is set late', async () => {
    saveRecord(await ownRecord());
    kind = 'real';
    try {
      const element = await render({ phase: 'idle' }, html`<consult-room signaling="broadcast:"></consult-room>`);
      const phases: string[] = [];
      element.addEventListener('consult-phase', ({ detail }) => phases.push(detail.phase));
      element.config = { operator: { name: 'Beratungsstelle', country: 'DE' }, servers: CONFIGURATION.servers };
      await waitUntil(() => element.phase === 'waiting' || element.phase === 'failed');
      expect(phases).to.deep.equal(['notice', 'waiting']);
      element.remove();
      await waitUntil(() => element.phase === 'ended');
      expect(sessionStorage.length).to.equal(0);
    } finally {
      kind = 'fake';
      sessionStorage.clear();
    }
  });

  it('changes the language of all elements with its lang', async () => {
    const element = await render(snapshot.devices());
    expect(textOf(element)).to.include('Weiter');
    element.lang = 'en';
    await settled(element);
    await settled(element);
    expect(textOf(element)).to.include('Continue');
    expect(textOf(element)).to.not.include('Weiter');
  });

  it('[R5] removes the invite from the address bar once it has read it', async () => {
    history.replaceState(null, '', '#consult=secret');
    const element = await render({ phase: 'idle' });
    expect(location.hash).to.equal('');
    expect(location.href).to.not.include('secret');
    expect(options[0]?.invite).to.equal('#consult=secret');
    await to(element, snapshot.ended());
  });

  for (const [how, replace] of [
    ['by another one', (old: Element, fresh: Element) => old.replaceWith(fresh)],
    [
      'by another one that comes before it goes',
      (old: Element, fresh: Element) => {
        old.before(fresh);
        old.remove();
      },
    ],
    [
      'later by another one',
      async (old: Element, fresh: Element) => {
        const parent = old.parentElement!;
        old.remove();
        await new Promise((resolve) => setTimeout(resolve));
        parent.append(fresh);
      },
    ],
  ] as const)
    it(`goes on with its invite when a framework replaces it ${how}`, async () => {
      history.replaceState(null, '', '#consult=secret');
      const element = await render(snapshot.notice());
      const first = next;
      roomIn(snapshot.notice());
      const fresh = document.createElement('consult-room') as TestRoom;
      await replace(element, fresh);
      await settled(fresh);
      expect(options.map(({ invite }) => invite)).to.deep.equal(['#consult=secret', '#consult=secret']);
      expect([first.calls, next.calls]).to.deep.equal([[['start'], ['discard']], [['start']]]);
      // Kept no longer once the person has gone on: what comes after that knows nothing.
      await to(fresh, snapshot.devices());
      roomIn({ phase: 'idle' });
      const last = document.createElement('consult-room') as TestRoom;
      fresh.replaceWith(last);
      await settled(last);
      expect(options.length).to.equal(3);
      expect(options[2]?.invite).to.equal(undefined);
    });

  it('forgets its invite some time after it is gone and nothing took its place', async () => {
    history.replaceState(null, '', '#consult=secret');
    const element = await render(snapshot.notice());
    const parent = element.parentElement!;
    const waits: (() => void)[] = [];
    const { setTimeout: original } = globalThis;
    globalThis.setTimeout = ((act: () => void, wait?: number) =>
      wait === 10_000 ? waits.push(act) : original(act, wait)) as typeof setTimeout;
    try {
      element.remove();
      await Promise.resolve();
    } finally {
      globalThis.setTimeout = original;
    }
    expect(waits.length).to.equal(1);
    waits[0]?.();
    const fresh = document.createElement('consult-room') as TestRoom;
    roomIn({ phase: 'idle' });
    parent.append(fresh);
    await settled(fresh);
    expect(options.at(-1)?.invite).to.equal(undefined);
  });

  it('goes on after a reload when a framework mounts, unmounts and mounts it', async () => {
    saveRecord(await ownRecord());
    kind = 'real';
    try {
      const parent = (await fixture(html`<div></div>`)) as HTMLDivElement;
      const mount = (): TestRoom => {
        const element = document.createElement('consult-room') as TestRoom;
        element.signaling = 'broadcast:';
        element.config = { operator: { name: 'Beratungsstelle', country: 'DE' }, servers: CONFIGURATION.servers };
        parent.append(element);
        return element;
      };
      // Frameworks do this in one task: nobody is in a session that could be left.
      const first = mount();
      await new Promise((resolve) => first.addEventListener('created', resolve));
      first.remove();
      await Promise.resolve();
      const element = mount();
      await waitUntil(() => element.phase === 'waiting' || element.phase === 'failed');
      expect(element.phase, JSON.stringify(element.room?.state)).to.equal('waiting');
      element.remove();
      await waitUntil(() => element.phase === 'ended');
    } finally {
      kind = 'fake';
      sessionStorage.clear();
    }
  });

  it('opens nothing when it is removed before its texts are loaded, and opens when it comes back', async () => {
    const element = document.createElement('consult-room') as TestRoom;
    element.lang = 'en';
    options = [];
    roomIn(snapshot.notice());
    const parent = (await fixture(html`<div></div>`)) as HTMLDivElement;
    parent.append(element);
    element.remove();
    await element.updateComplete;
    expect(options).to.deep.equal([]);
    parent.append(element);
    await settled(element);
    expect(options.length).to.equal(1);
  });

  it('keeps a fragment that is not an invite', async () => {
    // What the room would not read must not be taken away either: the link would be lost.
    for (const hash of ['#chapter', '#a=1&consult=secret']) {
      history.replaceState(null, '', hash);
      await render({ phase: 'idle' });
      expect(location.hash).to.equal(hash);
      expect(options[0]?.invite).to.equal(undefined);
    }
    history.replaceState(null, '', location.pathname + location.search);
  });

  it('accepts another link pasted into the same window, except during a session', async () => {
    const element = await render(snapshot.failed());
    location.hash = '#consult=another';
    await waitUntil(() => options.length === 2);
    expect(options[1]?.invite).to.equal('#consult=another');
    expect(location.hash).to.equal('');
    for (const state of [
      snapshot.devices(),
      snapshot.occupants(),
      snapshot.waiting(),
      snapshot.active({ participants: [participant()] }),
    ]) {
      await to(element, state);
      next.calls.length = 0;
      location.hash = '#consult=third';
      await waitUntil(() => location.hash === '');
      expect(options.length, state.phase).to.equal(2);
      expect(next.calls, state.phase).to.deep.equal([['addProblem', 'another-invite']]);
    }
  });

  it('dispatches the room’s events, bubbling and composed, without names', async () => {
    const element = await render({ phase: 'idle' });
    for (const [type, detail] of [
      ['phase', { phase: 'notice', previous: 'idle' }],
      ['participant', { id: 'p1', change: 'joined' }],
      ['path', { id: 'p1', path: 'direct' }],
      ['consent', { receipt: {} }],
      ['error', { code: 'camera-denied', message: 'm' }],
    ] as const) {
      const heard = oneEvent(document, `consult-${type}`);
      next.dispatchEvent(new CustomEvent(type, { detail }));
      const event = (await heard) as CustomEvent;
      expect(event.target).to.equal(element);
      expect(event.detail).to.deep.equal(detail);
    }
  });

  it('keeps its call when it is moved', async () => {
    const element = await render(snapshot.active({ participants: [participant()] }));
    const elsewhere = document.createElement('div');
    element.parentElement!.append(elsewhere);
    elsewhere.append(element);
    await settled(element);
    expect(next.calls).to.deep.equal([['start']]);
    expect(within(element, 'participant-grid')).to.not.equal(null);
  });

  it('leaves the call one microtask after it is removed', async () => {
    const element = await render(snapshot.active({ participants: [participant()] }));
    element.remove();
    expect(next.calls).to.deep.equal([['start']]);
    await Promise.resolve();
    expect(next.calls).to.deep.equal([['start'], ['leave']]);
  });

  it('restarts when it is reinserted after it left', async () => {
    const element = await render(snapshot.active({ participants: [participant()] }));
    const parent = element.parentElement!;
    element.remove();
    await Promise.resolve();
    roomIn(snapshot.notice());
    parent.append(element);
    await settled(element);
    expect(element.phase).to.equal('notice');
  });

  it('shows one screen for each phase', async () => {
    const element = await render({ phase: 'idle' });
    for (const [state, selector] of [
      ['notice', 'privacy-notice'],
      ['devices', 'device-check'],
      ['occupants', 'room-occupants-notice'],
      ['waiting', 'waiting-room'],
      ['connecting', 'participant-grid'],
      ['active', 'participant-grid'],
    ] as const) {
      await to(element, states[state]!());
      expect(within(element, selector), state).to.not.equal(null);
      expect(textOf(element), state).to.not.equal('');
    }
  });

  it('moves the focus to the heading of each new screen', async () => {
    await render(snapshot.notice());
    const active = (): string => focused()?.textContent.trim() ?? '';
    for (const [state, heading] of [
      [snapshot.devices(), 'Kamera und Mikrofon'],
      [snapshot.occupants(), 'Sind Sie allein?'],
      [snapshot.waiting(), 'Schön, dass Sie da sind'],
      [snapshot.active({ participants: [participant()] }), 'Gespräch'],
      [snapshot.ended(), 'Sie haben den Raum verlassen'],
    ] as const) {
      next.set(state);
      await waitUntil(() => active() === heading, heading);
    }
  });

  for (const [part, state, heading] of [
    ['pause-button', snapshot.paused('privacy', { participants: [participant()] }), 'Pause'],
    ['someone-came-in-button', snapshot.paused('someone-came-in'), 'Einen Moment bitte'],
    ['leave-button', snapshot.ended(), 'Sie haben den Raum verlassen'],
  ] as const)
    it(`moves the focus to the heading when the pressed button disappears: ${part}`, async () => {
      const element = await render(snapshot.active({ participants: [participant()], encryption }));
      byPart(element, 'more-button').click();
      await settled(element);
      byPart(element, part).focus();
      await to(element, state);
      await waitUntil(() => focused()?.textContent.trim() === heading, heading);
    });

  it('moves the focus to the heading when an acknowledgement starts the call', async () => {
    const element = await render(snapshot.connecting({ participants: [unconfirmed], encryption }));
    byPart(element, 'acknowledge-button').focus();
    await to(element, snapshot.active({ participants: [participant()], encryption }));
    await waitUntil(() => focused()?.textContent.trim() === 'Gespräch');
  });

  it('keeps the focus in the room when a hint is closed', async () => {
    const element = await render(snapshot.active({ problems, participants: [participant()], encryption }));
    (within(element, '.problem button') as HTMLElement).focus();
    await to(element, snapshot.active({ participants: [participant()], encryption }));
    await waitUntil(() => focused()?.textContent.trim() === 'Gespräch');
  });

  it('does not take the focus from another part of the page', async () => {
    const element = await render(snapshot.notice(), html`<input /><consult-room></consult-room>`);
    const input = element.parentElement!.querySelector('input')!;
    input.focus();
    await to(element, snapshot.devices());
    expect(document.activeElement).to.equal(input);
  });

  it('[R6] announces changes in one polite live region', async () => {
    const element = await render(snapshot.waiting({ role: 'host' }));
    await to(element, snapshot.waiting({ role: 'host', knocks }));
    const regions = [...everything(element.renderRoot)].filter((found) => found.getAttribute('aria-live') !== null);
    expect(regions.length).to.equal(1);
    const sentences = () => [...regions[0]!.children].map(({ textContent }) => textContent);
    // On a busy machine the first is said before the second has happened.
    await waitUntil(() => sentences().length > 1);
    expect(sentences()).to.deep.equal(['Sie sind im Warteraum.', 'Mond wartet vor dem Raum.']);
  });

  for (const role of ['guest', 'host'] as const)
    it(`says nothing that the heading with the focus says, as ${role}`, async () => {
      const element = await render(snapshot.notice());
      const region = [...everything(element.renderRoot)].find((found) => found.getAttribute('aria-live') !== null)!;
      await waitUntil(() => region.textContent === 'Bitte lesen Sie die Datenschutz-Information.', 'the first screen');
      const heard: (string | null)[] = [];
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes) if (node instanceof Element) heard.push(node.textContent);
      }).observe(region, { childList: true });
      const here = { role, participants: [participant()], encryption } as const;
      const steps: readonly (readonly [state: RoomState, ...sentences: readonly string[]])[] = [
        [snapshot.devices({ role })],
        [snapshot.occupants({ role })],
        [snapshot.waiting({ role }), ...(role === 'guest' ? ['Sie sind im Warteraum.'] : [])],
        [
          snapshot.connecting({ ...here, participants: [unconfirmed] }),
          'Frau Sommer ist dazugekommen.',
          'Frau Sommer hat gesagt, wer dort im Raum ist. Bitte bestätigen Sie das.',
        ],
        [snapshot.active(here)],
        [snapshot.paused('privacy', here), 'Kamera und Mikrofon sind aus.'],
        [snapshot.active(here)],
      ];
      for (const [id, [state, ...sentences]] of steps.entries()) {
        heard.splice(0);
        await to(element, state);
        await waitUntil(() => focused()?.localName === 'h2', `a heading in ${state.phase}`);
        // What is said after all that there is to say of the phase.
        await to(element, { ...state, problems: [{ id, code: 'action-failed' }] } as RoomState);
        const last = 'Das hat gerade nicht geklappt.';
        await waitUntil(() => heard.includes(last), last);
        expect(
          heard.filter((sentence) => sentence !== last),
          state.phase,
        ).to.have.members(sentences);
      }
    });

  it('[R15] has a quick exit for guests, also where a room is over or has none to open, unless the site has one', async () => {
    const element = await render(snapshot.notice());
    for (const state of [
      snapshot.notice(),
      snapshot.waiting(),
      snapshot.active({ participants: [participant()] }),
      snapshot.ended(),
      snapshot.failed(),
      snapshot.failed('invite-missing'),
    ]) {
      await to(element, state);
      expect(within(element, 'quick-exit'), state.phase).to.not.equal(null);
    }
    for (const state of [snapshot.waiting({ role: 'host' }), snapshot.ended('left', { role: 'host' })]) {
      await to(element, state);
      expect(within(element, 'quick-exit'), state.phase).to.equal(null);
    }
    const weather = await render(snapshot.waiting(), html`<consult-room exit-href="/weather"></consult-room>`);
    expect((within(weather, 'quick-exit') as QuickExit | null)?.href).to.equal('/weather');
    expect((within(await render(snapshot.waiting()), 'quick-exit') as QuickExit | null)?.href).to.equal('about:blank');
    const site = html`<consult-room><quick-exit slot="top" href="/weather"></quick-exit></consult-room>`;
    expect(within(await render(snapshot.waiting(), site), 'quick-exit')).to.equal(null);
  });

  it('[R14] shows no video while another person is in the room', async () => {
    const element = await render(snapshot.paused('someone-came-in', { participants: [participant()] }));
    expect([...everything(element.renderRoot)].some(({ localName }) => localName === 'video')).to.equal(false);
    // Nor a word that would tell the visitor anything.
    expect(textOf(element)).to.include('Einen Moment bitte').and.not.include('Raum?').and.not.include('verschlüsselt');
  });

  it('[R15] resumes from a privacy pause by its button', async () => {
    const element = await render(snapshot.paused('privacy'));
    byPart(element, 'resume-button').click();
    expect(next.calls).to.deep.include(['resume']);
  });

  it('[R9] names alternatives when there is no connection', async () => {
    for (const state of [snapshot.failed(), snapshot.ended('declined-notice')]) {
      const text = textOf(await render(state));
      expect(text).to.include('+49 30 0000000').and.include('hilfe@beratung.example');
    }
  });

  it('[R1] offers the receipts however the session ends', async () => {
    const element = await render(snapshot.failed());
    expect(within(element, 'consent-receipts')).to.equal(null);
    const kept = { ...snapshot.failed(), receipts: [receipt('notice')] } as RoomState;
    for (const over of [{ ...snapshot.ended(), receipts: [receipt('notice')] } as RoomState, kept]) {
      const shown = await render(over);
      (within(shown, '.kept') as HTMLDetailsElement).open = true;
      expect(byPart(shown, 'save-button').offsetWidth, over.phase).to.be.above(0);
    }
  });

  for (const step of ['declined', 'withdrawn'] as const)
    it(`[R9] ends calmly when a relay is ${step} and no participant can be reached`, async () => {
      const other = participant({ relay: { step }, connection: 'failed', path: 'none', wasConnected: false });
      const element = await render(snapshot.connecting({ participants: [other], encryption }));
      const text = textOf(element);
      expect(text).to.include('Es wurde keine Verbindung aufgebaut').and.include('+49 30 0000000');
      expect(text).to.include('Das ist in Ordnung');
      // Nothing is being set up any more, and only the way out is left to press.
      expect(text).to.not.include('Verschlüsselung wird aufgebaut').and.not.include('Jemand da');
      expect(byPart(element, 'leave-button').offsetWidth).to.be.above(0);
    });

  it('[R9] names alternatives: telephone, mail, another date, counselling in writing', async () => {
    const alternatives = {
      telephone: '+49 30 0000000',
      email: 'hilfe@beratung.example',
      appointment: 'https://beratung.example/termin',
      writing: '/schreiben',
      text: 'Wir sind auch ohne Video für Sie da.',
    };
    const configuration = { ...CONFIGURATION, alternatives };
    const other = participant({ relay: { step: 'declined' }, connection: 'failed', path: 'none' });
    const element = await render(snapshot.connecting({ participants: [other], configuration }));
    const text = textOf(element);
    for (const part of [
      'Wir sind auch ohne Video für Sie da.',
      '+49 30 0000000',
      'hilfe@beratung.example',
      'Einen anderen Termin vereinbaren',
      'Schriftlich beraten werden',
    ])
      expect(text).to.include(part);
    const links = [...element.renderRoot.querySelectorAll('.alternatives a')].map((a) => a.getAttribute('href'));
    expect(links).to.deep.equal([
      'tel:+49300000000',
      'mailto:hilfe@beratung.example',
      'https://beratung.example/termin',
      '/schreiben',
    ]);
  });

  it('[R9] does not hurry, and names alternatives while the other side is silent', async () => {
    const other = participant({ relay: { step: 'asked', ours: 'yes', theirs: 'open' }, connection: 'failed' });
    const text = textOf(await render(snapshot.connecting({ participants: [other], encryption })));
    expect(text).to.include('Frau Sommer muss noch antworten').and.include('+49 30 0000000');
  });

  it('[R9] lets a host admit others when one connection failed', async () => {
    const other = participant({ relay: { step: 'declined' }, connection: 'failed', wasConnected: false });
    const element = await render(snapshot.connecting({ role: 'host', participants: [other], knocks }));
    expect(textOf(element)).to.include('Es wurde keine Verbindung aufgebaut');
    byPart(element, 'admit-button').click();
    expect(next.calls).to.deep.include(['admit', 'k', 'h']);
  });

  it('[R13] still requests the acknowledgement while a relay answer is pending', async () => {
    const relay = { step: 'asked', ours: 'yes', theirs: 'open' } as const;
    const other = participant({ relay, connection: 'failed', acknowledged: { byUs: false, byThem: true } });
    const element = await render(snapshot.connecting({ participants: [other], encryption }));
    byPart(element, 'acknowledge-button').click();
    expect(next.calls).to.deep.include(['acknowledgeOccupants', 'p1', 'theirs']);
    expect(textOf(element)).to.include('Frau Sommer muss noch antworten');
  });

  it('tells a counsellor that the room moved to another window', async () => {
    const element = await render(snapshot.failed('host-elsewhere'));
    expect(textOf(element)).to.include('Das Gespräch geht woanders weiter').and.include('Machen Sie dort weiter.');
    expect(textOf(element)).to.not.include('lässt sich nicht öffnen').and.not.include('So erreichen Sie uns');
  });

  it('does not say that the room cannot open when the guest was in it', async () => {
    for (const [code, heading] of [
      ['removed-by-host', 'Sie sind nicht mehr im Raum'],
      ['refused-by-host', 'Gerade klappt es nicht'],
      ['invite-expired', 'Die Zeit für diesen Raum ist um'],
    ] as const) {
      const element = await render(snapshot.failed(code));
      expect(within(element, 'h2')?.textContent.trim()).to.equal(heading);
    }
  });

  it('offers a reload only when it can help', async () => {
    expect(within(await render(snapshot.failed('signaling-rejected')), '[part="reload-button"]')).to.not.equal(null);
    const element = await render(snapshot.failed('invite-missing'));
    expect(within(element, '[part="reload-button"]')).to.equal(null);
    for (const code of ['removed-by-host', 'refused-by-host', 'host-elsewhere'] as const)
      expect(within(await render(snapshot.failed(code)), '[part="reload-button"]'), code).to.equal(null);
    expect(textOf(element)).to.include('Öffnen Sie bitte den Link noch einmal');
  });

  it('asks for a spoken code where it was opened without an invite, and nowhere else', async () => {
    const element = await render(snapshot.failed('invite-missing'));
    expect(within(element, 'room-code')).to.not.equal(null);
    expect(textOf(element)).to.include('Haben Sie einen Code?');
    for (const code of ['invite-damaged', 'invite-expired', 'room-full'] as const)
      expect(within(await render(snapshot.failed(code)), 'room-code'), code).to.equal(null);
  });

  it('[R9] ends calmly when the direct path failed and the site has no relay', async () => {
    const configuration = { ...CONFIGURATION, servers: CONFIGURATION.servers.filter(({ role }) => role !== 'relay') };
    const other = participant({ connection: 'failed', path: 'none', wasConnected: false, retrying: true });
    const element = await render(snapshot.connecting({ participants: [other], configuration }));
    expect(textOf(element)).to.include('eine Weiterleitung gibt es hier nicht').and.include('+49 30 0000000');
    // The next attempt runs: nothing that is read right now is taken away for it.
    const heading = element.renderRoot.querySelector('h2');
    next.set(snapshot.connecting({ participants: [{ ...other, connection: 'connecting' }], configuration }));
    await settled(element);
    expect(textOf(element)).to.include('eine Weiterleitung gibt es hier nicht');
    expect(element.renderRoot.querySelector('h2')).to.equal(heading);
  });

  it('[R9] says what else helps when not even the relay connects', async () => {
    const blocked = participant({
      connection: 'connecting',
      path: 'none',
      wasConnected: false,
      relay: { step: 'granted' },
      failedAttempts: 2,
    });
    const text = textOf(await render(snapshot.connecting({ participants: [blocked] })));
    expect(text).to.include('Auch über die Weiterleitung kam keine Verbindung zustande');
    expect(text).to.include('Oft hilft ein anderes Netz').and.include('+49 30 0000000');
  });

  it('[R9] does not claim that nothing was transmitted after a connection existed', async () => {
    const configuration = { ...CONFIGURATION, servers: CONFIGURATION.servers.filter(({ role }) => role !== 'relay') };
    const lost = participant({ connection: 'failed', path: 'none', retrying: true });
    for (const [people, of] of [
      [lost, configuration],
      [{ ...lost, relay: { step: 'declined' } }, CONFIGURATION],
      [{ ...lost, relay: { step: 'withdrawn' } }, CONFIGURATION],
    ] as const) {
      const text = textOf(await render(snapshot.connecting({ participants: [people], configuration: of })));
      expect(text).to.include('Es besteht keine Verbindung mehr').and.include('werden nicht mehr übertragen');
      expect(text).to.not.include('wurden weder Bild');
    }
  });

  it('[R9] continues with the others when one pair has no connection', async () => {
    const without = participant({ id: 'p2', name: 'Mond', relay: { step: 'declined' }, connection: 'failed' });
    const element = await render(snapshot.active({ participants: [participant(), without], encryption }));
    expect(textOf(element)).to.not.include('keine Verbindung aufgebaut').and.not.include('keine Verbindung mehr');
    expect(textOf(element)).to.include('Direkt ging es nicht, und weitergeleitet wird nicht.');
  });

  for (const [code, words] of [
    ['server-country-refused', 'in dem das europäische Datenschutzrecht nicht gilt'],
    ['server-undeclared', 'nicht angegeben, wer ihn betreibt'],
  ] as const)
    it(`[R11] does not open, and says why, when a server is refused: ${code}`, async () => {
      const text = textOf(await render({ phase: 'failed', code, configuration: null, receipts: [] }));
      expect(text).to.include('Der Raum lässt sich nicht öffnen').and.include(words);
      expect(text).to.include('Das liegt nicht an Ihnen');
    });

  it('[R8] asks about the relay once, in every layout', async () => {
    const asked = participant({ relay: { step: 'asked', ours: 'open', theirs: 'open' }, connection: 'connecting' });
    for (const layout of [
      html`<consult-room></consult-room>`,
      html`<consult-room><participant-grid></participant-grid></consult-room>`,
      html`<consult-room><relay-consent-dialog></relay-consent-dialog></consult-room>`,
    ]) {
      const element = await render(snapshot.connecting({ participants: [asked], encryption }), layout);
      for (const child of element.querySelectorAll<TestRoom>('*')) await settled(child);
      const dialogs = [...everything(element.parentElement!)].filter(({ localName }) => localName === 'dialog');
      expect(dialogs.filter((dialog) => (dialog as HTMLDialogElement).open).length).to.equal(1);
    }
  });

  it('[R8] withdraws consent to the relay by one press', async () => {
    const other = participant({ relay: { step: 'granted' }, path: 'relay' });
    const element = await render(snapshot.connecting({ participants: [other], encryption }));
    byPart(element, 'withdraw-button').click();
    expect(next.calls).to.deep.include(['withdrawRelay']);
  });

  it('[R7] offers a direct path when there is one, and only the end of the relay when it is in use', async () => {
    const found = participant({ relay: { step: 'granted', direct: 'found' }, path: 'relay' });
    const element = await render(snapshot.active({ participants: [found], encryption }));
    expect(within(element, '#direct')?.textContent).to.include('direkte Verbindung möglich');
    expect(byPart(element, 'direct-button').textContent.trim()).to.equal('Direkt verbinden');
    const used = { ...found, relay: { step: 'granted', direct: 'used' }, path: 'direct' } as const;
    await to(element, snapshot.active({ participants: [used], encryption }));
    expect(within(element, '#direct')?.textContent).to.include('jetzt direkt verbunden');
    expect(byPart(element, 'direct-button').textContent.trim()).to.equal('Weiterleitung beenden');
    // With others whose way was only found, one answer is for all: what it changes is said of all.
    const both = [used, { ...found, id: 'p2', name: 'Stern' }];
    await to(element, snapshot.active({ participants: both, encryption }));
    expect(byPart(element, 'direct-button').textContent.trim()).to.equal('Direkt verbinden');
    byPart(element, 'direct-button').click();
    expect(next.calls).to.deep.include(['goDirect']);
    // The browser came back to the relay: the way is not there any more.
    const back = { ...found, relay: { step: 'granted' } } as const;
    await to(element, snapshot.active({ participants: [back], encryption }));
    expect(within(element, '.direct')).to.equal(null);
  });

  it('[R7] keeps the relay when it is required, whatever path the browser chooses', async () => {
    const found = participant({ relay: { step: 'granted', direct: 'found' }, path: 'relay' });
    const element = await render(snapshot.active({ participants: [found], encryption }));
    byPart(element, 'stay-button').click();
    await settled(element);
    expect(within(element, '.direct')).to.equal(null);
    const used = { ...found, relay: { step: 'granted', direct: 'used' }, path: 'direct' } as const;
    await to(element, snapshot.active({ participants: [used], encryption }));
    expect(within(element, '.direct')).to.equal(null);
    expect(next.calls).to.not.deep.include(['goDirect']);
  });

  it('shows the safety code and the connection report in the security panel', async () => {
    const element = await render(
      snapshot.active({ participants: [participant({ relay: { step: 'granted' } })], encryption }),
    );
    byPart(element, 'security-button').click();
    await settled(element);
    expect(within(element, '.aside safety-code')).to.not.equal(null);
    expect(within(element, '.aside connection-report')).to.not.equal(null);
    expect(byPart(element, 'withdraw-button')).to.not.equal(null);
  });

  it('[R18] leaves the choice to the participant when the connection is weak', async () => {
    const weak = participant({ quality: 'weak' });
    const well = snapshot.active({ participants: [participant()], encryption });
    const element = await render(snapshot.active({ participants: [weak], encryption }));
    expect(next.calls).to.deep.equal([['start']]);
    byPart(element, 'keep-button').click();
    await settled(element);
    expect(within(element, '.quality')).to.equal(null);
    expect(next.calls).to.deep.equal([['start']]);
    await to(element, well);
    await to(element, snapshot.active({ participants: [weak], encryption }));
    byPart(element, 'audio-only-button').click();
    expect(next.calls).to.deep.equal([['start'], ['setCamera', false]]);
  });

  it('[R18] asks nothing about a weak connection while the group is stale: picture and sound are held', async () => {
    const participants = [participant({ quality: 'weak' })];
    const element = await render(snapshot.active({ participants, encryption, stale: true }));
    // A count: an element that is not expected takes a runner minutes to print.
    const questions = (): number => element.renderRoot.querySelectorAll('.quality').length;
    expect(questions()).to.equal(0);
    await to(element, snapshot.active({ participants, encryption }));
    expect(questions()).to.equal(1);
  });

  it('keeps the whole quick exit in sight beside the longest word about encryption', async () => {
    const element = await render(snapshot.connecting({ participants: [participant()], encryption: null }));
    for (const width of [320, 360, 390]) {
      element.style.inlineSize = `${String(width)}px`;
      await settled(element);
      const exit = within(element, 'quick-exit')?.shadowRoot?.querySelector('[part~="exit-button"]');
      expect(exit?.getBoundingClientRect().right).to.be.at.most(element.getBoundingClientRect().right);
    }
  });

  it('shows a problem in words until it is closed', async () => {
    const element = await render(snapshot.active({ problems, participants: [participant()] }));
    expect(textOf(element)).to.include('Der Server antwortet gerade nicht.');
    within(element, '.problem button')!.dispatchEvent(new MouseEvent('click'));
    expect(next.calls).to.deep.include(['dismissProblem', 1]);
  });

  it('shows knocks above the pictures, and an open declaration in the tile of that person', async () => {
    const element = await render(states['active with all that can happen']!());
    const inbox = within(element, '.inbox')!;
    expect(inbox.querySelector('waiting-room')).to.not.equal(null);
    expect(inbox.querySelector('room-occupants-notice')).to.equal(null);
    expect(byPart(element, 'acknowledge-button').ariaLabel).to.equal('Einverstanden: Stern');
  });

  it('closes a panel by Escape before anything else, and opens the chat at its field', async () => {
    const element = await render(snapshot.active({ participants: [participant()], encryption }));
    byPart(element, 'chat-button').click();
    await waitUntil(() => focused()?.part.contains('chat-input') ?? false);
    await sendKeys({ press: 'Escape' });
    await settled(element);
    expect(within(element, '.aside')).to.equal(null);
    expect(focused()).to.equal(byPart(element, 'chat-button'));
    expect(next.calls).to.deep.equal([['start']]);
  });

  it('leaves the heading of a panel beside the button that closes it', async () => {
    const size = { width: innerWidth, height: innerHeight };
    try {
      for (const viewport of [
        { width: 320, height: 700 },
        { width: 390, height: 844 },
        { width: 844, height: 390 },
        { width: 1280, height: 800 },
      ]) {
        await setViewport(viewport);
        for (const part of ['chat-button', 'people-button', 'devices-button', 'security-button']) {
          const element = await render(snapshot.active({ participants: [participant()], encryption }));
          byPart(element, part).click();
          await settled(element);
          const aside = within(element, '.aside')!;
          const words = document.createRange();
          // Where the chat has no room for its heading, the first line is in its place.
          const first = [...everything(aside)].find(
            (found) => found.matches('h3, .log > *') && found.checkVisibility(),
          );
          words.selectNodeContents(first!);
          const close = aside.querySelector('.close button')!.getBoundingClientRect();
          const covered = [...words.getClientRects()].filter(
            ({ top, bottom, right }) => right > close.left && top < close.bottom && bottom > close.top,
          );
          expect(words.toString()).to.not.equal('');
          expect(covered, `${part} at ${String(viewport.width)}`).to.deep.equal([]);
        }
      }
    } finally {
      await setViewport(size);
    }
  });

  it('leaves Escape to the question above an open panel', async () => {
    const two = [participant(), participant({ id: 'p2', name: 'Stern' })];
    const element = await render(
      snapshot.active({ role: 'host', authority: 'host-key', participants: two, encryption }),
    );
    byPart(element, 'people-button').click();
    await settled(element);
    byPart(element, 'leave-button').click();
    const question = byPart<HTMLDialogElement>(within(element, 'call-controls') as TestRoom, 'end-dialog');
    expect(question.open).to.equal(true);
    const closed = new Promise((resolve) => question.addEventListener('close', resolve, { once: true }));
    await sendKeys({ press: 'Escape' });
    await closed;
    expect(within(element, '.aside')).to.not.equal(null);
    await sendKeys({ press: 'Escape' });
    await settled(element);
    expect(within(element, '.aside')).to.equal(null);
  });

  describe('as less of the page is visible', () => {
    const { prototype } = VisualViewport;
    const see = async (element: TestRoom, seen: { readonly height: number; readonly scale: number }) => {
      for (const [name, value] of Object.entries(seen))
        Object.defineProperty(prototype, name, { configurable: true, get: () => value });
      visualViewport?.dispatchEvent(new Event('resize'));
      await settled(element);
    };
    const before = ['height', 'scale'].map(
      (name) => [name, Object.getOwnPropertyDescriptor(prototype, name)!] as const,
    );
    const size = { width: innerWidth, height: innerHeight };

    beforeEach(() => setViewport({ width: 390, height: 664 }));
    afterEach(async () => {
      for (const [name, own] of before) Object.defineProperty(prototype, name, own);
      await setViewport(size);
    });

    const inCall = async (): Promise<TestRoom> => {
      const element = await render(snapshot.active({ participants: [participant()], encryption }));
      element.parentElement!.style.blockSize = '100vh';
      return element;
    };
    const heights = (element: TestRoom): readonly number[] =>
      ['section', '.stage'].map((selector) => within(element, selector)!.getBoundingClientRect().height);

    it('changes nothing by pinch zoom', async () => {
      const element = await inCall();
      const sizes = heights(element);
      await see(element, { height: innerHeight / 2, scale: 2 });
      expect(heights(element)).to.deep.equal(sizes);
      expect(within(element, 'section')?.classList.contains('typing')).to.equal(false);
    });

    for (const scale of [1, 1.25])
      it(`keeps the field of the chat above a keyboard that covers the page, at a zoom of ${String(scale)}`, async () => {
        const element = await inCall();
        byPart(element, 'chat-button').click();
        await waitUntil(() => focused()?.part.contains('chat-input') ?? false);
        await see(element, { height: 330 / scale, scale });
        const { top } = within(element, 'section')!.getBoundingClientRect();
        expect(byPart(element, 'chat-input').getBoundingClientRect().bottom - top).to.be.at.most(330);
        // Gone while the element is out of the page: no event tells it.
        const { parentElement: box } = element;
        element.remove();
        for (const [name, own] of before) Object.defineProperty(prototype, name, own);
        box?.append(element);
        await settled(element);
        expect(within(element, 'section')?.classList.contains('typing')).to.equal(false);
        expect(element.style.getPropertyValue('--_viewport')).to.equal('');
      });
  });

  it('[R9] names the operator and other ways on every page that ends or fails', async () => {
    const ends = ['left', 'host-ended', 'host-lost', 'declined-notice', 'withdrawn'] as const;
    const codes = ['invite-expired', 'invite-missing', 'signaling-rejected', 'removed-by-host', 'room-full'] as const;
    for (const state of [
      ...ends.map((reason) => snapshot.ended(reason)),
      ...codes.map((code) => snapshot.failed(code)),
    ]) {
      const text = textOf(await render(state));
      expect(text).to.include('Beratungsstelle am Park').and.include('+49 30 0000000');
    }
    const { operator, alternatives } = CONFIGURATION;
    const bare = { phase: 'failed', code: 'invite-damaged', configuration: null, receipts: [] } as const;
    const text = textOf(await render({ ...bare, contact: { operator, alternatives } }));
    expect(text).to.include('Beratungsstelle am Park').and.include('hilfe@beratung.example');
  });

  it('says goodbye first and folds the receipts', async () => {
    const element = await render({ ...snapshot.ended(), receipts: [receipt('notice')] } as RoomState);
    const details = within(element, '.kept') as HTMLDetailsElement;
    expect(details.open).to.equal(false);
    expect(details.textContent).to.include('Ihre Einwilligung (1 Beleg)');
    const heading = element.renderRoot.querySelector('h2')!;
    expect(heading.getBoundingClientRect().bottom).to.be.below(details.getBoundingClientRect().top);
  });

  it('shows the house, which a site can replace or hide', async () => {
    const element = await render(snapshot.waiting());
    expect(byPart(element, 'scene').getBoundingClientRect().height).to.be.above(50);
    const own = await render(snapshot.waiting(), html`<consult-room><i slot="scene"></i></consult-room>`);
    expect(() => byPart(own, 'scene')).to.throw();
  });

  it('keeps the focus on a button across updates', async () => {
    const element = await render(snapshot.connecting({ participants: [unconfirmed], encryption }));
    const button = byPart(element, 'leave-button');
    button.focus();
    await to(element, snapshot.active({ participants: [participant()], encryption }));
    expect(button.matches(':focus')).to.equal(true);
  });

  it('marks unread chat lines until the chat is opened', async () => {
    const chat = [{ id: 1, from: 'p1', name: 'Frau Sommer', host: false, text: 'Hallo', at: 1 }];
    const element = await render(snapshot.active({ participants: [participant()], encryption, chat }));
    expect(textOf(element)).to.include('neue Nachricht');
    const button = byPart(element, 'chat-button');
    button.click();
    await settled(element);
    expect(button.ariaExpanded).to.equal('true');
    expect(textOf(element)).to.not.include('neue Nachricht');
    button.click();
    await settled(element);
    expect(within(element, '.aside')).to.equal(null);
    expect(textOf(element)).to.not.include('neue Nachricht');
  });

  it('closes a panel by its button and returns the focus to its opener', async () => {
    const element = await render(snapshot.active({ participants: [participant()], encryption }));
    const toggle = byPart(element, 'chat-button');
    toggle.click();
    await settled(element);
    const close = within(element, '.aside .close button') as HTMLElement;
    close.focus();
    close.click();
    await settled(element);
    expect(within(element, '.aside')).to.equal(null);
    expect(focused()).to.equal(toggle);
  });

  for (const [width, height] of [
    [390, 844],
    [1280, 800],
    [320, 568],
    [844, 390],
    [640, 400],
    [390, 480],
  ] as const)
    it(`keeps the chat input visible: ${String(width)}×${String(height)}`, async () => {
      await setViewport({ width, height });
      const page = document.createElement('style');
      page.textContent = 'body { margin: 0 } consult-room { min-block-size: 100dvb }';
      document.head.append(page);
      try {
        const chat = Array.from({ length: 9 }, (_, id) => ({
          id,
          from: id % 2 ? 'self' : 'p1',
          name: 'Frau Sommer',
          host: false,
          text: 'Das ist eine Nachricht, die über zwei Zeilen geht.',
          at: id,
        }));
        const element = await render(snapshot.active({ participants: [participant()], encryption, chat }));
        byPart(element, 'chat-button').click();
        await settled(element);
        const panel = within(element, '.aside')!.getBoundingClientRect();
        for (const part of ['chat-input', 'send-button']) {
          const box = byPart(element, part).getBoundingClientRect();
          expect(box.top, part).to.be.above(panel.top);
          expect(box.bottom, part).to.be.below(panel.bottom);
          // Firefox rounds to sixtieths of a pixel.
          expect(panel.bottom, part).to.be.at.most(height + 0.1);
          expect(box.right, part).to.be.below(width);
        }
        // Some of what was said stays in sight as well.
        const log = [...everything(element.renderRoot)].find(({ role }) => role === 'log')!;
        expect(log.clientHeight).to.be.above(40);
        expect(document.documentElement.scrollHeight, 'nothing to scroll').to.equal(height);
      } finally {
        page.remove();
        await setViewport({ width: 800, height: 600 });
      }
    });

  it('scrolls the focused element above the controls', async () => {
    await setViewport({ width: 390, height: 600 });
    try {
      const element = await render(snapshot.waiting({ role: 'host', knocks: [...knocks, { ...knocks[0]!, id: 'l' }] }));
      window.scrollTo(0, 0);
      for (const focusable of [within(element, '.consent > summary')!, byPart(element, 'refuse-button')]) {
        (focusable as HTMLElement).focus();
        const bar = within(element, '.controls')!.getBoundingClientRect();
        expect(focusable.getBoundingClientRect().bottom).to.be.at.most(bar.top + 1);
      }
    } finally {
      await setViewport({ width: 800, height: 600 });
    }
  });

  it('renders a site’s own layout instead of its own', async () => {
    const element = await render(
      snapshot.active({ participants: [participant()] }),
      html`<consult-room
        ><main><participant-grid></participant-grid></main
      ></consult-room>`,
    );
    expect(within(element, 'participant-grid')).to.equal(null);
    const own = element.querySelector('participant-grid')!;
    await settled(own);
    expect(textOf(own)).to.include('Frau Sommer');
  });

  it('[R9] shows the end, alternatives and receipts in a site’s own layout, too', async () => {
    const layout = (more = html``) =>
      html`<consult-room>
        <main><participant-grid></participant-grid><button>Impressum</button></main>
        ${more}
      </consult-room>`;
    const failed = await render(snapshot.failed('signaling-rejected'), layout());
    expect(textOf(failed)).to.include('Der Raum lässt sich nicht öffnen').and.include('+49 30 0000000');
    expect(byPart(failed, 'reload-button').getBoundingClientRect().height).to.be.greaterThan(0);
    const declined = await render(snapshot.ended('declined-notice'), layout());
    expect(textOf(declined)).to.include('+49 30 0000000');
    expect(within(declined, 'consent-receipts')).to.equal(null);
    const left = await render(snapshot.active({ participants: [participant()] }), layout());
    expect(within(left, '.view')).to.equal(null);
    left.querySelector('button')!.focus();
    await to(left, { ...snapshot.ended('left'), receipts: [receipt('notice')] } as RoomState);
    expect(within(left, 'consent-receipts')).to.not.equal(null);
    expect(left.renderRoot.querySelector('h2')?.matches(':focus')).to.equal(true);
    for (const [state, own] of [
      [snapshot.failed('invite-damaged'), html`<p slot="failed">Rufen Sie uns an</p>`],
      [snapshot.ended('left'), html`<p slot="ended">Bis bald</p>`],
    ] as const) {
      const element = await render(state, layout(own));
      expect(within(element, 'h2')).to.equal(null);
      expect(element.querySelector('p')!.getBoundingClientRect().height).to.be.greaterThan(0);
    }
  });

  it('renders a site’s own element for one screen', async () => {
    const element = await render(
      snapshot.notice(),
      html`<consult-room><privacy-notice slot="notice" class="own"></privacy-notice></consult-room>`,
    );
    expect(within(element, 'privacy-notice')).to.equal(null);
    expect(textOf(element.querySelector('privacy-notice.own')!)).to.include('Bevor wir beginnen');
  });

  it('lets the page style the parts of the elements inside', async () => {
    const style = document.createElement('style');
    style.textContent = 'consult-room::part(privacy-notice-accept-button) { outline: 7px solid rgb(1, 2, 3); }';
    document.head.append(style);
    const element = await render(snapshot.notice());
    expect(getComputedStyle(byPart(element, 'accept-button')).outlineWidth).to.equal('7px');
    style.remove();
  });

  it('[R6] makes no sound, no notification, no vibration and leaves the title alone', async () => {
    const { title } = document;
    const element = await render(snapshot.waiting({ role: 'host' }));
    await to(element, snapshot.waiting({ role: 'host', knocks }));
    await to(element, snapshot.active({ participants: [participant()] }));
    expect(document.title).to.equal(title);
    expect([...everything(element.renderRoot)].some(({ localName }) => localName === 'audio')).to.equal(false);
  });

  it('has no names in its attributes', async () => {
    const element = await show(
      TestRoom,
      cases.find(({ name }) => name === 'active')!,
    );
    const names = element.getAttributeNames();
    // Beside the marks for replay tools, which are the same everywhere.
    expect(names.filter((name) => name !== 'class' && !name.startsWith('data-'))).to.deep.equal(['phase']);
    const values = names.map((name) => element.getAttribute(name)).join(' ');
    expect(values).to.not.include(participant().name);
  });
});

import { expect } from '@open-wc/testing';
import { heldRows } from '../../src/elements/server-report/held-rows.ts';
import { ServerReport } from '../../src/elements/server-report/server-report.ts';
import type { HeldItem, ServerReport as Report } from '../../src/room/room.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const AT = new Date(2026, 10, 24, 10, 0).getTime();
const HOUR = 60 * 60 * 1000;
const iso = (at: number): string => new Date(at).toISOString();
const held = (item: string, holds: HeldItem['holds'] = {}, deleted = AT + 2 * HOUR): HeldItem => ({
  item,
  holds,
  deleted,
});
const seat = (role: 'host' | 'guest', since = AT): HeldItem =>
  held('connection', { id: role, role, since: iso(since), until: 'it closes' });

const EVERYTHING: readonly HeldItem[] = [
  held('room', { id: 'r', created: iso(AT - HOUR) }),
  held('host proof', { thumb: 't', expires: iso(AT) }),
  seat('host'),
  seat('guest', AT + 60_000),
  seat('guest', AT + 120_000),
  held('admitted keys', { count: 3 }),
  held('relay nonce', { uses: 1 }, AT + 60_000),
  held('code', { locator: 'K7M', until: 'the host leaves' }),
  held('code connection', { id: 'c', role: 'guest', since: iso(AT), until: 'it closes' }),
  held('announcement', { opened: iso(AT), told: 'Terminbuch' }),
  held('host token', { hash: 'h' }),
  held('latest host', { since: iso(AT) }),
  held('a new thing', { size: 3, kind: '<b>bold</b>' }),
];
const answered = (items: readonly HeldItem[], trust: 'plausible' | 'lacks-us' = 'plausible'): Report => ({
  step: 'answered',
  asked: AT,
  held: items,
  trust,
});

function roomWith(report: Report): FakeRoom {
  const room = new FakeRoom(snapshot.active({ participants: [participant()] }));
  room.held = report;
  return room;
}
const open = async (element: HTMLElement): Promise<void> => {
  byPart<HTMLDetailsElement>(element as never, 'details').open = true;
  await waitUntil(() => !textOf(element as never).includes('Wir fragen den Server'), 'an answer');
};
const on = (name: string, report: Report): ElementCase => ({
  name,
  room: () => roomWith(report),
  prepare: async (element) => {
    byPart<HTMLDetailsElement>(element, 'details').open = true;
    await waitUntil(() => !/Wir fragen den Server|Asking the server/u.test(textOf(element)), 'an answer');
  },
});
const unknown = (why: 'unreachable' | 'unsupported' | 'refused'): Report => ({ step: 'unknown', why });

describe('<server-report>', () => {
  elementSuite(ServerReport, [
    on('everything', answered(EVERYTHING)),
    on('nothing', answered([])),
    on('unreachable', unknown('unreachable')),
    { name: 'folded', room: () => roomWith(answered(EVERYTHING)) },
  ]);

  it('[R3] [R12] says what is held, since when, and when it goes', async () => {
    const text = textOf(await show(ServerReport, on('', answered(EVERYTHING))));
    for (const part of [
      'Dass es diesen Raum gibt',
      'Seit 24.11.2026, 09:00 Uhr',
      'Wird gelöscht: spätestens 24.11.2026, 12:00 Uhr',
      'Wer den Raum leiten darf',
      'Die Verbindung der Beratung',
      '2 Verbindungen als Gast',
      'Seit 24.11.2026, 10:01 Uhr',
      'Wird gelöscht, sobald die Verbindung endet',
      'Die Schlüssel von 3 Geräten',
      'Eine Einmal-Nummer',
      'Die ersten drei Zeichen des Codes',
      'Eine Verbindung über den Code',
      'einem System von Terminbuch',
      'Ein Prüfwert des Ausweises',
      'das diese Seite nicht kennt: a new thing (size: 3, kind: <b>bold</b>)',
      'Internet-Adresse',
      'Stand 10:00:00 Uhr',
    ])
      expect(text).to.include(part);
  });

  it('says what is wrong with an answer, and shows no list in its place', async () => {
    const words = async (report: Report): Promise<string> => textOf(await show(ServerReport, on('', report)));
    expect(await words(unknown('unreachable')))
      .to.include('antwortet gerade nicht')
      .and.not.include('Stand');
    expect(await words(unknown('unsupported'))).to.include('kann noch nicht sagen, was er hat');
    expect(await words(unknown('refused'))).to.include('nicht zu diesem Gespräch passt');
    expect(await words(answered([]))).to.include('Der Server hat nichts zu diesem Gespräch.');
    const liar = await words(answered([held('room')], 'lacks-us'));
    expect(liar).to.include('nennt Ihre Verbindung nicht').and.include('Dass es diesen Raum gibt');
  });

  it('says that no server takes part, and that its part did not load', async () => {
    const without = roomWith(answered([]));
    without.serverReport = async () => null;
    const element = await show(ServerReport, { name: '', room: () => without });
    await open(element);
    expect(textOf(element)).to.include('kein Server beteiligt');
    const broken = roomWith(answered([]));
    broken.serverReport = () => Promise.reject(new Error('no network'));
    const late = await show(ServerReport, { name: '', room: () => broken });
    await open(late);
    expect(textOf(late)).to.include('konnte nicht geladen werden');
    // It comes when the network is back.
    broken.serverReport = async () => answered(EVERYTHING);
    await waitUntil(() => textOf(late).includes('2 Verbindungen als Gast'), 'the list');
  });

  it('asks while it is open, at once when somebody leaves, and never after it was closed', async () => {
    const room = roomWith(answered([seat('host'), seat('guest')]));
    let asked = 0;
    room.serverReport = async () => {
      asked++;
      return room.held;
    };
    const element = await show(ServerReport, { name: '', room: () => room });
    expect(asked).to.equal(0);
    await open(element);
    expect(textOf(element)).to.include('Die Verbindung der Beratung');
    const first = asked;
    await waitUntil(() => asked > first, 'asks again by itself');
    room.held = answered([seat('guest')]);
    const before = asked;
    room.set(snapshot.waiting());
    // In microtasks, so not by the clock, which asks once more where the page stands still for a while.
    await element.updateComplete;
    expect(asked).to.equal(before + 1);
    await waitUntil(() => !textOf(element).includes('Die Verbindung der Beratung'), 'the host is gone from the list');
    byPart<HTMLDetailsElement>(element, 'details').open = false;
    await new Promise((resolve) => element.shadowRoot!.querySelector('details')!.addEventListener('toggle', resolve));
    const closed = asked;
    room.set(snapshot.active({ participants: [participant()] }));
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(asked).to.equal(closed);
    byPart<HTMLDetailsElement>(element, 'details').open = true;
    await waitUntil(() => asked > closed, 'asks when it is opened again');
    element.remove();
    const removed = asked;
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(asked).to.equal(removed);
  });

  it('asks a slow server once at a time, and keeps the last list while it does not answer', async () => {
    const room = roomWith(answered([seat('host')]));
    const element = await show(ServerReport, { name: '', room: () => room });
    await open(element);
    let running = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    room.serverReport = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => answers.push(resolve));
      running--;
      return unknown('unreachable');
    };
    await waitUntil(() => answers.length > 0, 'the next question');
    room.set(snapshot.active({ participants: [] }));
    await element.updateComplete;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(most).to.equal(1);
    answers.shift()?.();
    await waitUntil(() => textOf(element).includes('antwortet gerade nicht'), 'the words');
    expect(textOf(element)).to.include('Die Verbindung der Beratung').and.include('Stand 10:00:00 Uhr');
  });

  it('groups what is of one kind, and bounds what a server makes up', () => {
    const rows = heldRows(EVERYTHING.toReversed());
    expect(rows.map(({ kind, count }) => `${kind} ${String(count)}`)).to.deep.equal([
      'room 1',
      'host-proof 1',
      'connection-host 1',
      'connection-guest 2',
      'admitted-keys 3',
      'relay-nonce 1',
      'code 1',
      'code-connection 1',
      'announcement 1',
      'host-token 1',
      'latest-host 1',
      'other 1',
    ]);
    const invented = Array.from({ length: 2000 }, (_, index) => held(`thing ${String(index)}`));
    expect(heldRows(invented).length).to.equal(31);
    // What looks like one of ours but is named otherwise keeps the server's name.
    expect(heldRows([held('connection host')])[0]?.kind).to.equal('other');
  });
});

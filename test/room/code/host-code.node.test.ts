/** protocol.md §14: how the host's page answers for its code. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { random, type Bytes } from '../../../src/e2ee/bytes.ts';
import { GuestRun } from '../../../src/e2ee/code/code-exchange.ts';
import { deriveCode, formatCode, parseCode } from '../../../src/e2ee/code/spoken-code.ts';
import { HostCode, type HostCodeOptions } from '../../../src/room/code/host-code.ts';
import type { RoomCode } from '../../../src/room/state/state.ts';
import { codeOf } from '../../fuzz/fuzz.ts';
import { until } from '../../support/until.ts';

const ORIGIN = 'https://beratung.example';
const WRONG = 'AAA-AAA-AAA';

/** A host's page, and what it sends to whom. */
function host(options: Partial<HostCodeOptions> = {}) {
  const root = random(48) as Bytes;
  const locators: string[] = [];
  const reports: RoomCode[] = [];
  const problems: string[] = [];
  const errors: unknown[] = [];
  const sent = new Map<string, Bytes[]>();
  const clock = { now: 0 };
  const code = new HostCode({
    root,
    origin: ORIGIN,
    broker: {
      openCode: (locator) => void locators.push(locator),
      sendCode: (to, data) => void sent.set(to, [...(sent.get(to) ?? []), new Uint8Array(data)]),
    },
    before: null,
    invite: async () => '#consult=invite',
    report: (report) => void reports.push(report),
    onProblem: (problem) => void problems.push(problem),
    onError: (error) => void errors.push(error),
    now: () => clock.now,
    ...options,
  });
  const next = async (from: string): Promise<Bytes> =>
    (await until(
      () => sent.get(from)?.shift(),
      (message) => message !== undefined,
      'an answer',
      { every: 2 },
    ))!;
  const say = (from: string, data: Bytes): void => code.onEvent({ type: 'message', from, data });
  const shows = (what: (report: RoomCode) => boolean): Promise<unknown> =>
    until(
      () => reports.at(-1),
      (report) => report !== undefined && what(report),
      'that report',
      { every: 2 },
    );
  return { root, code, locators, reports, problems, errors, sent, clock, next, say, shows };
}

type Host = ReturnType<typeof host>;

async function opened(options: Partial<HostCodeOptions> = {}): Promise<Host> {
  const page = host(options);
  page.code.open();
  await page.shows(() => true);
  page.code.onEvent({ type: 'open' });
  await page.shows(({ step }) => step !== 'opening');
  return page;
}

/** Types a code. @returns the invite, or the error's code */
async function type(page: Host, typed: string, from = `guest ${String(Math.random())}`): Promise<string> {
  // A second later each time, so that the limit of runs does not count here.
  page.clock.now += 1000;
  const guest = await GuestRun.begin({ code: parseCode(typed), origin: ORIGIN });
  let invite = '';
  const code = await codeOf(async () => {
    page.say(from, guest.hello);
    page.say(from, await guest.prove(await page.next(from)));
    invite = await guest.open(await page.next(from));
  });
  return code === 'none' ? invite : code;
}

const textOf = async ({ root }: Host, index = 0): Promise<string> => formatCode(await deriveCode(root, index));

describe('the host’s page', () => {
  it('hands the invite over to everyone who knows its code, and shows the code', async () => {
    const page = await opened();
    const text = await textOf(page);
    assert.deepEqual(page.reports.at(-1), { text, step: 'open', wrong: 0 });
    assert.deepEqual(page.locators, [text.slice(0, 3)]);
    assert.equal(await type(page, text), '#consult=invite');
    assert.equal(await type(page, text), '#consult=invite');
    assert.deepEqual(page.code.record, { index: 0, wrong: 0 });
  });

  it('shows each wrong code, and is done with this one at the fifth, for the right one too', async () => {
    const page = await opened();
    const text = await textOf(page);
    for (let wrong = 1; wrong <= 4; wrong++) {
      assert.equal(await type(page, WRONG), 'code-wrong');
      assert.deepEqual(page.reports.at(-1), { text, step: 'open', wrong });
    }
    assert.deepEqual(page.problems, []);
    assert.equal(await type(page, WRONG), 'code-used-up');
    assert.deepEqual(page.reports.at(-1), { text, step: 'used-up', wrong: 5 });
    assert.deepEqual(page.problems, ['code-used-up']);
    assert.equal(await type(page, text), 'code-used-up');
    page.code.onEvent({ type: 'open' });
    assert.equal(await type(page, text), 'code-used-up');
    assert.equal(page.reports.at(-1)?.step, 'used-up');
  });

  it('takes no sixth guess from runs that all began before the first proof', async () => {
    const page = await opened();
    const text = await textOf(page);
    const typed = [WRONG, WRONG, WRONG, WRONG, WRONG, text];
    const proofs: Bytes[] = [];
    for (const [index, code] of typed.entries()) {
      const guest = await GuestRun.begin({ code: parseCode(code), origin: ORIGIN });
      page.say(String(index), guest.hello);
      proofs.push(await guest.prove(await page.next(String(index))));
    }
    for (const [index, proof] of proofs.entries()) page.say(String(index), proof);
    const answers = await Promise.all(typed.map((_, index) => page.next(String(index))));
    assert.deepEqual(
      answers.map(([kind]) => kind),
      [5, 5, 5, 5, 6, 6],
    );
  });

  it('counts a guess before it answers, and on after a reload', async () => {
    const seen: (number | undefined)[] = [];
    const page: Host = await opened({
      broker: {
        openCode: () => undefined,
        sendCode: (to, data) => {
          if (data[0] === 5) seen.push(page.code.record.wrong);
          page.sent.set(to, [new Uint8Array(data)]);
        },
      },
      before: { index: 3, wrong: 3 },
    });
    assert.equal(page.reports.at(-1)?.text, await textOf(page, 3));
    assert.equal(await type(page, WRONG), 'code-wrong');
    assert.deepEqual(seen, [4]);
    const again = await opened({ before: page.code.record });
    assert.equal(await type(again, WRONG), 'code-used-up');
    const third = await opened({ before: again.code.record });
    assert.equal(third.reports.at(-1)?.step, 'used-up');
  });

  it('makes another code on request, and the one before opens nothing more', async () => {
    const page = await opened();
    const [first, second] = [await textOf(page), await textOf(page, 1)];
    for (let count = 0; count < 5; count++) await type(page, WRONG);
    const early = await GuestRun.begin({ code: parseCode(first), origin: ORIGIN });
    page.code.renew();
    page.code.onEvent({ type: 'open' });
    await page.shows(({ text, step }) => text === second && step === 'open');
    assert.deepEqual(page.reports.at(-1), { text: second, step: 'open', wrong: 0 });
    assert.equal(page.locators.at(-1), second.slice(0, 3));
    page.clock.now += 1000;
    page.say('early', early.hello);
    page.say('early', await early.prove(await page.next('early')));
    assert.equal((await page.next('early'))[0], 5);
    assert.equal(await type(page, second), '#consult=invite');
  });

  it('drops the runs of a code that it replaces', async () => {
    const page = await opened();
    const guest = await GuestRun.begin({ code: parseCode(await textOf(page)), origin: ORIGIN });
    page.say('one', guest.hello);
    const proof = await guest.prove(await page.next('one'));
    page.code.renew();
    page.say('one', proof);
    page.say('two', (await GuestRun.begin({ code: parseCode(WRONG), origin: ORIGIN })).hello);
    await page.next('two');
    assert.deepEqual(page.sent.get('one'), []);
  });

  it('counts on where a server says that another room has the locator, and is done at the fifth all the same', async () => {
    const page = await opened();
    for (let count = 0; count < 4; count++) await type(page, WRONG);
    page.code.onEvent({ type: 'taken' });
    const next = await textOf(page, 1);
    await page.shows(({ text }) => text === next);
    assert.deepEqual([page.reports.at(-1)?.wrong, page.code.record], [4, { index: 1, wrong: 4 }]);
    page.code.onEvent({ type: 'open' });
    assert.equal(await type(page, WRONG), 'code-used-up');
    assert.deepEqual(page.problems, ['code-used-up']);
    // Nor is a void one made good by it.
    page.code.onEvent({ type: 'taken' });
    assert.equal(await type(page, next), 'code-used-up');
    assert.deepEqual([page.code.record, page.locators.length], [{ index: 1, wrong: 5 }, 2]);
    page.code.renew();
    await page.shows(({ wrong }) => wrong === 0);
    assert.equal(page.code.record.index, 2);
  });

  it('takes its next code where another room has the locator, up to eight times', async () => {
    const page = host();
    page.code.open();
    for (let index = 0; index < 8; index++) {
      const text = await textOf(page, index);
      await page.shows((report) => report.text === text);
      page.code.onEvent({ type: 'taken' });
    }
    await page.shows(({ step }) => step === 'unavailable');
    assert.equal(page.locators.length, 8);
    page.code.renew();
    await page.shows(({ step }) => step === 'opening');
    assert.equal(page.locators.length, 9);
  });

  it('answers a flood with “busy”, and what is no message of ours not at all', async () => {
    const page = await opened();
    for (const data of [new Uint8Array(0), Uint8Array.of(1), random(114), Uint8Array.of(3), Uint8Array.of(9)])
      page.say('odd', new Uint8Array(data));
    const kinds: (number | undefined)[] = [];
    for (let index = 0; index < 12; index++) {
      const from = String(index);
      page.say(from, (await GuestRun.begin({ code: parseCode(WRONG), origin: ORIGIN })).hello);
      kinds.push((await page.next(from))[0]);
    }
    assert.equal(kinds.filter((kind) => kind === 2).length + kinds.filter((kind) => kind === 7).length, 12);
    assert.ok(
      kinds.slice(10).every((kind) => kind === 7),
      kinds.join(),
    );
    assert.equal(page.sent.has('odd'), false);
    assert.deepEqual(page.errors, []);
  });

  it('forgets the run of a guest who leaves, and everything when it closes', async () => {
    const page = await opened();
    const text = await textOf(page);
    const guest = await GuestRun.begin({ code: parseCode(text), origin: ORIGIN });
    page.say('one', guest.hello);
    const proof = await guest.prove(await page.next('one'));
    page.code.onEvent({ type: 'left', from: 'one' });
    page.say('one', proof);
    assert.equal(await type(page, text, 'two'), '#consult=invite');
    assert.deepEqual(page.sent.get('one'), []);
    page.code.close();
    page.say('three', (await GuestRun.begin({ code: parseCode(text), origin: ORIGIN })).hello);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(page.sent.has('three'), false);
  });
});

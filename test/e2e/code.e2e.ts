/** A code read out on the telephone instead of a link: five wrong ones void it, told on both sides, and the next one opens the call. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { acknowledge, meet } from './meet.ts';
import { addressOf, reads, state } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

interface Code {
  readonly text: string;
  readonly step: string;
  readonly wrong: number;
}

const code = (host: Person, what: (code: Code) => boolean): Promise<Code> =>
  until(
    () => state<Code | null>(host, 'code'),
    (now) => now !== null && what(now),
    'the code',
  ) as Promise<Code>;

/** Empties the field, types a code and submits it. */
async function enter(guest: Person, text: string): Promise<void> {
  const field = await guest.find('code-input');
  await field.evaluate((element) => {
    (element as HTMLInputElement).value = '';
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await guest.type('code-input', text);
  await guest.page.keyboard.press('Enter');
}

const refused = (guest: Person, times: number): Promise<unknown> =>
  until(
    async () => (await guest.seen()).errors.filter((error) => error.startsWith('code-')).length,
    (count) => count === times,
    'the refusal',
  );

interface Leading {
  readonly room: {
    readonly state: { readonly participants: readonly { readonly id: string }[] };
    handOver(id: string): void;
    takeOver(): void;
    renewCode(): void;
  };
}

const leads = (person: Person, role: 'host' | 'guest'): Promise<unknown> =>
  until(
    () =>
      person.page.evaluate(
        () =>
          (document.querySelector('consult-room') as { room?: { state: { role?: string } } } | null)?.room?.state.role,
      ),
    (now) => now === role,
    `the role of a ${role}`,
  );

describe('[R5] a spoken code', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium', 'firefox');

  it('brings a guest without a link into the call, and is void after five wrong tries', async () => {
    const room = await makeRoom(server.address);
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, room.host),
      openWindow(browsers.firefox, new URL('room.html', server.address).href),
    ]);
    await Promise.all([host.arrive({ name: 'Frau Berger' }), guest.seePhase('failed')]);
    const first = await code(host, ({ step }) => step === 'open');
    const wrong = `${first.text.slice(0, 3)}-000-000`;
    for (let count = 1; count <= 5; count++) {
      await enter(guest, wrong);
      await refused(guest, count);
    }
    assert.deepEqual((await guest.seen()).errors, [
      'invite-missing',
      ...Array<string>(4).fill('code-wrong'),
      'code-used-up',
    ]);
    for (const person of [guest, host])
      await reads(person, 'Der Code wurde fünfmal falsch eingegeben und gilt nicht mehr.');
    assert.deepEqual((await host.seen()).errors, ['code-used-up']);
    await host.picture('code-void-host');
    await guest.picture('code-void-guest');
    // The right one opens nothing more.
    await enter(guest, first.text);
    await refused(guest, 6);
    await host.click('new-code-button');
    const second = await code(host, ({ step, text }) => step === 'open' && text !== first.text);
    assert.equal(second.wrong, 0);
    await enter(guest, second.text.toLowerCase().replaceAll('-', ' '));
    await guest.seePhase('notice');
    const address = await addressOf(guest);
    assert.ok(!address.includes('consult'), address);
    await guest.arrive({ name: 'Mia', occupants: 'meine Schwester' });
    await host.click('admit-button');
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(5), guest.seeFrames(5)]);
  });

  it('counts on when the host takes the room back, also after a reload while another one led', async () => {
    const room = await makeRoom(server.address);
    const [host, guest, stranger] = await Promise.all([
      openWindow(browsers.chromium, room.host),
      openWindow(browsers.firefox, room.guest),
      openWindow(browsers.chromium, new URL('room.html', server.address).href),
    ]);
    await Promise.all([meet(host, guest), stranger.seePhase('failed')]);
    // Not the first one, which a page that has forgotten everything would show.
    const opened = await code(host, ({ step }) => step === 'open');
    await host.page.evaluate(() => (document.querySelector('consult-room') as unknown as Leading).room.renewCode());
    const first = await code(host, ({ step, text }) => step === 'open' && text !== opened.text);
    await enter(stranger, `${first.text.slice(0, 3)}-000-000`);
    await refused(stranger, 1);
    await code(host, ({ wrong }) => wrong === 1);
    await leads(host, 'host');
    await host.page.evaluate(() => {
      const { room } = document.querySelector('consult-room') as unknown as Leading;
      room.handOver(room.state.participants[0]?.id ?? '');
    });
    await guest.click('lead-button');
    await Promise.all([leads(host, 'guest'), leads(guest, 'host')]);
    assert.equal(await state(host, 'code'), null);
    await host.page.reload();
    await leads(host, 'guest');
    await until(
      () => state<readonly unknown[]>(host, 'participants'),
      ({ length }) => length === 1,
      'the one who leads',
    );
    await host.page.evaluate(() => (document.querySelector('consult-room') as unknown as Leading).room.takeOver());
    await leads(host, 'host');
    const { text, wrong } = await code(host, ({ step }) => step === 'open');
    assert.deepEqual([text, wrong], [first.text, 1]);
  });
});

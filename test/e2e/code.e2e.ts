/** A code read out on the telephone instead of a link: five wrong ones void it, told on both sides, and the next one opens the call. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { acknowledge } from './meet.ts';
import { reads, state } from './reading.ts';
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
    assert.ok(!guest.page.url().includes('consult'), guest.page.url());
    await guest.arrive({ name: 'Mia', occupants: 'meine Schwester' });
    await host.click('admit-button');
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(5), guest.seeFrames(5)]);
  });
});

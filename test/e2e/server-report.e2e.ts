/** What the server holds of a room, as people see it in the room while others come and leave. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

interface Report {
  readonly step: string;
  readonly trust: string;
  readonly held: readonly {
    readonly item: string;
    readonly holds: Readonly<Record<string, string>>;
    readonly deleted: number;
  }[];
}

/** Opens the list in the panel. */
async function look(person: Person): Promise<void> {
  await person.clickMore('security-button');
  await person.see(() => {
    const room = document.querySelector('consult-room')?.shadowRoot;
    const details = room?.querySelector('server-report')?.shadowRoot?.querySelector('details');
    if (details) details.open = true;
    return details?.open;
  });
}

const reads = (person: Person, words: string): Promise<unknown> =>
  person.page.waitForFunction(
    (wanted) => {
      const room = document.querySelector('consult-room')?.shadowRoot;
      return room?.querySelector('server-report')?.shadowRoot?.textContent?.includes(wanted);
    },
    { timeout: PATIENCE, polling: POLLING },
    words,
  );

const report = (person: Person): Promise<Report> =>
  person.page.evaluate(() =>
    (
      document.querySelector('consult-room') as unknown as { room: { serverReport(): Promise<Report> } }
    ).room.serverReport(),
  );

describe('the account of what the server holds', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium', 'firefox');

  it('[R3] [R12] follows who comes and leaves, in Chromium and in Firefox', async () => {
    const links = await makeRoom(server.address);
    const host = await openWindow(browsers.chromium, links.host);
    const guest = await openWindow(browsers.firefox, links.guest);
    await meet(host, guest);
    await Promise.all([look(host), look(guest)]);
    for (const person of [host, guest])
      for (const words of ['Die Verbindung der Beratung', 'Eine Verbindung als Gast', 'Wer den Raum leiten darf'])
        await reads(person, words);

    const third = await openWindow(browsers.chromium, links.guest);
    await third.arrive({ name: 'Wolke' });
    await Promise.all([reads(host, '2 Verbindungen als Gast'), reads(guest, '2 Verbindungen als Gast')]);
    await third.leave();
    await Promise.all([reads(host, 'Eine Verbindung als Gast'), reads(guest, 'Eine Verbindung als Gast')]);

    await guest.leave();
    await host.see(async () => {
      const { room } = document.querySelector('consult-room') as unknown as {
        room: { serverReport(): Promise<Report> };
      };
      const { held } = await room.serverReport();
      return held.filter(({ item }) => item === 'connection').length === 1;
    });
    const alone = await report(host);
    assert.equal(alone.trust, 'plausible');
    assert.deepEqual(
      alone.held.filter(({ item }) => item === 'connection').map(({ holds }) => holds['role']),
      ['host'],
    );
    assert.ok(alone.held.every(({ deleted }) => deleted > Date.now()));
    assert.deepEqual((await host.seen()).errors, []);
    await host.leave();
  });
});

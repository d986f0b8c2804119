/**
 * The notice and what becomes of a consent, as people meet them: in whole pages, and checked with the command an
 * operator has.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, it } from 'node:test';
import type { BrowserName } from '../support/browsers.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

interface Receipt {
  readonly record: {
    readonly consent_kind: string;
    readonly record_id: string;
    readonly privacy_notice: { readonly hash: string };
    readonly events: readonly { readonly event_state: string }[];
  };
}

/** In the page, from its first line on: what a site hears of consents. */
function listen(): void {
  const receipts: unknown[] = [];
  Object.assign(window, { receipts });
  window.addEventListener('consult-consent', (event) =>
    receipts.push((event as CustomEvent<{ receipt: unknown }>).detail.receipt),
  );
}

const told = async (person: Person): Promise<readonly Receipt[]> =>
  JSON.parse(
    await person.page.evaluate(() => JSON.stringify((window as unknown as { receipts: unknown }).receipts)),
  ) as readonly Receipt[];
const hears = (person: Person, count: number): Promise<unknown> =>
  person.page.waitForFunction(
    (wanted) => (window as unknown as { receipts: readonly unknown[] }).receipts.length >= wanted,
    { timeout: PATIENCE, polling: POLLING },
    count,
  );
const kinds = (receipts: readonly Receipt[]): readonly string[] =>
  receipts.map(({ record }) => `${record.consent_kind} ${record.events.at(-1)?.event_state ?? ''}`);

const cli = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['dist/server/cli.js', ...args], { encoding: 'utf8' });

/** Everything that can be read in a page, shadow trees included. */
const read = (person: Person): Promise<string> =>
  person.page.evaluate(() => {
    const texts = (root: ParentNode): string =>
      [...root.querySelectorAll('*')]
        .map((element) => {
          const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
          const inner = element.shadowRoot ? texts(element.shadowRoot) : '';
          return element.localName === 'style' ? '' : `${own.map(({ textContent }) => textContent).join('')}\n${inner}`;
        })
        .join('\n');
    return texts(document).replaceAll(/[^\S\n]+/gu, ' ');
  });

for (const name of ['chromium', 'firefox'] as const satisfies readonly BrowserName[])
  describe(`consent in ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'consult-room-consent-'));
    const server = useServer();
    const browsers = useBrowsers(name);

    after(() => rmSync(folder, { recursive: true }));

    const check = (value: unknown, ...flags: readonly string[]) => {
      const file = join(folder, 'receipt.json');
      writeFileSync(file, JSON.stringify(value));
      return cli('verify-receipt', file, ...flags);
    };

    it('[R1] [R2] shows the notice of the real configuration word for word as the command prints it', async () => {
      const { guest: link } = await makeRoom(server.address);
      const guest = await openWindow(browsers[name], link);
      await guest.seePhase('notice');
      await guest.find('accept-button');
      const { stdout } = cli('notice', '--config', 'demo/config.json', '--format', 'txt');
      const printed = stdout
        .split('\n')
        .map((line) => line.replace(/^- /u, '').trim())
        .filter((line) => line !== '' && !/^[=-]+$/u.test(line));
      assert.ok(printed.length > 50);
      await guest.see(() => {
        const notice = document.querySelector('consult-room')?.shadowRoot?.querySelector('privacy-notice');
        return notice?.shadowRoot?.textContent?.includes('SHA-384') ?? false;
      });
      const shown = await read(guest);
      for (const line of printed) assert.ok(shown.includes(line), line);
      assert.ok(printed.some((line) => line.includes('Beispielweg 1, 12345 Beispielstadt')));
      if (name === 'chromium') {
        mkdirSync('dist/evidence', { recursive: true });
        await guest.page.pdf({
          path: 'dist/evidence/notice-de.pdf',
          format: 'a4',
          margin: { top: '2cm', bottom: '2cm' },
        });
        writeFileSync(
          'dist/evidence/notice-de.html',
          cli('notice', '--config', 'demo/config.json', '--format', 'html').stdout,
        );
        assert.ok(readFileSync('dist/evidence/notice-de.pdf').length > 10_000);
      }
      await guest.leave();
    });

    it('[R1] [R5] issues nameless receipts that verify offline, unless one is changed', async () => {
      const { guest: link } = await makeRoom(server.address);
      const guest = await openWindow(browsers[name], link, { before: listen });
      assert.deepEqual(await told(guest), []);
      await guest.arrive({ name: 'Mia Sonnenschein', occupants: 'meine Schwester' });
      await hears(guest, 3);
      const receipts = await told(guest);
      assert.deepEqual(kinds(receipts), ['notice given', 'no-recording given', 'group-rules given']);
      // Without keys, ids and signatures: in a few of a thousand there are three such letters by chance.
      const words = JSON.stringify(receipts).replaceAll(/[\w-]{22,}/gu, '');
      assert.ok(!/Mia|Sonnenschein|Schwester/u.test(words), words);

      const valid = check(receipts, '--config', 'demo/config.json');
      assert.equal(valid.status, 0, valid.stdout + valid.stderr);
      assert.match(valid.stdout, /^valid: .*\n(?:.*\n)*.*the one of this configuration/u);
      const [receipt] = receipts;
      const changed = check(JSON.parse(JSON.stringify(receipt).replace('"given"', '"withdrawn"')));
      assert.equal(changed.status, 1);
      assert.match(changed.stdout, /^CHANGED/u);
      const foreign = check({ hello: 'world' });
      assert.equal(foreign.status, 3);
      assert.match(foreign.stdout, /^not a receipt/u);
      const other = join(folder, 'other.json');
      writeFileSync(other, readFileSync('demo/config.json', 'utf8').replace('Demo-Beratungsstelle', 'Andere Stelle'));
      assert.equal(check(receipt, '--config', other).status, 4);
      assert.equal(cli('verify-receipt').status, 2);
      await guest.leave();
    });

    it('[R1] [R3] ends the call on both sides and offers the receipts when one button withdraws consent', async () => {
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[name], links.host, { before: listen }),
        openWindow(browsers[name], links.guest, { before: listen }),
      ]);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);

      await guest.clickMore('security-button');
      await guest.click('withdraw-consent-button');
      await Promise.all([guest.seePhase('ended'), host.seePhase('waiting')]);
      await hears(guest, 6);
      const receipts = await told(guest);
      assert.deepEqual(kinds(receipts.slice(3)), [
        'notice withdrawn',
        'no-recording withdrawn',
        'group-rules withdrawn',
      ]);
      assert.equal(receipts[3]?.record.record_id, receipts[0]?.record.record_id);
      const verified = check(receipts.slice(3), '--config', 'demo/config.json');
      assert.equal(verified.status, 0, verified.stdout);
      assert.match(verified.stdout, /now: withdrawn/u);
      assert.match(verified.stdout, /not proved: who the person is/u);

      await guest.unfoldReceipts();
      await guest.find('save-button');
      assert.deepEqual(await guest.page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [
        0,
        0,
        '',
      ]);
      assert.equal((await told(host)).length, 3, 'the other side hears nothing of it but the goodbye');
      await guest.leave();
      await host.leave();
    });

    it('[R1] keeps the consents of the session, and their withdrawal, when the page reloads', async () => {
      const { guest: link } = await makeRoom(server.address);
      const guest = await openWindow(browsers[name], link, { before: listen });
      await guest.arrive({ name: 'Mia' });
      await hears(guest, 3);
      const receipts = await told(guest);
      await guest.see(() => (sessionStorage.getItem('consult-room') ?? '').includes('group-rules'));
      await guest.page.reload();
      await guest.seePhase('waiting');
      assert.deepEqual(await told(guest), [], 'what the site heard before is not said again');
      await guest.page.evaluate(() =>
        (document.querySelector('consult-room') as unknown as { room: { withdraw(kind: string): void } }).room.withdraw(
          'notice',
        ),
      );
      await guest.seePhase('ended');
      await hears(guest, 3);
      const withdrawn = await told(guest);
      assert.deepEqual(
        withdrawn.map(({ record }) => record.record_id),
        receipts.map(({ record }) => record.record_id),
      );
      assert.equal(check(withdrawn).status, 0);
      await guest.leave();
    });
  });

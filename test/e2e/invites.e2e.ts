/**
 * Invite links. Those made in other languages and by a reception lead into a call; unusable ones have each a plain text of their own, in
 * German and English, and open no connection.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import { createInvite as inviteOfPast } from '../../src/e2ee/admission/invite-token.ts';
import { createInvite } from '../../src/invite.ts';
import { findPython } from '../support/prerequisites.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { addressOf } from './reading.ts';
import { type Links, makeRoom, openWindow, type Person } from './stage.ts';

const words = (person: Person): Promise<string> =>
  person.page.evaluate(() => {
    const text = (root: ParentNode): string =>
      [...root.childNodes]
        .map((node) => {
          if (node instanceof Text) return node.data;
          if (!(node instanceof Element) || node instanceof HTMLStyleElement) return '';
          return text(node.shadowRoot ?? node);
        })
        .join(' ');
    return text(document.body).replace(/\s+/gu, ' ');
  });

describe('[R5] an invite link', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium');

  async function links(): Promise<Readonly<Record<string, string>>> {
    const { guest } = await makeRoom(server.address);
    const base = new URL('room.html', server.address);
    const past = await inviteOfPast({ base, expires: new Date(Date.now() - 60_000) });
    const foreign = await createInvite({ base: 'https://andere-stelle.example/room.html' });
    return {
      'invite-missing': base.href,
      'invite-damaged': guest.slice(0, -3),
      'invite-expired': past.guestLink,
      'invite-foreign': base.href + new URL(foreign.guestLink).hash,
    };
  }

  it('shows a text of its own in both languages when it is missing, damaged, expired or of another site', async () => {
    const said = new Set<string>();
    for (const [code, link] of Object.entries(await links()))
      for (const lang of ['de', 'en']) {
        const url = new URL(link);
        url.searchParams.set('lang', lang);
        const person = await openWindow(browsers.chromium, url.href);
        await person.seePhase('failed');
        assert.deepEqual((await person.seen()).errors, [code]);
        assert.equal((await person.seen()).captures, 0);
        said.add(await words(person));
        await person.picture(`failed-${code}-${lang}`);
        await person.leave();
      }
    assert.equal(said.size, 8);
  });

  it('opens the room, and leaves the address bar empty, when a mail scanner has encoded its signs', async () => {
    for (const arrive of [
      (link: string) => link.replace('#', '%23'),
      (link: string) => link.replace('#consult=', '%23consult%3D'),
      (link: string) => link.replace('room.html', '/room.html'),
      (link: string) => `${link}.`,
    ]) {
      const { guest } = await makeRoom(server.address);
      const person = await openWindow(browsers.chromium, arrive(guest));
      await person.seePhase('notice');
      assert.deepEqual((await person.seen()).errors, []);
      const address = await addressOf(person);
      assert.ok(!address.includes('consult'), address);
      await person.leave();
    }
  });

  it('ends calmly and names alternatives when the host refuses the guest', async () => {
    const room = await makeRoom(server.address);
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, room.host),
      openWindow(browsers.chromium, room.guest),
    ]);
    await Promise.all([host.arrive(), guest.arrive({ name: 'Mia' })]);
    await host.click('refuse-button');
    await guest.seePhase('failed');
    assert.deepEqual((await guest.seen()).errors, ['refused-by-host']);
    assert.equal((await guest.seen()).peers, 0);
    assert.match(await words(guest), /Rufen Sie uns an/u);
    await guest.leave();
    await host.leave();
  });

  const made = (command: string, script: string, ...more: readonly string[]): Links => {
    const base = new URL('room.html', server.address).href;
    const expires = String(Math.floor(Date.now() / 1000) + 3_600);
    const file = `src/server/examples/${script}`;
    const options = command === 'php' ? [] : ['-B'];
    return JSON.parse(execFileSync(command, [...options, file, base, expires, ...more]).toString()) as Links;
  };

  it('made in PHP leads into a call', async () => {
    const room = made('php', 'invite.php');
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, room.host),
      openWindow(browsers.chromium, room.guest),
    ]);
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    await Promise.all([host.leave(), guest.leave()]);
  });

  it('made in Python by a reception leads into a call, and opens as the host in the counsellor’s browser alone', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export { hostPublicPart } from './src/invite.ts';", resolveDir: '.', loader: 'ts' },
      bundle: true,
      format: 'iife',
      globalName: 'invites',
      write: false,
    });
    const [{ text } = { text: '' }] = outputFiles;
    const host = await openWindow(browsers.chromium, new URL('list.html', server.address).href);
    const publicPart = await host.page.evaluate(`${text}; invites.hostPublicPart()`);
    const room = made(findPython() ?? 'python3', 'invite.py', '--for', String(publicPart));
    const reception = await openWindow(browsers.chromium, room.host);
    await reception.seePhase('failed');
    assert.deepEqual((await reception.seen()).errors, ['host-key-missing']);
    await reception.leave();
    await host.page.goto(room.host);
    const guest = await openWindow(browsers.chromium, room.guest);
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    await Promise.all([host.leave(), guest.leave()]);
  });
});

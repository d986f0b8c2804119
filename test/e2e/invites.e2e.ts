/** Unusable invites and a refused guest: each has its own plain text in German and English, and opens no connection. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createInvite } from '../../src/invite.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

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
    const past = await createInvite({ base, expires: new Date(Date.now() - 60_000) });
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
      assert.ok(!person.page.url().includes('consult'), person.page.url());
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
});

/** A page that requires Trusted Types: the room works with the two policies that the page on embedding names, and with no others. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createInvite } from '../../src/invite.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { openWindow } from './stage.ts';

const EMBEDDING = 'src/elements/README.md';
const demo = mkdtempSync(join(tmpdir(), 'consult-room-trusted-'));

/** The demo's room in a page with this policy. */
function page(name: string, policies: string): void {
  const head = `<head><meta http-equiv="Content-Security-Policy" content="require-trusted-types-for 'script'; ${policies}">`;
  writeFileSync(join(demo, name), readFileSync('dist/demo/room.html', 'utf8').replace('<head>', head));
}

describe('a page that requires Trusted Types', () => {
  const browsers = useBrowsers();
  const server = useServer({ flags: ['--static', demo] });
  after(() => rmSync(demo, { recursive: true }));
  cpSync('dist/demo', demo, { recursive: true });
  const [, named = ''] =
    /^(trusted-types .*); require-trusted-types-for 'script'$/mu.exec(readFileSync(EMBEDDING, 'utf8')) ?? [];
  page('trusted.html', named);
  page('untrusted.html', 'trusted-types lit-html');

  const links = (name: string) => createInvite({ base: new URL(name, server.address) });

  for (const name of ['chromium', 'firefox'] as const) {
    it(`holds a call when it lists the policies that we name, in ${name}`, async () => {
      assert.ok(named.includes('consult-room'));
      const { hostLink, guestLink } = await links('trusted.html');
      const [host, guest] = await Promise.all([
        openWindow(browsers[name], hostLink),
        openWindow(browsers[name], guestLink),
      ]);
      assert.equal(await host.page.evaluate(() => 'trustedTypes' in window), true);
      await meet(host, guest);
      await guest.seeFrames();
      await host.leave();
      await guest.leave();
    });

    it(`is told that the worker is blocked when it does not list ours, in ${name}`, async () => {
      const { guestLink } = await links('untrusted.html');
      const guest = await openWindow(browsers[name], guestLink);
      await guest.seePhase('failed');
      assert.deepEqual((await guest.seen()).errors, ['worker-blocked']);
      await guest.leave();
    });
  }
});

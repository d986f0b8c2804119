import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseInvite } from '../../src/e2ee/admission/invite-token.ts';
import { spokenCode } from '../../src/invite.ts';
import { run } from './command.ts';

describe('consult-room-server invite', () => {
  const base = 'https://beratung.example/room.html';

  it('prints both links, the host’s first', async () => {
    const { code, out } = await run(['invite', '--base', base]);
    assert.equal(code, 0);
    const [first = '', second = ''] = out.split('\n');
    assert.ok(first.startsWith('host: ') && second.startsWith('guest: '));
    const links = [first, second].map((line) => new URL(line.replace(/^\w+:\s+/u, '')));
    const [host, guest] = await Promise.all(links.map((link) => parseInvite(link.hash, { origin: link.origin })));
    assert.deepEqual([host?.role, guest?.role], ['host', 'guest']);
    assert.deepEqual(host?.secret, guest?.secret);
  });

  it('prints links that are valid as long as the policy, or every policy, allows', async () => {
    for (const [flags, hours] of [
      [['--policy', 'gewaltschutz'], 12],
      [['--policy', 'anlage-31b'], 24],
      [['--policy', 'beratung'], 48],
      [[], 12],
    ] as const) {
      const { out } = await run(['invite', '--base', base, ...flags, '--json']);
      const { expires } = JSON.parse(out) as { expires: string };
      assert.ok(Math.abs(Date.parse(expires) - Date.now() - hours * 3_600_000) < 60_000);
    }
    assert.match((await run(['invite', '--base', base, '--policy', 'none'])).err, /--policy/u);
  });

  it('prints links that are valid as long as the site’s configuration allows', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'invite-'));
    const file = join(directory, 'config.json');
    const site = {
      operator: { name: 'B', country: 'DE' },
      servers: [{ role: 'signaling', operator: 'B', country: 'DE' }],
    };
    for (const [policy, hours] of [
      [{ policy: 'anlage-31b' }, 24],
      [{ policy: 'beratung', rules: { inviteHours: 3 } }, 3],
    ] as const) {
      writeFileSync(file, JSON.stringify({ ...site, ...policy }));
      const { out } = await run(['invite', '--base', base, '--config', file, '--json']);
      const { expires } = JSON.parse(out) as { expires: string };
      assert.ok(Math.abs(Date.parse(expires) - Date.now() - hours * 3_600_000) < 60_000, out);
    }
    assert.match((await run(['invite', '--base', base, '--config', `${file}.none`])).err, /cannot be read/u);
    rmSync(directory, { recursive: true });
  });

  it('prints JSON for programs, and links that are valid as long as requested', async () => {
    const { out } = await run(['invite', '--base', base, '--hours', '3', '--json']);
    const { guest, expires } = JSON.parse(out) as { host: string; guest: string; expires: string };
    const link = new URL(guest);
    const invite = await parseInvite(link.hash, { origin: link.origin });
    assert.ok(Math.abs(invite.expires - Date.parse(expires)) < 1000);
    assert.ok(Math.abs(invite.expires - Date.now() - 3 * 3_600_000) < 60_000);
  });

  it('prints the code of the host link on request', async () => {
    for (const flags of [['--code', '--json'], ['--code'], []] as const) {
      const { code: exit, out } = await run(['invite', '--base', base, ...flags]);
      assert.equal(exit, 0);
      const host = /https:\S+?(?=["\s])/u.exec(out)?.[0] ?? '';
      const printed = /[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}(?=["\n])/u.exec(out)?.[0];
      assert.equal(printed, flags.length > 0 ? await spokenCode(host) : undefined);
    }
  });

  it('says from when the links open', async () => {
    const times = async (...flags: readonly string[]) => {
      const { out } = await run(['invite', '--base', base, ...flags, '--json']);
      const { opens, expires } = JSON.parse(out) as { opens: string; expires: string };
      return [Date.parse(opens) - Date.now(), Date.parse(expires) - Date.parse(opens)].map(
        (span) =>
          // Just now is 0, not -0.
          Math.round(span / 3_600_000) + 0,
      );
    };
    // A room of this policy opens in the last 48 hours of an invite.
    assert.deepEqual(await times('--policy', 'beratung', '--hours', '72'), [24, 48]);
    assert.deepEqual(await times('--policy', 'beratung', '--hours', '2'), [0, 2]);
    const { out } = await run(['invite', '--base', base, '--hours', '2']);
    assert.match(out, /^opens:   \d{4}-\S+ \(now\)$/mu);
  });
});

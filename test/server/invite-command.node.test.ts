import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseInvite } from '../../src/e2ee/admission/invite-token.ts';
import { spokenCode } from '../../src/invite.ts';
import { inviteText } from '../../src/server/invite-command.ts';
import { UsageError } from '../../src/server/settings.ts';
import { run as runProcess } from './command.ts';

/** The command in this process: what it prints, or with which mistake it ends. */
async function run([, ...args]: readonly string[]): Promise<{
  readonly code: number;
  readonly out: string;
  readonly err: string;
}> {
  try {
    return { code: 0, out: `${await inviteText(args, {})}\n`, err: '' };
  } catch (error: unknown) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out: '', err: error.message };
  }
}

describe('consult-room-server invite', () => {
  const base = 'https://beratung.example/room.html';

  it('prints both links, the host’s first', async () => {
    const { code, out } = await runProcess(['invite', '--base', base]);
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

  it('makes links without a key for a counsellor whose browser keeps it, and their code', async () => {
    const { publicPart, kept } = JSON.parse(readFileSync('test/vectors/invites.json', 'utf8')) as {
      readonly publicPart: string;
      readonly kept: readonly { readonly guest: string }[];
    };
    const { out } = await run(['invite', '--base', base, '--for', publicPart, '--code', '--json']);
    const made = JSON.parse(out) as { readonly host: string; readonly guest: string; readonly code: string };
    const { origin } = new URL(base);
    const [host, guest, other] = await Promise.all(
      [made.host, made.guest, kept[0]?.guest ?? ''].map((link) => parseInvite(link, { origin })),
    );
    assert.deepEqual([host?.role, host?.hostKey], ['host', undefined]);
    assert.deepEqual(guest?.thumb, other?.thumb);
    assert.equal(made.code, await spokenCode(made.host));
    for (const [page, part, words] of [
      [base, publicPart.slice(2), /--for: not the public part/u],
      ['https://andere.example/', publicPart, /--for: .* another site/u],
    ] as const) {
      const { code, err } = await run(['invite', '--base', page, '--for', part]);
      assert.equal(code, 2);
      assert.match(err, words);
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

  it('writes a sheet and a calendar entry for the client, with the guest link, the code and no host link', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'sheet-'));
    t.after(() => rmSync(directory, { recursive: true }));
    const [config, sheet, ics] = ['config.json', 'sheet.html', 'termin.ics'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const site = {
      operator: { name: 'Beratung <b>am Markt</b>', country: 'DE' },
      servers: [{ role: 'signaling', operator: 'B', country: 'DE' }],
      alternatives: { telephone: '030 123' },
    };
    writeFileSync(config, JSON.stringify(site));
    const day = new Date(Date.now() + 20 * 24 * 3_600_000).toISOString().slice(0, 10);
    const time = ['--starts', `${day}T10:30`, '--time-zone', 'America/New_York', '--minutes', '45'];
    const files = ['--config', config, '--sheet', sheet, '--ics', ics];
    const { out } = await run(['invite', '--base', base, ...time, ...files, '--code', '--json']);
    const made = JSON.parse(out) as Readonly<Record<'host' | 'guest' | 'code' | 'opens' | 'expires', string>>;
    const begin = Number(/^DTSTART:(\d{8})T(\d{2})3000Z\r$/mu.exec(readFileSync(ics, 'utf8'))?.[2]);
    // 10:30 in New York is 14:30 or 15:30 UTC.
    assert.ok([14, 15].includes(begin));
    assert.equal(Date.parse(made.expires), Date.parse(`${day}T${String(begin)}:30:00Z`) + 105 * 60_000);
    assert.ok(Date.parse(made.opens) < Date.parse(`${day}T${String(begin)}:30:00Z`));
    for (const file of [sheet, ics]) {
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const text = readFileSync(file, 'utf8').replaceAll('\r\n ', '');
      assert.ok(text.includes(made.guest) && !text.includes(made.host));
      assert.ok(text.includes('030 123'));
    }
    const html = readFileSync(sheet, 'utf8');
    assert.ok(html.includes(made.code) && html.includes('10:30') && html.includes('etwa 45 Minuten'));
    assert.ok(html.includes('Beratung &lt;b&gt;am Markt&lt;/b&gt;'));
  });

  it('names what is wrong with the time of an appointment, or with a file', async () => {
    const later = new Date(Date.now() + 100 * 3_600_000).toISOString();
    for (const [flags, words] of [
      [['--starts', 'tomorrow'], /--starts: a time such as/u],
      [['--starts', '2020-01-01T10:00'], /--starts: this time has passed/u],
      [['--starts', '2099-02-31T25:00'], /--starts: a time such as/u],
      [['--starts', '2099-02-31T10:00'], /--starts: a time such as/u],
      [['--starts', '2099-02-29T10:00', '--time-zone', 'Europe/Berlin'], /--starts: a time such as/u],
      [['--starts', '2099-02-29T10:00+01:00'], /--starts: a time such as/u],
      [['--starts', later.replace(/\.\d+Z/u, 'Z'), '--hours', '24'], /--starts: the links end before/u],
      [['--starts', later.replace(/\.\d+Z/u, 'Z'), '--hours', '300'], /--starts: the room opens only at/u],
      [['--time-zone', 'Mars/Olympus'], /--time-zone/u],
      [['--minutes', '0'], /--minutes/u],
      [['--ics', '/tmp/none.ics'], /--ics: needs --starts/u],
      [['--sheet', '/nowhere/sheet.html'], /--sheet: \/nowhere\/sheet\.html cannot be written/u],
      [['--lang', 'fr'], /--lang/u],
    ] as const) {
      const { code, err } = await run(['invite', '--base', base, ...flags]);
      assert.equal(code, 2, flags.join(' '));
      assert.match(err, words);
    }
  });
});

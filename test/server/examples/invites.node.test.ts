/** The reference scripts for booking systems without Node make the very invites of `consult-room/invite`. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { WebSocket as NodeWebSocket } from 'ws';
import { signHost } from '../../../src/e2ee/admission/host-key.ts';
import { deriveRoom, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { publicPartOf, readPublicPart } from '../../../src/e2ee/admission/public-part.ts';
import { u64, utf8 } from '../../../src/e2ee/bytes.ts';
import type { ConsultError } from '../../../src/errors.ts';
import { createInvite, spokenCode } from '../../../src/invite.ts';
import type { ChannelEvent, HostProof } from '../../../src/signaling/channel.ts';
import { WebSocketChannel } from '../../../src/signaling/websocket-channel.ts';
import { findPython } from '../../support/prerequisites.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { start } from '../harness.ts';

interface Vector {
  readonly base: string;
  readonly expires: number;
  readonly secret: string;
  readonly host: string;
  readonly guest: string;
}

interface KeptVector extends Vector {
  readonly codeSecret: string;
  readonly code: string;
}

const { invites, publicPart, kept } = JSON.parse(readFileSync('test/vectors/invites.json', 'utf8')) as {
  readonly invites: readonly Vector[];
  /** Of the host key of the file, for https://beratung.example. */
  readonly publicPart: string;
  readonly kept: readonly KeptVector[];
};
const VECTORS = resolve('test/vectors/invites.json');
const EXAMPLES = resolve('src/server/examples');
const python = findPython() ?? 'python3';
interface Links {
  readonly host: string;
  readonly guest: string;
}

/** `all` makes the links of every vector in one process; `command` is what a person would type. */
const LANGUAGES = {
  PHP: {
    all: () =>
      execFileSync('php', [
        '-r',
        `$_SERVER["SCRIPT_FILENAME"] = "-"; require $argv[1]; $file = json_decode(file_get_contents($argv[2]), true);
         echo json_encode(["own" => array_map(fn ($one) => createInvite($one["base"], $one["expires"], $file["hostKey"],
           hex2bin($one["secret"])), $file["invites"]), "kept" => array_map(fn ($one) => createInviteFor($one["base"],
           $one["expires"], $file["publicPart"], hex2bin($one["secret"]), hex2bin($one["codeSecret"])), $file["kept"])]);`,
        join(EXAMPLES, 'invite.php'),
        VECTORS,
      ]),
    command: (args: readonly string[]) =>
      execFileSync('php', [join(EXAMPLES, 'invite.php'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] }),
    spawned: (args: readonly string[]) =>
      spawnSync('php', [join(EXAMPLES, 'invite.php'), ...args], { encoding: 'utf8' }),
    functionRefuses: () =>
      execFileSync('php', [
        '-r',
        `$_SERVER["SCRIPT_FILENAME"] = "-"; require $argv[1]; echo implode(" ", array_map(function ($end) {
           try { createInvite("https://beratung.example/", $end); return "made"; }
           catch (InvalidArgumentException $e) { return "refused"; } }, [-5, time(), (time() + 3600) * 1000]));`,
        join(EXAMPLES, 'invite.php'),
      ]).toString(),
    verdicts: (cases: readonly Case[]) =>
      execFileSync('php', [
        '-r',
        `$_SERVER["SCRIPT_FILENAME"] = "-"; require $argv[1]; $key = json_decode(file_get_contents($argv[2]), true)["hostKey"];
         echo json_encode(array_map(function ($one) use ($key) {
           try { return createInvite($one[0], $one[1], $key)["guest"]; }
           catch (InvalidArgumentException $e) { return null; } }, json_decode($argv[3], true)));`,
        join(EXAMPLES, 'invite.php'),
        VECTORS,
        JSON.stringify(cases),
      ]),
  },
  Python: {
    all: () =>
      execFileSync(python, [
        '-Bc',
        `import json, sys
sys.path.insert(0, sys.argv[1])
from invite import create_invite, create_invite_for
file = json.load(open(sys.argv[2]))
key = file["hostKey"].encode()
own = [create_invite(one["base"], one["expires"], key, bytes.fromhex(one["secret"])) for one in file["invites"]]
kept = [create_invite_for(one["base"], one["expires"], file["publicPart"], bytes.fromhex(one["secret"]),
  bytes.fromhex(one["codeSecret"])) for one in file["kept"]]
print(json.dumps({"own": own, "kept": kept}))`,
        EXAMPLES,
        VECTORS,
      ]),
    command: (args: readonly string[]) =>
      execFileSync(python, ['-B', join(EXAMPLES, 'invite.py'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] }),
    spawned: (args: readonly string[]) =>
      spawnSync(python, ['-B', join(EXAMPLES, 'invite.py'), ...args], { encoding: 'utf8' }),
    functionRefuses: () =>
      execFileSync(python, [
        '-Bc',
        `import sys, time
sys.path.insert(0, sys.argv[1])
from invite import create_invite
said = []
for end in (-5, int(time.time()), (int(time.time()) + 3600) * 1000):
    try:
        create_invite("https://beratung.example/", end)
        said.append("made")
    except ValueError:
        said.append("refused")
print(" ".join(said), end="")`,
        EXAMPLES,
      ]).toString(),
    verdicts: (cases: readonly Case[]) =>
      execFileSync(python, [
        '-Bc',
        `import json, sys
sys.path.insert(0, sys.argv[1])
from invite import create_invite
key = json.load(open(sys.argv[2]))["hostKey"].encode()
made = []
for base, end in json.loads(sys.argv[3]):
    try:
        made.append(create_invite(base, end, key)["guest"])
    except ValueError:
        made.append(None)
print(json.dumps(made))`,
        EXAMPLES,
        VECTORS,
        JSON.stringify(cases),
      ]),
  },
};

/** An address of a page, and the end in seconds since the epoch. */
type Case = readonly [base: string, end: number];

const NOW = Math.floor(Date.now() / 1000);
const HOSTS = [
  'beratung.example',
  'BERATUNG.example',
  'a.b-c.example',
  'localhost',
  '127.0.0.1',
  'xn--bcher-kva.example',
  'x.example.',
];
const PORTS = ['', ':', ':80', ':443', ':8443', ':0443', ':65535'];
const TAILS = ['', '/', '/room.html', '/room.html?lang=de', '/a%20b', '?lang=de', '/room.html#old', '/ä', '//x/'];
/** What all of them take. */
const GOOD: readonly Case[] = [
  ...HOSTS.flatMap((host) => PORTS.map((port): Case => [`https://${host}${port}/room.html`, NOW + 3_600])),
  ...['http', 'https', 'HTTPS'].flatMap((scheme) =>
    TAILS.map((tail): Case => [`${scheme}://beratung.example${tail}`, NOW + 3_600]),
  ),
  ['https://beratung.example/', NOW + 600],
  ['https://beratung.example/', 99_999_999_999],
];
/** What none of them takes. */
const BAD: readonly Case[] = [
  ...[-5, 0, NOW - 1, NOW, 100_000_000_000, (NOW + 3_600) * 1_000].map((end): Case => [
    'https://beratung.example/',
    end,
  ]),
  ...[
    '',
    'beratung.example/room.html',
    '/room.html',
    'https:///',
    'file:///room.html',
    'ftp://beratung.example/',
    'httpx://beratung.example/',
  ].map((base): Case => [base, NOW + 3_600]),
  ...[':65536', ':-1', ':x', ':8 0'].map((port): Case => [`https://beratung.example${port}/`, NOW + 3_600]),
  ...['256.1.1.1', '1.2.3.4.5', 'a b.example', 'a<b.example', '[::1', '%', 'a.1'].map((host): Case => [
    `https://${host}/`,
    NOW + 3_600,
  ]),
];
/** What a browser corrects: the scripts may refuse it, and else have to mean the same site. */
const ODD: readonly Case[] = [
  '127.1',
  '0x7f.0.0.1',
  '127.0.0.01',
  '2130706433',
  '127.0.0.1.',
  'bücher.example',
  'a_b.example',
  '[::1]',
  'ex%61mple.org',
  'ﬀ.example',
  'a..b',
  '.a',
  '-a-',
  'user@beratung.example',
  'user:p%40ss@beratung.example',
  String.raw`beratung.example\@other.example`,
  'beratung.example@other.example',
  'beratung.example:443@other.example:80',
].map((host): Case => [`https://${host}/room.html`, NOW + 3_600]);
const ODD_WHOLE: readonly Case[] = [
  ' https://beratung.example/',
  'https://beratung.example/ ',
  'https://beratung.example/\n',
  'https://bera\ttung.example/',
  String.raw`https:\\beratung.example\room.html`,
  'https:beratung.example/',
  'https:/beratung.example/',
  'https:////beratung.example/',
  'https://beratung.example:+443/',
  'https://beratung.example/a b',
].map((base): Case => [base, NOW + 3_600]);

const ours = ([base, end]: Case): Promise<string | null> =>
  createInvite({ base, expires: new Date(end * 1_000) }).then(
    ({ guestLink }) => guestLink,
    (error: unknown) => {
      // `new URL` throws the one, and what is wrong otherwise has the other's code.
      assert.ok(error instanceof TypeError || (error as ConsultError).code === 'argument-invalid', String(error));
      return null;
    },
  );

describe('the vectors of invites', () => {
  it('have the public part of their host key', async () => {
    const { thumb } = await parseInvite(invites[0]?.guest ?? '', { origin: 'https://beratung.example' });
    assert.equal(await publicPartOf(thumb, 'https://beratung.example'), publicPart);
    assert.deepEqual(
      await readPublicPart(` ${publicPart.slice(0, 40)}\n${publicPart.slice(40)}`, 'https://beratung.example'),
      thumb,
    );
  });

  for (const { base, host, guest, code, secret } of kept)
    it(`are read by a room of ${base} whose host’s browser keeps the key, and have its spoken code`, async () => {
      const { origin } = new URL(base);
      const [asHost, asGuest] = await Promise.all([parseInvite(host, { origin }), parseInvite(guest, { origin })]);
      assert.deepEqual([asHost.role, asHost.hostKey, asGuest.role], ['host', undefined, 'guest']);
      for (const invite of [asHost, asGuest]) assert.equal(Buffer.from(invite.secret).toString('hex'), secret);
      assert.deepEqual((await deriveRoom(asHost)).roomId, (await deriveRoom(asGuest)).roomId);
      assert.equal(await spokenCode(host), code);
    });

  for (const { base, expires, secret, host, guest } of invites)
    it(`are read by a room of ${base}`, async () => {
      const { origin } = new URL(base);
      const [asHost, asGuest] = await Promise.all([parseInvite(host, { origin }), parseInvite(guest, { origin })]);
      assert.deepEqual([asHost.role, asGuest.role], ['host', 'guest']);
      for (const invite of [asHost, asGuest]) {
        assert.equal(Buffer.from(invite.secret).toString('hex'), secret);
        assert.equal(invite.expires, expires * 1000);
      }
      assert.deepEqual(asHost.thumb, asGuest.thumb);
    });
});

for (const [language, { all, command, spawned, functionRefuses, verdicts }] of Object.entries(LANGUAGES))
  describe(`the reference script in ${language}`, () => {
    it('makes the invites of the vectors', () => {
      const links = JSON.parse(all().toString()) as { readonly own: readonly Links[]; readonly kept: readonly Links[] };
      assert.deepEqual(
        links.own,
        invites.map(({ host, guest }) => ({ host, guest })),
      );
      assert.deepEqual(
        links.kept,
        kept.map(({ host, guest, code }) => ({ host, guest, code })),
      );
    });

    it('makes a room whose host and guest meet on the server', async (t) => {
      const address = await start(t);
      const expires = String(Math.floor(Date.now() / 1000) + 3600);
      const links = JSON.parse(command([`${address.url}room.html`, expires]).toString()) as Links;
      const { origin } = new URL(address.url);
      const events: Record<'host' | 'guest', ChannelEvent[]> = { host: [], guest: [] };
      for (const role of ['host', 'guest'] as const) {
        const channel = await channelOf(links[role], origin, `${address.url}signal`, (event) =>
          events[role].push(event),
        );
        t.after(() => channel.close());
        channel.open();
        await until(
          () => events[role].map(({ type }) => type),
          (types) => types.includes('online'),
          `the ${role}`,
          { every: 10 },
        );
      }
      const online = events.guest.find((event) => event.type === 'online');
      assert.deepEqual(
        online?.peers.map(({ host }) => host),
        [true],
      );
    });

    it('makes no invite for an end that is no coming second', () => {
      const past = String(Math.floor(Date.now() / 1000) - 1);
      const wrong = `31.12.2099 abc -5 +4102444800 1e9 4_102_444_800 ٤١٠٢٤٤٤٨٠٠ 0x7fffffff 4102444800.5 4102444800000 100000000000 0 ${past}`;
      const base = 'https://beratung.example/room.html';
      for (const end of [...wrong.split(' '), '', ' ', '4102444800 ', '4102444800\n'])
        for (const more of [[], ['--for', publicPart]]) {
          const { status, stdout, stderr } = spawned([base, end, ...more]);
          assert.deepEqual([status, stdout], [2, ''], end);
          assert.match(stderr, /^invite\.(?:php|py): the end: seconds since the epoch, in the future[^\n]*\n$/u, end);
        }
      for (const missing of [[], [base]]) assert.equal(spawned(missing).status, 2);
      assert.equal(functionRefuses(), 'refused refused refused');
    });

    it('takes and refuses what `createInvite` takes and refuses, and means the same site and end', async () => {
      const cases = [...GOOD, ...BAD, ...ODD, ...ODD_WHOLE];
      const theirs = JSON.parse(verdicts(cases).toString()) as readonly (string | null)[];
      assert.equal(theirs.length, cases.length);
      for (const [index, one] of cases.entries()) {
        const [own, their] = [await ours(one), theirs[index] ?? null];
        if (GOOD.includes(one)) assert.ok(own !== null && their !== null, JSON.stringify({ one, own, their }));
        if (BAD.includes(one)) assert.deepEqual([own, their], [null, null], JSON.stringify(one));
        if (their === null) continue;
        assert.ok(own !== null, JSON.stringify(one));
        // The room that the link opens says where it stands.
        const { origin } = new URL(their);
        assert.equal(origin, new URL(own).origin);
        const { expires } = await parseInvite(their, { origin });
        assert.equal(expires, (await parseInvite(own, { origin })).expires);
      }
    });

    it('makes no invite for a public part that is damaged, or of another site', () => {
      const base = 'https://beratung.example/room.html';
      const made = JSON.parse(command([base, '4102444800', '--for', `${publicPart}\n`]).toString()) as Links;
      assert.ok(made.host.startsWith(`${base}#consult=AWM`));
      for (const [page, part] of [
        [base, publicPart.slice(1)],
        [base, `${publicPart.slice(0, -1)}_`],
        [base, ''],
        ['https://andere.example/room.html', publicPart],
      ] as const)
        assert.throws(() => command([page, '4102444800', '--for', part]), part);
    });

    it('makes no invite for an address that is none, or with a key of another curve', () => {
      for (const base of ['beratung.example/room.html', 'https:///room.html'])
        assert.throws(() => command([base, '4102444800']), base);
      const other = join(temporaryFolder('p256'), 'key.pem');
      writeFileSync(
        other,
        execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
      assert.throws(() => command(['https://beratung.example/', '4102444800', other]));
    });
  });

async function channelOf(link: string, origin: string, url: string, onEvent: (event: ChannelEvent) => void) {
  const invite = await parseInvite(link, { origin });
  const { roomId, roomTag } = await deriveRoom(invite);
  const { hostKey: key, hostSpki: spki } = invite;
  const host: HostProof | undefined =
    key && spki
      ? {
          spki,
          roomTag,
          expires: invite.expires / 1000,
          since: 0,
          sign: (name, server, client) => signHost(key, 'server auth', [utf8(name), roomId, server, client, u64(0n)]),
        }
      : undefined;
  const WebSocket = NodeWebSocket as unknown as new (url: string) => globalThis.WebSocket;
  return new WebSocketChannel({ url, roomId, onEvent, WebSocket, ...(host ? { host } : {}) });
}

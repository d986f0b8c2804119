/** The reference scripts for booking systems without Node make the very invites of `consult-room/invite`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { WebSocket as NodeWebSocket } from 'ws';
import { signHost } from '../../../src/e2ee/admission/host-key.ts';
import { deriveRoom, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { u64, utf8 } from '../../../src/e2ee/bytes.ts';
import type { ChannelEvent, HostProof } from '../../../src/signaling/channel.ts';
import { WebSocketChannel } from '../../../src/signaling/websocket-channel.ts';
import { findPython } from '../../support/prerequisites.ts';
import { until } from '../../support/until.ts';
import { start } from '../harness.ts';

interface Vector {
  readonly base: string;
  readonly expires: number;
  readonly secret: string;
  readonly host: string;
  readonly guest: string;
}

const { invites } = JSON.parse(readFileSync('test/vectors/invites.json', 'utf8')) as {
  readonly invites: readonly Vector[];
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
         echo json_encode(array_map(fn ($one) => createInvite($one["base"], $one["expires"], $file["hostKey"],
           hex2bin($one["secret"])), $file["invites"]));`,
        join(EXAMPLES, 'invite.php'),
        VECTORS,
      ]),
    command: (args: readonly string[]) =>
      execFileSync('php', [join(EXAMPLES, 'invite.php'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] }),
  },
  Python: {
    all: () =>
      execFileSync(python, [
        '-Bc',
        `import json, sys
sys.path.insert(0, sys.argv[1])
from invite import create_invite
file = json.load(open(sys.argv[2]))
key = file["hostKey"].encode()
print(json.dumps([create_invite(one["base"], one["expires"], key, bytes.fromhex(one["secret"])) for one in file["invites"]]))`,
        EXAMPLES,
        VECTORS,
      ]),
    command: (args: readonly string[]) =>
      execFileSync(python, ['-B', join(EXAMPLES, 'invite.py'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] }),
  },
};

describe('the vectors of invites', () => {
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

for (const [language, { all, command }] of Object.entries(LANGUAGES))
  describe(`the reference script in ${language}`, () => {
    it('makes the invites of the vectors', () => {
      const links = JSON.parse(all().toString()) as readonly Links[];
      assert.deepEqual(
        links,
        invites.map(({ host, guest }) => ({ host, guest })),
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

    it('makes no invite for an address that is none, or with a key of another curve', () => {
      for (const base of ['beratung.example/room.html', 'https:///room.html'])
        assert.throws(() => command([base, '4102444800']), base);
      const other = join(tmpdir(), `consult-room-p256-${language}.pem`);
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

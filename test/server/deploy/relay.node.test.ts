/** [R8] What people with credentials can reach through the relay of the compose file: coturn, started with its flags. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { credentialsFor } from '../../../src/server/turn.ts';
import { freePort } from '../../support/free-port.ts';
import { ended } from '../backplane/cluster.ts';
import { eventually } from '../harness.ts';
import { TurnClient } from './turn-client.ts';

const SECRET = 'hush-hush-hush-hush';

/** The arguments of the service `relay`, in the compose file's own words. */
function flagsOf(compose: string): readonly string[] {
  const service = /^ {2}relay:\n(?: {4}.*\n)+/mu.exec(compose)?.[0] ?? '';
  const flags = [...service.matchAll(/^ {6}- (--\S+)$/gmu)].map(([, flag = '']) => flag);
  assert.ok(flags.includes('--use-auth-secret'));
  return flags.map((flag) => flag.replace('${RELAY_SECRET}', SECRET).replace('${RELAY}', 'turn.example'));
}

async function relay(t: TestContext): Promise<() => Promise<TurnClient>> {
  const port = await freePort();
  // Only where it listens; the relayed addresses must be of this machine.
  const own = [
    '--listening-ip=127.0.0.1',
    `--listening-port=${String(port)}`,
    '--relay-ip=127.0.0.1',
    '--relay-ip=::1',
  ];
  const quiet = ['-c=/dev/null', '--no-tls', '--no-dtls', '--pidfile=/dev/null'];
  const flags = flagsOf(readFileSync('src/server/deploy/compose.yaml', 'utf8'));
  const child = spawn('turnserver', [...flags, ...own, ...quiet], { stdio: 'ignore' });
  t.after(() => ended(child, 'SIGKILL'));
  return async () => {
    let client: TurnClient | undefined;
    await eventually(async () => {
      client = await TurnClient.open(port, credentialsFor({ urls: [] }, SECRET, Date.now()));
    });
    assert.ok(client);
    const opened = client;
    t.after(() => opened.close());
    return opened;
  };
}

/** By family: the ends of each range that is not the public internet. */
const INSIDE = {
  4: `0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.0 169.254.169.254
    169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0
    198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.0 255.255.255.255`,
  6: `:: ::1 ::a00:1 ::ffff:169.254.169.254 64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 2001::1 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff
    2001:db8::1 2002:a00:1::1 fc00:: fd00:ec2::254 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80::1 fec0::1 ff02::1`,
} as const;
const OUTSIDE = {
  4: '1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 169.253.255.255 172.32.0.0 192.167.255.255 223.255.255.255',
  6: '2001:200::1 2a00:1450::1 2620:fe::fe',
} as const;
const list = (text: string): readonly string[] => text.split(/\s+/u);

describe('[R8] the relay of the compose file', () => {
  for (const family of [4, 6] as const)
    it(`relays into the public internet and nowhere else (IPv${String(family)})`, async (t) => {
      const client = await (await relay(t))();
      assert.equal(await client.allocate('udp', family), null);
      for (const address of list(OUTSIDE[family])) assert.equal(await client.permit(address), null, address);
      for (const address of list(INSIDE[family])) assert.equal(await client.permit(address), 403, address);
    });

  it('opens no TCP connections for anyone', async (t) => {
    const open = await relay(t);
    // RFC 8656 §7.2: a transport that the server does not relay.
    assert.equal(await (await open()).allocate('tcp', 4), 442);
  });
});

/** Several server processes on one NATS tell each opening once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { ended, startNats, type Nats, type ServerProcess } from '../backplane/cluster.ts';
import { eventually, guest, host, Identity, type Client } from '../harness.ts';
import { RETENTION_CAP } from '../../../src/configuration.ts';
import { memoryBackplane } from '../../../src/server/backplane/backplane.ts';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import { Openings } from '../../../src/server/webhooks/openings.ts';
import { webhookRoomName } from '../../../src/server/webhooks/signature.ts';
import { receiver, verify, SECRET, type Received } from './receiver.ts';

let nats: Nats;
let hook: Awaited<ReturnType<typeof receiver>>;
const processes: ServerProcess[] = [];
const closers: (() => void)[] = [];

async function startOne(on = nats, endedAfter = 500): Promise<ServerProcess> {
  const file = 'test/server/webhooks/server-process.ts';
  const child = spawn(
    process.execPath,
    ['--import', './test/support/typescript.mjs', file, on.url, hook.url, String(endedAfter)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let line = '';
  while (!line.endsWith('\n')) line += String(((await once(child.stdout, 'data')) as [Buffer])[0]);
  const url = line.trim();
  const { hostname, port } = new URL(url);
  const started = { address: { host: hostname, port: Number(port), url }, child };
  processes.push(started);
  return started;
}

before(async () => {
  nats = await startNats();
  hook = await receiver({ after: (close) => void closers.push(close as () => void) });
  await Promise.all([startOne(), startOne()]);
});
after(async () => {
  for (const { child } of processes) await ended(child, 'SIGKILL');
  await nats.stop();
  for (const close of closers) close();
});

const [a, b] = [() => processes[0]!.address, () => processes[1]!.address];
const of = ({ roomId }: Identity): readonly Received[] => {
  const name = webhookRoomName([Buffer.alloc(32, 7)], roomId);
  return hook.received.filter(({ room }) => room === name);
};
const types = (identity: Identity): readonly string[] => of(identity).map(({ type }) => type);

const tells = (identity: Identity, expected: readonly string[]): Promise<void> =>
  eventually(() => {
    assert.deepEqual(types(identity), expected);
    return Promise.resolve();
  });

async function both(identity: Identity): Promise<{ readonly host: Client; readonly guest: Client }> {
  const first = await host(a(), identity);
  await first.take('joined');
  const second = await guest(b(), identity);
  await second.take('joined');
  return { host: first, guest: second };
}

describe('an opening that another process tells of', () => {
  it('[R12] is deleted in time, whatever that process says of its end', () => {
    const now = Date.now();
    const openings = new Openings({
      deliveries: [],
      backplane: { ...memoryBackplane, networkKey: Buffer.alloc(32) },
      limits: DEFAULT_LIMITS,
      now: () => now,
    });
    const room = createHmac('sha256', Buffer.alloc(32)).update('consult-room opening ROOM').digest('base64url');
    const visit = 'A'.repeat(22);
    const state = { room, visit, names: {}, opened: now, expires: 8.64e15, held: true, ended: false };
    openings.onAnnouncement('another', 'tell', [state]);
    assert.equal(openings.find('ROOM')?.deleted, now + RETENTION_CAP + 600_000);
  });
});

describe('webhooks of several server processes', () => {
  it('tell an opening and its end once, whichever process the people are on', async () => {
    const identity = await Identity.make();
    const room = await both(identity);
    await tells(identity, ['room.opened']);
    // The host goes to the other process, and the first one has nobody any more: the room has not ended.
    room.host.socket.close();
    const again = await eventually(async () => {
      const client = await host(b(), identity);
      await client.take('joined');
      return client;
    });
    for (const client of [again, room.guest]) client.socket.close();
    await tells(identity, ['room.opened', 'room.ended']);
    for (const one of of(identity)) verify(one, SECRET);
  });

  it('tell the end once where the last two people leave both processes at once', async () => {
    const identities = await Promise.all(Array.from({ length: 6 }, () => Identity.make()));
    const rooms = await Promise.all(identities.map(both));
    for (const room of rooms) for (const client of [room.host, room.guest]) client.socket.terminate();
    for (const identity of identities) await tells(identity, ['room.opened', 'room.ended']);
  });

  it('tell the opening once where two hosts come to both processes at once', async () => {
    const identity = await Identity.make();
    const hosts = await Promise.all([host(a(), identity), host(b(), identity)]);
    await tells(identity, ['room.opened']);
    for (const client of hosts) client.socket.close();
    await tells(identity, ['room.opened', 'room.ended']);
  });

  it('tell the end of a room whose process was killed, also where another one never held it', async () => {
    const third = await startOne();
    const [alone, shared] = [await Identity.make(), await Identity.make()];
    for (const identity of [alone, shared]) await (await host(third.address, identity)).take('joined');
    const second = await guest(b(), shared);
    await second.take('joined');
    await Promise.all([alone, shared].map((identity) => tells(identity, ['room.opened'])));
    await ended(third.child, 'SIGKILL');
    await tells(alone, ['room.opened', 'room.ended']);
    assert.deepEqual(types(shared), ['room.opened']);
    second.socket.close();
    await tells(shared, ['room.opened', 'room.ended']);
  });

  it('do not tell the end of a room whose people move from a process that ends to another one', async (t) => {
    const other = await startNats();
    t.after(() => other.stop());
    // Also on a busy machine longer than it takes to move.
    const [from, to] = await Promise.all([startOne(other, 5_000), startOne(other, 5_000)]);
    const identity = await Identity.make();
    const first = await host(from.address, identity);
    await first.take('joined');
    await tells(identity, ['room.opened']);
    const end = ended(from.child, 'SIGTERM');
    await first.take('moving');
    first.socket.close();
    const again = await host(to.address, identity);
    await again.take('joined');
    await end;
    assert.deepEqual(types(identity), ['room.opened']);
    again.socket.close();
    await tells(identity, ['room.opened', 'room.ended']);
  });
});

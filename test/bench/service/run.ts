/**
 * The signalling server under load, on loopback: texts per second of its processor, memory of an idle connection,
 * connections per second of its processor, and one-way times at half load; ours, a bare relay on `ws`, PeerJS's server
 * and socket.io in turn. Then ours alone: 10,000 idle rooms, and one, two and three processes joined by NATS, with the
 * two of each pair on different ones. Clients run in this process, whose time is not counted.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { median, printTable, round, writeReport, type Reach } from '../support/report.ts';
import { contenders, OWN_FLAGS, type Name } from './contenders.ts';
import { Load } from './load.ts';
import { cpuSeconds, end, restingMemory, startServer, type Running } from './processes.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const PAIRS = 200;
/** Pairs that only stay, for memory. */
const IDLE_PAIRS = 1_000;
const IDLE_ROOMS = 10_000;
const SECONDS = 4;
const LEAST_RATE = 0.95;
const MOST_MEMORY = 9;
const names = ['own', 'ws', 'peerjs', 'socket.io'] as const satisfies readonly Name[];

interface Figures {
  /** Texts for each second of the server's processor. */
  readonly rate: number;
  /** Connections for each second of the server's processor. */
  readonly connects: number;
  /** Kilobytes of an idle connection. */
  readonly memory: number;
  /** Milliseconds, one way, at half of the slowest contender's load. */
  readonly p99: number;
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;

/** @param half texts per second, the same for all; 0 where it is not known yet */
async function measure(name: Name, run: string, half: number): Promise<Figures & { readonly wall: number }> {
  const contender = contenders[name];
  const server = await contender.start();
  const [idle, busy] = [new Load(), new Load()];
  try {
    // Code and buffers that come with the first clients are not those of a connection.
    await busy.open(contender, [server.url], PAIRS, `${run}-busy`);
    const empty = await restingMemory(server.pid, 2);
    const before = cpuSeconds(server.pid);
    await idle.open(contender, [server.url], IDLE_PAIRS, `${run}-idle`);
    const connects = idle.connections / (cpuSeconds(server.pid) - before);
    const memory = ((await restingMemory(server.pid, 4)) - empty) / idle.connections;
    idle.close();
    const texts = await busyRate(busy, [server]);
    const times = half > 0 ? await busy.paced(half, SECONDS) : [];
    return { ...texts, connects, memory, p99: percentile(times, 0.99) };
  } finally {
    idle.close();
    busy.close();
    await server.stop();
  }
}

async function busyRate(
  busy: Load,
  servers: readonly Running[],
): Promise<{ readonly rate: number; readonly wall: number }> {
  const used = (): number => servers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  let before = 0;
  const wall = await busy.pingPong(SECONDS, () => (before = used()));
  return { rate: (wall * SECONDS) / (used() - before), wall };
}

async function compare(): Promise<Readonly<Record<Name, Figures>>> {
  const found = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  let half = 0;
  for (let round_ = 0; round_ <= ROUNDS; round_++) {
    const walls: number[] = [];
    for (const name of round_ % 2 === 0 ? names : names.toReversed()) {
      const { wall, ...figures } = await measure(name, `${String(round_)}-${name}`, half);
      walls.push(wall);
      // The first round only finds the load that all can bear.
      if (round_ > 0) found.get(name)?.push(figures);
    }
    half = half || Math.min(...walls) / 2;
  }
  const middle = (name: Name, key: keyof Figures): number =>
    median((found.get(name) ?? []).map((figures) => figures[key]));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        rate: Math.round(middle(name, 'rate')),
        connects: Math.round(middle(name, 'connects')),
        memory: round(middle(name, 'memory'), 1),
        p99: round(middle(name, 'p99'), 2),
      },
    ]),
  ) as unknown as Record<Name, Figures>;
}

async function idleRooms(): Promise<{ readonly rooms: number; readonly memory: number }> {
  const server = await contenders.own.start();
  const load = new Load();
  try {
    const empty = await restingMemory(server.pid, 2);
    // Two in each would be more connections than one process may open here.
    await load.waitIn(contenders.own, server.url, IDLE_ROOMS, 'rooms');
    return { rooms: IDLE_ROOMS, memory: round(((await restingMemory(server.pid, 4)) - empty) / IDLE_ROOMS, 1) };
  } finally {
    load.close();
    await server.stop();
  }
}

async function startNats(): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.stderr.on('data', (data: Buffer) => data.includes('Server is ready') && resolve());
  });
  return { url: `nats://127.0.0.1:${String(port)}`, pid: child.pid ?? 0, stop: () => end(child) };
}

/** @returns texts for each second of all processes together, NATS apart */
async function joined(count: number): Promise<{ readonly rate: number; readonly nats: number }> {
  const nats = await startNats();
  const servers: Running[] = [];
  const load = new Load();
  try {
    for (let index = 0; index < count; index++)
      servers.push(
        await startServer(['dist/server/cli.js', ...OWN_FLAGS, '--nats', nats.url], {
          CONSULT_ROOM_CLUSTER_SECRET: 'a secret of this bench alone',
        }),
      );
    const urls = servers.map(({ url }) => url);
    await load.open(contenders.own, urls, PAIRS, `nats-${String(count)}`);
    await pause(500);
    const before = cpuSeconds(nats.pid);
    const { rate, wall } = await busyRate(load, servers);
    return { rate: Math.round(rate), nats: round((cpuSeconds(nats.pid) - before) / ((wall * SECONDS) / 10_000), 2) };
  } finally {
    load.close();
    for (const server of servers) await server.stop();
    await nats.stop();
  }
}

const results = await compare();
const { own, ws } = results;
const reach: Reach[] = [
  {
    text: `at least ${LEAST_RATE} of bare ws in texts per processor second, is ${round(own.rate / ws.rate, 2)}`,
    met: own.rate >= LEAST_RATE * ws.rate,
  },
  { text: `at most ${MOST_MEMORY} kB per idle connection, is ${own.memory}`, met: own.memory <= MOST_MEMORY },
];
printTable(
  `one process, ${PAIRS} pairs (${ROUNDS} rounds, medians)`,
  [
    [
      '',
      'texts per CPU second',
      'own is × of it',
      'connects per CPU second',
      'kB per idle connection',
      'p99 ms, half load',
    ],
    ...names.map((name) => [
      name,
      results[name].rate,
      round(own.rate / results[name].rate, 2),
      results[name].connects,
      results[name].memory,
      results[name].p99,
    ]),
  ],
  reach,
);

const rooms = await idleRooms();
console.log(`\n${rooms.rooms} rooms with one person each in one process: ${rooms.memory} kB each`);

const cluster = [];
for (const count of [1, 2, 3]) cluster.push({ processes: count, ...(await joined(count)) });
printTable(
  'joined by NATS, the two of each pair on different processes',
  [
    ['processes', 'texts per CPU second of all', 'seconds of NATS per 10,000 texts'],
    ...cluster.map(({ processes, rate, nats }) => [processes, rate, nats]),
  ],
  [],
);
await writeReport('service', { peers: ['peer', 'socket.io'], reach, results: { ...results, rooms, cluster } });
// Clients that were closed may still be closing.
process.exit();

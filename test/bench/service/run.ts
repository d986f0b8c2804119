/**
 * The signalling server under load, on loopback: texts per second of its processor, memory of an idle connection,
 * connections per second of its processor, and one-way times at half load; ours, a bare relay on `ws`, PeerJS's server
 * and socket.io in turn. Then ours alone: 10,000 idle rooms, and one, two and three processes joined by NATS, with the
 * two of each pair on different ones. Clients run in this process, whose time is not counted. Each part says what it
 * found when it ends, and has a minute for it.
 */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { median, printTable, round, writeReport, type Reach } from '../support/report.ts';
import { BOUNDED, contenders, OWN_FLAGS, type Name } from './contenders.ts';
import { Load } from './load.ts';
import { startNats } from './nats.ts';
import { Parts } from './parts.ts';
import { cpuSeconds, restingMemory, startServer, type Running } from './processes.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const PAIRS = 200;
/** Pairs that only stay, for memory. */
const IDLE_PAIRS = 1_000;
const IDLE_ROOMS = 10_000;
/** Longer, and the fastest servers would carry more texts than ours takes of one connection: 400, and 100 per second. */
const SECONDS = 2;
const PACED_SECONDS = 4;
const TURNS = 7;
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

const parts = new Parts();

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;

/** @param half texts per second, the same for all; 0 where it is not known yet */
const measure = (name: Name, run: string, half: number): Promise<(Figures & { readonly wall: number }) | null> =>
  parts.run(`${name}, round ${run}`, async (later) => {
    const contender = contenders[name];
    const server = await contender.start();
    later(() => server.stop());
    const [idle, busy] = [new Load(), new Load()];
    later(() => [idle, busy].forEach((load) => load.close()));
    // Code and buffers that come with the first clients are not those of a connection.
    await busy.open(contender, [server.url], PAIRS, `${run}-busy`);
    const empty = await restingMemory(server.pid, 2);
    const before = cpuSeconds(server.pid);
    await idle.open(contender, [server.url], IDLE_PAIRS, `${run}-idle`);
    const connects = Math.round(idle.connections / (cpuSeconds(server.pid) - before));
    const memory = round(((await restingMemory(server.pid, 4)) - empty) / idle.connections, 2);
    idle.close();
    const { rate, wall } = await busyRate(busy, [server]);
    const p99 = half > 0 ? round(percentile(await busy.paced(half, PACED_SECONDS), 0.99), 2) : NaN;
    return { rate: Math.round(rate), connects, memory, p99, wall: Math.round(wall) };
  });

async function busyRate(
  busy: Load,
  servers: readonly Running[],
): Promise<{ readonly rate: number; readonly wall: number }> {
  const used = (): number => servers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  let before = 0;
  const wall = await busy.pingPong(SECONDS, () => (before = used()));
  return { rate: (wall * SECONDS) / (used() - before), wall };
}

/** A contender of which no round ended has no figures. */
async function compare(): Promise<Partial<Record<Name, Figures>>> {
  const found: { readonly name: Name; readonly figures: Figures }[] = [];
  let half = 0;
  for (let round_ = 0; round_ <= ROUNDS; round_++) {
    const walls: number[] = [];
    for (const name of round_ % 2 === 0 ? names : names.toReversed()) {
      const figures = await measure(name, String(round_), half);
      if (!figures) continue;
      walls.push(figures.wall);
      // The first round only finds the load that all can bear.
      if (round_ > 0) found.push({ name, figures });
    }
    half = half || Math.min(...walls) / 2;
  }
  return Object.fromEntries(
    names.flatMap((name) => {
      const own = found.filter((one) => one.name === name).map(({ figures }) => figures);
      const middle = (key: keyof Figures): number => median(own.map((figures) => figures[key]));
      return own.length === 0
        ? []
        : [
            [
              name,
              {
                rate: Math.round(middle('rate')),
                connects: Math.round(middle('connects')),
                memory: round(middle('memory'), 1),
                p99: round(middle('p99'), 2),
              },
            ],
          ];
    }),
  );
}

/**
 * Ours and bare `ws`, both running, in short turns: what else the machine does changes within a round, and with it how many texts a server
 * takes at once, which decides what each costs.
 */
const inTurns = (): Promise<{ readonly ratio: number; readonly own: number; readonly ws: number } | null> =>
  parts.run('own against ws, in turns', async (later) => {
    const sides = [];
    for (const name of ['own', 'ws'] as const) {
      const server = await contenders[name].start();
      later(() => server.stop());
      const load = new Load();
      later(() => load.close());
      await load.open(contenders[name], [server.url], PAIRS, `turns-${name}`);
      sides.push({ name, server, load });
    }
    const turns: Record<'own' | 'ws', number>[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const rates = { own: 0, ws: 0 };
      for (const { name, server, load } of turn % 2 === 0 ? sides : sides.toReversed())
        rates[name] = Math.round((await busyRate(load, [server])).rate);
      turns.push(rates);
    }
    const middle = (name: 'own' | 'ws'): number => Math.round(median(turns.map((turn) => turn[name])));
    return { ratio: round(median(turns.map(({ own, ws }) => own / ws)), 2), own: middle('own'), ws: middle('ws') };
  });

/** Kilobytes of an idle connection where Node is started without options. */
const unset = (name: Name): Promise<number | null> =>
  parts.run(`${name}, kB per idle connection without options of Node`, async (later) => {
    const server = await contenders[name].start([]);
    later(() => server.stop());
    const [idle, busy] = [new Load(), new Load()];
    later(() => [idle, busy].forEach((load) => load.close()));
    await busy.open(contenders[name], [server.url], PAIRS, 'busy');
    const empty = await restingMemory(server.pid, 2);
    await idle.open(contenders[name], [server.url], IDLE_PAIRS, 'idle');
    return round(((await restingMemory(server.pid, 4)) - empty) / idle.connections, 1);
  });

const idleRooms = (): Promise<{ readonly rooms: number; readonly memory: number } | null> =>
  parts.run(`${IDLE_ROOMS} rooms with one person each in one process`, async (later) => {
    const server = await contenders.own.start();
    later(() => server.stop());
    const load = new Load();
    later(() => load.close());
    const empty = await restingMemory(server.pid, 2);
    // Two in each would be more connections than one process may open here.
    await load.waitIn(contenders.own, server.url, IDLE_ROOMS, 'rooms');
    return { rooms: IDLE_ROOMS, memory: round(((await restingMemory(server.pid, 4)) - empty) / IDLE_ROOMS, 1) };
  });

interface Joined {
  readonly processes: number;
  /** Texts for each second of all processes together, NATS apart. */
  readonly rate: number;
  /** Texts per second. */
  readonly wall: number;
  /** Microseconds of each process for a text of the whole. */
  readonly each: readonly number[];
  /** Microseconds of NATS for a text. */
  readonly nats: number;
}

const joined = (count: number): Promise<Joined | null> =>
  parts.run(`${count} of ours joined by NATS`, async (later) => {
    const nats = await startNats();
    later(() => nats.stop());
    const servers: Running[] = [];
    for (let index = 0; index < count; index++) {
      const server = await startServer(['dist/server/cli.js', ...OWN_FLAGS, '--nats', nats.url], {
        CONSULT_ROOM_CLUSTER_SECRET: 'a secret of this bench alone',
      });
      later(() => server.stop());
      servers.push(server);
    }
    const load = new Load();
    later(() => load.close());
    const urls = servers.map(({ url }) => url);
    await load.open(contenders.own, urls, PAIRS, `nats-${String(count)}`);
    await pause(500);
    const pids = [...servers, nats].map(({ pid }) => pid);
    let before: readonly number[] = [];
    const wall = await load.pingPong(SECONDS, () => (before = pids.map(cpuSeconds)));
    const used = pids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? 0));
    const texts = wall * SECONDS;
    const ours = used.slice(0, -1);
    const each = (seconds: number): number => round((seconds / texts) * 1e6, 1);
    return {
      processes: count,
      rate: Math.round(texts / ours.reduce((sum, seconds) => sum + seconds, 0)),
      wall: Math.round(wall),
      each: ours.map(each),
      nats: each(used.at(-1) ?? NaN),
    };
  });

const turns = await inTurns();
const results = await compare();
const { own } = results;
const reach: Reach[] = [];
if (turns)
  reach.push({
    text: `at least ${LEAST_RATE} of bare ws in texts per processor second, is ${turns.ratio} in turns`,
    met: turns.ratio >= LEAST_RATE,
  });
if (own)
  reach.push({
    text: `at most ${MOST_MEMORY} kB per idle connection, is ${own.memory}`,
    met: own.memory <= MOST_MEMORY,
  });
const unsetMemory = { ws: await unset('ws') };
const rooms = await idleRooms();
reach.push({ text: `${IDLE_ROOMS} idle rooms in one process`, met: rooms !== null });
const cluster: Joined[] = [];
for (const count of [1, 2, 3]) {
  const figures = await joined(count);
  if (figures) cluster.push(figures);
}

printTable(
  `one process, ${PAIRS} pairs (${ROUNDS} rounds, medians), the others with ${BOUNDED.join(' ')}`,
  [
    ['', 'texts per CPU s', 'own is × of it', 'connects per CPU s', 'kB per idle connection', 'p99 ms, half load'],
    ...names.map((name) => {
      const figures = results[name];
      if (!figures || !own) return [name, '–', '–', '–', '–', '–'];
      return [name, figures.rate, round(own.rate / figures.rate, 2), figures.connects, figures.memory, figures.p99];
    }),
  ],
  reach,
);
printTable(
  'joined by NATS, the two of each pair on different processes',
  [
    ['processes', 'texts per CPU s of all', 'texts per second', 'µs of each process per text', 'µs of NATS per text'],
    ...cluster.map(({ processes, rate, wall, each, nats }) => [processes, rate, wall, each.join(', '), nats]),
  ],
  [],
);
await writeReport('service', {
  peers: ['ws', 'peer', 'socket.io'],
  reach,
  results: { ...results, turns, unsetMemory, rooms, cluster },
});
// Clients that were closed may still be closing.
process.exit(parts.unfinished === 0 ? 0 : 1);

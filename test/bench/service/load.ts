/** Pairs of clients that send texts to each other, as fast as answers come, or at a given rate. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Contender } from './contenders.ts';

/** A text as long as a small sealed message, in base64url; its first characters number it. */
const BODY = 'A'.repeat(400);
/** Connections that are being opened at once. */
const AT_ONCE = 32;

interface Pair {
  readonly clients: readonly [Client, Client];
  /** Replaced by each measurement: called with what a side receives. */
  onText: (side: 0 | 1, text: string) => void;
}

/** Runs tasks, a bounded number at a time. */
async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of queue) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * Waits two seconds at most.
 *
 * @throws where something is left by then
 */
async function arrival(left: () => number, words: string): Promise<void> {
  for (let wait = 0; left() > 0 && wait < 100; wait++) await pause(20);
  if (left() > 0) throw new Error(`${String(left())} ${words}`);
}

export class Load {
  readonly #pairs: Pair[] = [];
  /** Those who wait for the other of their pair. */
  readonly #waiting: Client[] = [];

  get connections(): number {
    return this.#pairs.length * 2;
  }

  /** @param urls of the processes; the two of a pair are on neighbouring ones */
  async open(contender: Contender, urls: readonly string[], count: number, run: string): Promise<void> {
    const tasks = Array.from({ length: count }, (_, index) => async () => {
      const pair: { onText: Pair['onText'] } = { onText: () => undefined };
      const connect = (side: 0 | 1): Promise<Client> =>
        contender.connect({
          url: urls[(index + side) % urls.length] ?? '',
          pair: `${run}-${String(index)}`,
          side,
          onText: (text) => pair.onText(side, text),
        });
      const clients = [await connect(0), await connect(1)] as const;
      this.#pairs.push(Object.assign(pair, { clients }));
    });
    await inParallel(tasks);
  }

  /** Opens a room for each of so many, who wait in it alone. */
  async waitIn(contender: Contender, url: string, count: number, run: string): Promise<void> {
    const tasks = Array.from({ length: count }, (_, index) => async () => {
      const pair = `${run}-${String(index)}`;
      this.#waiting.push(await contender.connect({ url, pair, side: 0, onText: () => undefined }));
    });
    await inParallel(tasks);
  }

  /**
   * Each side answers every text at once.
   *
   * @returns texts delivered per second
   * @throws where pairs fell silent, such as beyond a limit of the server
   */
  async pingPong(seconds: number, onBegin: () => void): Promise<number> {
    let delivered = 0;
    let state: 'running' | 'over' = 'running';
    for (const pair of this.#pairs) {
      pair.onText = (side, text) => {
        delivered += 1;
        if (state === 'running') pair.clients[side].send(text);
      };
      pair.clients[0].send(BODY);
    }
    // The first second warms up.
    await pause(1_000);
    onBegin();
    const [start, before] = [performance.now(), delivered];
    await pause(seconds * 1_000);
    const rate = (delivered - before) / ((performance.now() - start) / 1_000);
    state = 'over';
    // One text of each pair was on its way.
    const due = delivered + this.#pairs.length;
    await arrival(() => due - delivered, 'pairs fell silent');
    return rate;
  }

  /**
   * Texts at a fixed rate over all pairs.
   *
   * @param rate texts per second
   * @returns one-way times in milliseconds
   * @throws where a text did not arrive
   */
  async paced(rate: number, seconds: number): Promise<readonly number[]> {
    const sent: number[] = [];
    const times: number[] = [];
    for (const pair of this.#pairs)
      pair.onText = (_, text) => times.push(performance.now() - (sent[Number.parseInt(text.slice(0, 8), 36)] ?? NaN));
    const begin = performance.now();
    for (let tick = begin; tick < begin + seconds * 1_000; tick = performance.now()) {
      const due = Math.floor(((tick - begin) / 1_000) * rate);
      while (sent.length < due) {
        const pair = this.#pairs[sent.length % this.#pairs.length];
        const number = sent.length.toString(36).padStart(8, '0');
        sent.push(performance.now());
        pair?.clients[0].send(number + BODY.slice(8));
      }
      await pause(2);
    }
    await arrival(() => sent.length - times.length, 'texts did not arrive');
    return times;
  }

  close(): void {
    for (const { clients } of this.#pairs.splice(0)) for (const client of clients) client.close();
    for (const client of this.#waiting.splice(0)) client.close();
  }
}

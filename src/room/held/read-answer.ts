/**
 * Reads the answer to `POST /transparency`. By hand: the validator's further functions would be loaded with the first view, which has the
 * others of them. What the server adds in a later version is no mistake; it may hold what this page does not know.
 */
import type { HeldItem } from './held-by-server.ts';

/** Items of an answer: the fullest room has a tenth of that, relay nonces included. */
const MOST_ITEMS = 2048;
/** Facts of one item. */
const MOST_FACTS = 20;
/** ISO 8601, as `Date.toISOString` writes it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/u;

export interface ReadAnswer {
  readonly room: string;
  /** Milliseconds since the epoch. */
  readonly asked: number;
  readonly held: readonly HeldItem[];
}

class Malformed extends Error {
  override readonly name = 'Malformed';
}

function check(isRight: boolean): asserts isRight {
  if (!isRight) throw new Malformed();
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value as Readonly<Record<string, unknown>>;
}

function textIn(value: unknown, most: number): string {
  check(typeof value === 'string' && value !== '' && value.length <= most);
  return value;
}

function timeIn(value: unknown): number {
  const time = Date.parse(textIn(value, 40));
  check(TIME.test(String(value)) && Number.isFinite(time));
  return time;
}

function factIn(value: unknown): string | number {
  check(typeof value === 'string' ? value.length <= 500 : Number.isFinite(value));
  return value as string | number;
}

function itemIn(value: unknown): HeldItem {
  const { item, holds, deleted } = fieldsOf(value);
  const facts = Object.entries(fieldsOf(holds));
  check(facts.length <= MOST_FACTS);
  return {
    item: textIn(item, 60),
    holds: Object.fromEntries(facts.map(([name, fact]) => [textIn(name, 60), factIn(fact)])),
    deleted: timeIn(deleted),
  };
}

/** @returns null for anything of another shape */
export function readAnswer(value: unknown): ReadAnswer | null {
  try {
    const { room, asked, held } = fieldsOf(value);
    check(Array.isArray(held) && held.length <= MOST_ITEMS);
    return { room: textIn(room, 100), asked: timeIn(asked), held: held.map(itemIn) };
  } catch (error: unknown) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** Of a room that the server does not hold, or does not want to know. */
export function isNothing(value: unknown): boolean {
  return JSON.stringify(value) === '{"held":[]}';
}

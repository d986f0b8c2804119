/**
 * Property tests for everything that reads what strangers send. A few hundred cases each in `npm test`; `npm run fuzz` runs as many as it
 * is told. Mutations know the shapes they damage: lengths, ranges and fields, not only single bits.
 */
import process from 'node:process';
import { fc } from '../support/property.ts';
import { concat, copyBytes, type Bytes } from '../../src/e2ee/bytes.ts';
import { ConsultError, type ErrorCode } from '../../src/errors.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 0);
const SEED = Number(process.env['FUZZ_SEED'] ?? 0);

/**
 * @param count in `npm test`
 * @param perRun cases for each of `npm run fuzz -- --runs N`
 */
export const runs = (
  count: number,
  perRun: number = count / 200,
): { readonly numRuns: number; readonly seed?: number } => ({
  numRuns: RUNS > 0 ? Math.max(1, Math.round(RUNS * perRun)) : count,
  ...(SEED > 0 ? { seed: SEED } : {}),
});

/** The code of what was thrown; anything but a {@link ConsultError} fails the property. */
export async function codeOf(act: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await act();
    return 'none';
  } catch (error: unknown) {
    if (error instanceof ConsultError) return error.code;
    throw error;
  }
}

export interface Mutation {
  readonly kind: 'flip' | 'set' | 'cut' | 'insert' | 'repeat' | 'truncate' | 'length' | 'swap';
  /** Where, as a part of the whole. */
  readonly at: number;
  readonly size: number;
  readonly value: number;
}

/** Parts of a message that a mutation tells apart. */
const PLACES = 2 ** 24;

const INTERESTING = [0x00, 0x01, 0x07, 0x08, 0x0f, 0x40, 0x7f, 0x80, 0x88, 0xc0, 0xf0, 0xff];

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'set', 'cut', 'insert', 'repeat', 'truncate', 'length', 'swap'),
    // Not `fc.double`: nine of ten of its numbers between 0 and 1 are too small to be another place than the first.
    at: fc.integer({ min: 0, max: PLACES - 1 }).map((place) => place / PLACES),
    size: fc.integer({ min: 1, max: 48 }),
    value: fc.oneof(fc.constantFrom(...INTERESTING), fc.nat(255)),
  }),
  { minLength: 1, maxLength: 4 },
);

export function mutate(bytes: Uint8Array, all: readonly Mutation[]): Bytes {
  return all.reduce<Bytes>(apply, copyBytes(bytes));
}

function apply(bytes: Bytes, { kind, at, size, value }: Mutation): Bytes {
  if (bytes.length === 0) return Uint8Array.of(value);
  const index = Math.floor(at * bytes.length);
  const [head, tail] = [bytes.subarray(0, index), bytes.subarray(index)];
  const changed = copyBytes(bytes);
  switch (kind) {
    case 'flip':
      changed[index] = (changed[index] ?? 0) ^ (1 << (value % 8));
      return changed;
    case 'set':
      changed[index] = value;
      return changed;
    case 'cut':
      return concat(head, tail.subarray(size));
    case 'insert':
      return concat(head, new Uint8Array(size).fill(value), tail);
    case 'repeat':
      return concat(head, tail.subarray(0, size), tail);
    case 'truncate':
      return copyBytes(head);
    case 'length': {
      // A field of four bytes, big-endian, made a little or much too large.
      if (index + 4 > changed.length) return changed;
      const view = new DataView(changed.buffer);
      view.setUint32(index, value % 2 === 0 ? view.getUint32(index) + (value % 5) - 2 : value * 0x01010101);
      return changed;
    }
    case 'swap':
      return concat(tail.subarray(0, size), head, tail.subarray(size));
  }
}

const OTHER_VALUES: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e308, 2 ** 53, 0.5, '', '\u202e', '__proto__', [], {}, 'everyone'),
  fc.string({ maxLength: 80, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** JSON with a field replaced, missing, doubled or added, at any depth. */
export const damagedJson = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(
      valid,
      fc.array(fc.tuple(fc.nat(40), fc.constantFrom('replace', 'remove', 'add'), OTHER_VALUES), { maxLength: 3 }),
    )
    .map(([value, changes]) => {
      const root = JSON.parse(JSON.stringify({ value })) as Record<string, unknown>;
      for (const [pick, how, other] of changes) {
        const places = placesOf(root);
        const [holder, key] = places[pick % places.length] ?? [root, 'value'];
        if (how === 'replace') holder[key] = other;
        else if (how === 'remove') delete holder[key];
        else holder['extra'] = other;
      }
      return JSON.stringify(root['value'] ?? null);
    });

type Holder = Record<string, unknown>;

function placesOf(holder: Holder): readonly (readonly [Holder, string])[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    [holder, key] as const,
    ...(typeof value === 'object' && value !== null ? placesOf(value as Holder) : []),
  ]);
}

/** A declaration that is still being edited. */
import { LIMITS } from '../../room/room.ts';

export interface Draft {
  /** Completed names. */
  readonly people: readonly string[];
  /** Text in the field that is not completed yet. */
  readonly writing: string;
}

export const EMPTY: Draft = { people: [], writing: '' };

const SEPARATORS = /[,;\n\u{60C}\u{3001}]/u;

function withNames(people: readonly string[], names: readonly string[]): readonly string[] {
  const tidy = names.map((name) => name.normalize('NFC').replace(/\s+/gu, ' ').trim()).filter((name) => name !== '');
  return [...new Set([...people, ...tidy])];
}

/** Applies the text of the field; everything before the last separator becomes a completed name. */
export function write(draft: Draft, text: string): Draft {
  const names = text.split(SEPARATORS);
  const writing = names.pop() ?? '';
  return { people: withNames(draft.people, names), writing };
}

/** Completes the name in the field. */
export function finish({ people, writing }: Draft): Draft {
  return { people: withNames(people, [writing]), writing: '' };
}

export function without({ people, writing }: Draft, name: string): Draft {
  return { people: people.filter((other) => other !== name), writing };
}

/** Whether these people fit into one declaration. */
export function fits(people: readonly string[]): boolean {
  return people.length <= LIMITS.occupants && people.every((name) => name.length <= LIMITS.name);
}

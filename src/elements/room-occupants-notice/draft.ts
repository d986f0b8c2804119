/** What somebody is writing down about their room, before they say it. */
import { LIMITS } from '../../room/messages/messages.ts';

export interface Draft {
  /** Names that are finished. */
  readonly people: readonly string[];
  /** What stands in the field and is not finished. */
  readonly writing: string;
}

export const EMPTY: Draft = { people: [], writing: '' };

const SEPARATORS = /[,;\n\u{60C}\u{3001}]/u;

function withNames(people: readonly string[], names: readonly string[]): readonly string[] {
  const tidy = names.map((name) => name.normalize('NFC').replace(/\s+/gu, ' ').trim()).filter((name) => name !== '');
  return [...new Set([...people, ...tidy])];
}

/** Takes what is written; everything before the last separator is finished. */
export function write(draft: Draft, text: string): Draft {
  const names = text.split(SEPARATORS);
  const writing = names.pop() ?? '';
  return { people: withNames(draft.people, names), writing };
}

/** Finishes the name that is being written. */
export function finish({ people, writing }: Draft): Draft {
  return { people: withNames(people, [writing]), writing: '' };
}

export function without({ people, writing }: Draft, name: string): Draft {
  return { people: people.filter((other) => other !== name), writing };
}

/** Whether a declaration of these people can be made. */
export function fits(people: readonly string[]): boolean {
  return people.length <= LIMITS.occupants && people.every((name) => name.length <= LIMITS.name);
}

/** The presets as a table, with the reason of each rule: what `consult-room-server policies` prints and `src/policies.md` holds. */
import { POLICY_NAMES, type PolicyName } from '../configuration.ts';
import { POLICIES, type Policy, type Rule } from '../policy.ts';

interface Explanation {
  readonly what: string;
  /** In the words of the table. */
  readonly value: (policy: Policy) => string;
  readonly why: string;
  /** What a site may do about it in `rules`; null where the preset alone decides. */
  readonly tighten: string | null;
}

const RULES: Readonly<Record<Rule, Explanation>> = {
  size: {
    what: 'People in the room, the host counted',
    value: ({ size }) => String(size),
    why: 'Three: a counsellor, a client, and a partner or an interpreter. Nine is the most that connections from each to each carry. Every person more is one more who learns who else is there.',
    tighten: 'fewer, 2 at least',
  },
  inviteHours: {
    what: 'An invite opens the room for, hours at most',
    value: ({ inviteHours }) => String(inviteHours),
    why: 'One invite per appointment: a link that is found later, in a mailbox or a history, opens nothing. A day for a consultation that is booked for a day. Half a day where somebody at home may look through the telephone.',
    tighten: 'fewer, 1 at least',
  },
  naming: {
    what: 'Name that is asked for',
    value: ({ naming }) => (naming === 'full-name' ? 'full name, required' : 'pseudonym, or none'),
    why: 'Counselling needs no name, so none is asked for (Art. 5(1)(c) GDPR). In a video consultation after Annex 31b identity is established, so nobody goes on without a name and no word stands in for one.',
    tighten: null,
  },
  graceSeconds: {
    what: 'A lost person is waited for, seconds',
    value: ({ graceSeconds }) => String(graceSeconds),
    why: 'Long enough for a change from Wi-Fi to mobile and a reload; longer in a group, where eight connections see more trouble than one. No room stays open without its counsellor. Short where what a browser remembers for a reload could be found.',
    tighten: 'fewer, 10 at least',
  },
  selfView: {
    what: 'Own picture in the session',
    value: ({ selfView }) => selfView,
    why: 'Looking at oneself for an hour burdens many who come here, most of all with eating disorders; the own picture is one press away.',
    tighten: 'nothing looser than the preset',
  },
  replayRecorders: {
    what: 'Session replay recorders in the page',
    value: ({ replayRecorders }) => replayRecorders,
    why: 'A recorder of the page would send away what people write and show. Neither side may record (the notice), so the page may not either.',
    tighten: 'nothing looser than the preset',
  },
  relay: {
    what: 'Path of picture and sound',
    value: ({ relay }) => (relay === 'always' ? 'relay only, by consent' : 'direct; relay by consent'),
    why: 'Directly nobody is in between. Where an address could betray a place of refuge, everything goes through a declared relay and no side learns the other’s address; both are asked, and no relay means no connection.',
    tighten: null,
  },
};

/** Recipients: who would choose the preset. */
const FOR: Readonly<Record<PolicyName, string>> = {
  beratung: 'one to one',
  gruppe: 'a group of up to eight',
  'anlage-31b': 'video consultation after Annex 31b BMV-Ä',
  gewaltschutz: 'violence at home',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The presets beside each other, one rule a line, then the reasons. */
export function policyTable(): string {
  const rules = Object.entries(RULES) as readonly (readonly [Rule, Explanation])[];
  return [
    row(['rule', ...POLICY_NAMES.map((name) => `\`${name}\``), 'a site may, in `rules`']),
    row(Array.from({ length: POLICY_NAMES.length + 2 }, () => '---')),
    row(['For', ...POLICY_NAMES.map((name) => FOR[name]), '']),
    ...rules.map(([rule, { what, value, tighten }]) =>
      row([
        what,
        ...POLICY_NAMES.map((name) => value(POLICIES[name])),
        tighten === null ? 'nothing: the preset decides' : `\`${rule}\`: ${tighten}`,
      ]),
    ),
    '',
    ...rules.map(([, { what, why }]) => `- **${what}.** ${why}`),
  ].join('\n');
}

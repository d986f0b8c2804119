/**
 * Prints the presets as a table with the reason for each rule, for `consult-room-server policies` and
 * `src/policies.md`.
 */
import { POLICIES, POLICY_NAMES, type Policy, type PolicyName, type PolicyRule } from '../policy.ts';

interface Explanation {
  readonly what: string;
  /** The cell of the table. */
  readonly value: (policy: Policy) => string;
  readonly why: string;
  /** How a site may tighten the rule in `rules`; null when the preset fixes it. */
  readonly tighten: string | null;
}

const RULES: Readonly<Record<PolicyRule, Explanation>> = {
  size: {
    what: 'People in the room, including the host',
    value: ({ size }) => String(size),
    why: 'Three: a counsellor, a client, and a partner or an interpreter. Nine is the limit of a full mesh. Every additional person learns who else is there.',
    tighten: 'fewer, 2 at least',
  },
  inviteHours: {
    what: 'Longest validity of an invite, hours',
    value: ({ inviteHours }) => String(inviteHours),
    why: 'One invite per appointment: a link found later, in a mailbox or a history, opens nothing. One day for a consultation booked for a day. Half a day where a person at home may search the phone.',
    tighten: 'fewer, 1 at least',
  },
  naming: {
    what: 'Name to give',
    value: ({ naming }) => (naming === 'full-name' ? 'full name, required' : 'pseudonym, or none'),
    why: 'Counselling needs no name, so none is required (Art. 5(1)(c) GDPR). A video consultation under Annex 31b establishes identity, so a full name is required and no placeholder replaces it.',
    tighten: null,
  },
  graceSeconds: {
    what: 'Wait for a lost participant, seconds',
    value: ({ graceSeconds }) => String(graceSeconds),
    why: 'Long enough to change from Wi-Fi to mobile data or to reload; longer in a group, where eight connections fail more often than one. No room stays open without its counsellor. Short where the data that a browser keeps for a reload could be found.',
    tighten: 'fewer, 10 at least',
  },
  selfView: {
    what: 'Self-view during the session',
    value: ({ selfView }) => selfView,
    why: 'Watching oneself for an hour is a burden for many clients, above all with eating disorders; one press shows the self-view.',
    tighten: 'nothing looser than the preset',
  },
  replayRecorders: {
    what: 'Session replay recorders in the page',
    value: ({ replayRecorders }) => replayRecorders,
    why: 'A recorder in the page would transmit what people write and show. The notice forbids recording on every side, and so on the page too.',
    tighten: 'nothing looser than the preset',
  },
  relay: {
    what: 'Path of video and audio',
    value: ({ relay }) => (relay === 'always' ? 'relay only, by consent' : 'direct; relay by consent'),
    why: 'A direct path has nobody in between. Where an address could reveal a refuge, everything goes through a declared relay and no side learns the other’s address; both sides are asked, and without a relay there is no connection.',
    tighten: null,
  },
  standIn: {
    what: 'A second counsellor leads when the host is lost',
    value: ({ standIn }) => (standIn === 'takes-over' ? 'if the host named one' : 'no: the session ends'),
    why: 'A group is not left alone because one laptop fails; the person who leads then was named by the host and said yes. Where only three are in the room and one of them may be in danger, nobody but the agreed host leads it.',
    tighten: '`no`',
  },
};

/** The setting that each preset is for. */
const FOR: Readonly<Record<PolicyName, string>> = {
  beratung: 'one to one',
  gruppe: 'a group of up to eight',
  'anlage-31b': 'video consultation under Annex 31b BMV-Ä',
  gewaltschutz: 'domestic violence',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The presets side by side, one rule per row, followed by the reasons. */
export function policyTable(): string {
  const rules = Object.entries(RULES) as readonly (readonly [PolicyRule, Explanation])[];
  return [
    row(['rule', ...POLICY_NAMES.map((name) => `\`${name}\``), 'a site may, in `rules`']),
    row(Array.from({ length: POLICY_NAMES.length + 2 }, () => '---')),
    row(['For', ...POLICY_NAMES.map((name) => FOR[name]), '']),
    ...rules.map(([rule, { what, value, tighten }]) =>
      row([
        what,
        ...POLICY_NAMES.map((name) => value(POLICIES[name])),
        tighten === null ? 'nothing: fixed by the preset' : `\`${rule}\`: ${tighten}`,
      ]),
    ),
    '',
    ...rules.map(([, { what, why }]) => `- **${what}.** ${why}`),
  ].join('\n');
}

/**
 * The rules of a room as data, one preset per kind of counselling. Why each rule is as it is stands in `server/policy-table.ts`, which
 * prints it for sites. A site may tighten a rule; loosening one that the preset fixes is refused with `policy-loosened`, which names it.
 *
 * Shared by the browser and the server, as the configuration is.
 */
import type { PolicyName, PublicConfiguration } from './configuration.ts';
import { ConsultError } from './errors.ts';

export interface Policy {
  readonly name: PolicyName;
  /** People in the room, the host counted; at most 9, because a mesh and 4 bits of leaf index carry no more [R17]. */
  readonly size: number;
  /** For how many hours at most an invite opens the room: one invite per appointment. */
  readonly inviteHours: number;
  /** How people are asked to name themselves; `full-name` lets nobody in without one. */
  readonly naming: 'pseudonym' | 'full-name';
  /** How long a lost person or counsellor is waited for, in seconds, before the session ends for the others. */
  readonly graceSeconds: number;
  /** Own picture during the session. Body image matters to these clients [R15]. */
  readonly selfView: 'hidden' | 'shown';
  /** What to do about session replay and analytics recorders in the page [R16]. */
  readonly replayRecorders: 'refuse' | 'warn' | 'ignore';
  /** `ask`: direct first, relay by consent [R7] [R8]. `always`: only relayed, so that no address reaches the others. */
  readonly relay: 'ask' | 'always';
}

export type Rule = Exclude<keyof Policy, 'name'>;

export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  // One counsellor, one client (or a couple, a client with an interpreter): the founding case.
  beratung: {
    name: 'beratung',
    size: 3,
    inviteHours: 48,
    naming: 'pseudonym',
    graceSeconds: 120,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
  },
  // One counsellor and up to eight.
  gruppe: {
    name: 'gruppe',
    size: 9,
    inviteHours: 48,
    naming: 'pseudonym',
    graceSeconds: 180,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
  },
  // Video consultation after Annex 31b BMV-Ä.
  'anlage-31b': {
    name: 'anlage-31b',
    size: 9,
    inviteHours: 24,
    naming: 'full-name',
    graceSeconds: 120,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
  },
  // Violence at home: an address can betray a place of refuge, so no member learns another's (protocol.md §6).
  gewaltschutz: {
    name: 'gewaltschutz',
    size: 3,
    inviteHours: 12,
    naming: 'pseudonym',
    graceSeconds: 60,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'always',
  },
};

/** How long an invite works, in hours: as the preset allows, and as every preset does for who does not say which one it is for. */
export function inviteHoursOf(policy?: PolicyName): number {
  const presets = policy === undefined ? Object.values(POLICIES) : [POLICIES[policy]];
  return Math.min(...presets.map(({ inviteHours }) => inviteHours));
}

/** The longest any preset waits: how long a room may be remembered before its policy is known. */
export const LONGEST_GRACE = Math.max(...Object.values(POLICIES).map(({ graceSeconds }) => graceSeconds));

/** From loose to strict; what a preset says is the least. */
const STRICTNESS = {
  selfView: ['shown', 'hidden'],
  replayRecorders: ['ignore', 'warn', 'refuse'],
} as const satisfies Partial<Record<Rule, readonly string[]>>;

type Rules = PublicConfiguration['rules'];

const loosened = (rule: keyof Rules): ConsultError => new ConsultError('policy-loosened', { detail: `rules.${rule}` });

/** Fewer people, shorter lives, shorter waits are stricter. */
function number(rule: 'size' | 'inviteHours' | 'graceSeconds', preset: Policy, rules: Rules): number {
  const value = rules[rule] ?? preset[rule];
  if (value > preset[rule]) throw loosened(rule);
  return value;
}

function choice<const V extends string>(rule: keyof typeof STRICTNESS, preset: V, chosen: V | undefined): V {
  const order: readonly string[] = STRICTNESS[rule];
  const value = chosen ?? preset;
  if (order.indexOf(value) < order.indexOf(preset)) throw loosened(rule);
  return value;
}

/**
 * The policy of a site: its preset, tightened by its own rules.
 *
 * @throws {ConsultError} `policy-loosened`, naming the rule
 */
export function resolvePolicy({ policy, rules }: Pick<PublicConfiguration, 'policy' | 'rules'>): Policy {
  const preset = POLICIES[policy];
  return {
    ...preset,
    size: number('size', preset, rules),
    inviteHours: number('inviteHours', preset, rules),
    graceSeconds: number('graceSeconds', preset, rules),
    selfView: choice('selfView', preset.selfView, rules.selfView),
    replayRecorders: choice('replayRecorders', preset.replayRecorders, rules.replayRecorders),
  };
}

/**
 * Policy presets: the rules of a room as data, one preset per kind of counselling. `server/policy-table.ts` holds the
 * reason for each rule and prints the table for sites. A site may tighten a rule; loosening one fails with
 * `policy-loosened`, which names the rule.
 *
 * Shared by the browser and the server.
 */
import { ConsultError } from './errors.ts';

export const POLICY_NAMES = ['beratung', 'gruppe', 'anlage-31b', 'gewaltschutz'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

export interface Policy {
  readonly name: PolicyName;
  /** People in the room including the host; at most 9, the limit of the mesh and of the 4-bit leaf index [R17]. */
  readonly size: number;
  /** Longest validity of an invite in hours: one invite per appointment. */
  readonly inviteHours: number;
  /** Which name the room asks for; with `full-name` nobody joins without one. */
  readonly naming: 'pseudonym' | 'full-name';
  /** Seconds to wait for a lost participant to return before the session ends for the others. */
  readonly graceSeconds: number;
  /** Whether people see their own picture during the session. Body image matters to these clients [R15]. */
  readonly selfView: 'hidden' | 'shown';
  /** Response to session replay and analytics recorders in the page [R16]. */
  readonly replayRecorders: 'refuse' | 'warn' | 'ignore';
  /**
   * `ask`: direct first, relay by consent [R7] [R8]. `always`: relay only, so that participants never learn each
   * other's address.
   */
  readonly relay: 'ask' | 'always';
  /**
   * Whether a second counsellor whom the host names leads the room once the host is lost for longer than `graceSeconds`; `no`: the session
   * ends then. Handing a room over is possible either way.
   */
  readonly standIn: 'takes-over' | 'no';
}

export type PolicyRule = Exclude<keyof Policy, 'name'>;

/** Rules that a site may set, each at least as strict as its preset. */
export interface SiteRules {
  readonly size?: number | undefined;
  readonly inviteHours?: number | undefined;
  readonly graceSeconds?: number | undefined;
  readonly selfView?: Policy['selfView'] | undefined;
  readonly replayRecorders?: Policy['replayRecorders'] | undefined;
  readonly standIn?: Policy['standIn'] | undefined;
}

export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  // One counsellor with one client, a couple, or a client and an interpreter: the case this library was founded for.
  beratung: {
    name: 'beratung',
    size: 3,
    inviteHours: 48,
    naming: 'pseudonym',
    graceSeconds: 120,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
    standIn: 'takes-over',
  },
  // One counsellor and up to eight clients.
  gruppe: {
    name: 'gruppe',
    size: 9,
    inviteHours: 48,
    naming: 'pseudonym',
    graceSeconds: 180,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
    standIn: 'takes-over',
  },
  // Video consultation under Annex 31b BMV-Ä.
  'anlage-31b': {
    name: 'anlage-31b',
    size: 9,
    inviteHours: 24,
    naming: 'full-name',
    graceSeconds: 120,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'ask',
    standIn: 'takes-over',
  },
  // Domestic violence: an address can reveal a refuge, so no participant learns another's (protocol.md §6).
  gewaltschutz: {
    name: 'gewaltschutz',
    size: 3,
    inviteHours: 12,
    naming: 'pseudonym',
    graceSeconds: 60,
    selfView: 'hidden',
    replayRecorders: 'refuse',
    relay: 'always',
    standIn: 'no',
  },
};

/** Longest validity of an invite in hours under a preset; without a preset, the longest that every preset allows. */
export function inviteHoursOf(policy?: PolicyName): number {
  const presets = policy === undefined ? Object.values(POLICIES) : [POLICIES[policy]];
  return Math.min(...presets.map(({ inviteHours }) => inviteHours));
}

/** Longest grace period of any preset, in seconds: the limit while the policy of a room is still unknown. */
export const LONGEST_GRACE = /* @__PURE__ */ (() =>
  Math.max(...Object.values(POLICIES).map(({ graceSeconds }) => graceSeconds)))();

/** From loose to strict; the preset is the minimum. */
const STRICTNESS = {
  selfView: ['shown', 'hidden'],
  replayRecorders: ['ignore', 'warn', 'refuse'],
  standIn: ['takes-over', 'no'],
} as const satisfies Partial<Record<PolicyRule, readonly string[]>>;

const loosened = (rule: keyof SiteRules): ConsultError =>
  new ConsultError('policy-loosened', { detail: `rules.${rule}` });

/** Fewer people, a shorter validity and a shorter grace period are stricter. */
function number(rule: 'size' | 'inviteHours' | 'graceSeconds', preset: Policy, rules: SiteRules): number {
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
 * Computes the policy of a site: its preset, tightened by its own rules.
 *
 * @throws {ConsultError} `policy-loosened`, naming the rule
 */
export function resolvePolicy({ policy, rules }: { readonly policy: PolicyName; readonly rules: SiteRules }): Policy {
  const preset = POLICIES[policy];
  return {
    ...preset,
    size: number('size', preset, rules),
    inviteHours: number('inviteHours', preset, rules),
    graceSeconds: number('graceSeconds', preset, rules),
    selfView: choice('selfView', preset.selfView, rules.selfView),
    replayRecorders: choice('replayRecorders', preset.replayRecorders, rules.replayRecorders),
    standIn: choice('standIn', preset.standIn, rules.standIn),
  };
}

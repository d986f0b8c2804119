/**
 * The rules of a room as data, one preset per kind of counselling, each rule with its reason. A site may tighten a rule;
 * loosening one that the preset fixes is refused with `policy-loosened`.
 */
import { ConsultError } from '../errors.ts';
import type { PolicyName, PublicConfiguration } from '../configuration.ts';

export interface Policy {
  readonly name: PolicyName;
  /** People in the room, the host counted; at most 9, because a mesh and 4 bits of leaf index carry no more [R17]. */
  readonly size: number;
  /** How an invite's lifetime is bounded, in hours. One invite per appointment. */
  readonly inviteHours: number;
  /** How people are asked to name themselves. */
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
  // One counsellor and up to eight; longer grace, because eight connections see more trouble than one.
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
  // Video consultation after Annex 31b BMV-Ä: identity is established, so people name themselves in full.
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

const STRICTNESS = { refuse: 2, warn: 1, ignore: 0 } as const;

/**
 * The policy of a site: its preset, tightened by its own rules.
 *
 * @throws {ConsultError} `policy-loosened`
 */
export function resolvePolicy(configuration: Pick<PublicConfiguration, 'policy' | 'rules'>): Policy {
  const preset = POLICIES[configuration.policy];
  const {
    replayRecorders = preset.replayRecorders,
    selfView = preset.selfView,
    graceSeconds = preset.graceSeconds,
  } = configuration.rules;
  if (STRICTNESS[replayRecorders] < STRICTNESS[preset.replayRecorders])
    throw new ConsultError('policy-loosened', { detail: 'rules.replayRecorders' });
  // A longer grace keeps a room open without its counsellor for longer.
  if (graceSeconds > preset.graceSeconds) throw new ConsultError('policy-loosened', { detail: 'rules.graceSeconds' });
  if (preset.selfView === 'hidden' && selfView === 'shown')
    throw new ConsultError('policy-loosened', { detail: 'rules.selfView' });
  return { ...preset, replayRecorders, selfView, graceSeconds };
}

/** What the doctor finds: one finding a check, with values for its words. Values name sites and servers, never people. */

export const CHECKS = {
  tls: ['encrypted', 'local', 'plain', 'certificate', 'name', 'issuer', 'expiring', 'unreachable'],
  page: ['found', 'missing', 'moved', 'no-room'],
  headers: ['complete', 'lacking', 'weak', 'camera-off'],
  csp: ['strict', 'missing', 'loose', 'no-signal'],
  'third-parties': ['none', 'found'],
  configuration: ['valid', 'missing', 'invalid', 'country', 'undeclared'],
  clock: ['right', 'wrong', 'unknown'],
  signal: ['open', 'origin-refused', 'upgrade-dropped', 'foreign', 'unreachable'],
  origins: ['kept-out', 'let-in', 'unknown'],
  peers: ['met', 'host-refused', 'host-not-allowed', 'room-expired', 'apart', 'unknown'],
  relay: ['guarded', 'works', 'open', 'refuses', 'unreachable', 'none'],
  transparency: ['answers', 'missing'],
  metrics: ['hidden', 'public', 'unknown'],
} as const;

export type Check = keyof typeof CHECKS;
export type Outcome = { [C in Check]: `${C}.${(typeof CHECKS)[C][number]}` }[Check];

export type Verdict = 'good' | 'warning' | 'bad' | 'unknown';

export interface Finding {
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** Such as a header, an address or a code of the system. */
  readonly detail?: string;
}

export const finding = (outcome: Outcome, verdict: Verdict, detail = ''): Finding => ({
  outcome,
  verdict,
  ...(detail === '' ? {} : { detail }),
});

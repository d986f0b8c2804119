/** What one test showed; every suite leaves a list of these in `dist/test-results/`. */
export interface TestRecord {
  readonly file: string;
  readonly name: string;
  /** Where it ran: `node`, `chromium`, `firefox`, `e2e`, `lab` or `check`. */
  readonly environment: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed. */
  readonly detail?: string;
}

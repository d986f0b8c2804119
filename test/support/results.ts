/** The result of one test. Every suite writes a list of them to `dist/test-results/`. */
export interface TestRecord {
  readonly file: string;
  readonly name: string;
  /** Where it ran: `node`, `chromium`, `firefox`, `e2e`, `lab` or `check`. */
  readonly environment: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Seconds that it took. */
  readonly seconds: number;
  /** Why it failed. */
  readonly detail?: string;
}

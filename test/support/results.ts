/** What one test showed; every suite leaves a list of these. */
export interface TestRecord {
  readonly file: string;
  readonly name: string;
  /** Where it ran: `node`, `chromium`, `firefox`, or the name of a check. */
  readonly environment: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** What the signalling server says that it holds of a room, as an interface shows it [R3] [R12]. */

/** One thing that the server holds, in memory. */
export interface HeldItem {
  /**
   * What it is: `room`, `host proof`, `connection`, `admitted keys`, `relay nonce`, `code`, `code connection`, `announcement`, `host token`,
   * `latest host`; another name where the server is newer than the page.
   */
  readonly item: string;
  /** What of it is held: public values, times (ISO 8601) and counts. */
  readonly holds: Readonly<Record<string, string | number>>;
  /** Deleted then at the latest, in milliseconds since the epoch. */
  readonly deleted: number;
}

export type ServerReport =
  | {
      readonly step: 'answered';
      /** By the server's clock, in milliseconds since the epoch. */
      readonly asked: number;
      readonly held: readonly HeldItem[];
      /** `lacks-us`: it leaves out a connection, although this page has one. */
      readonly trust: 'plausible' | 'lacks-us';
    }
  /**
   * `unreachable`: no answer, or only a proxy's; `unsupported`: a server that cannot say it; `refused`: the answer has another shape, or is about
   * another room.
   */
  | { readonly step: 'unknown'; readonly why: 'unreachable' | 'unsupported' | 'refused' };

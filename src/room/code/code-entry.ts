/** What a page says to exchange a spoken code for an invite, and what it hears meanwhile. */
import type { ErrorCode } from '../../errors.ts';

/**
 * `waiting`: the host's page is not there, or no room has this code. `unreachable`: the server does not answer, and the attempt continues by
 * itself.
 */
export type CodeProgress =
  { readonly step: 'connecting' | 'waiting' | 'checking' } | { readonly step: 'unreachable'; readonly code: ErrorCode };

export interface CodeEntry {
  /** As a person typed it. */
  readonly typed: string;
  /** As in `RoomOptions`; `broadcast:` has no codes. */
  readonly signaling?: string;
  readonly signal?: AbortSignal;
  onProgress?(progress: CodeProgress): void;
}

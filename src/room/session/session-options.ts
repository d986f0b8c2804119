/** What a session is opened with: who we are, what the site configured, and where reports go. */
import type { PublicConfiguration } from '../../configuration.ts';
import type { Invite, RoomKeys } from '../../e2ee/admission/invite-token.ts';
import type { HostAuthority } from '../../e2ee/admission/delegation.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import type { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';
import type { OwnTracks } from '../../peer/media-lines.ts';
import type { Policy } from '../../policy.ts';
import type { Channel, ChannelOptions } from '../../signaling/channel.ts';
import type { Declaration } from '../messages/messages.ts';
import type { RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { CodeRecord, Lead, RoomRecord } from '../setup/reload-record.ts';
import type { RoomInput } from '../state/actions.ts';
import type { SessionState, ViewSize } from '../state/state.ts';
import type { LeadChange } from './leadership-options.ts';

export interface SessionOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly name: string;
  readonly policy: Policy;
  readonly configuration: PublicConfiguration;
  readonly frames: FrameWorkerClient;
  /** Hash of the terms that people agree to when they allow a relay. */
  readonly relayTerms: Bytes;
  /** `take-over`: for the host, in place of another device that has the room open. */
  readonly entry: 'join' | 'take-over';
  /** Guests: from before a reload, or a hand-over. */
  readonly admitted: RememberedAdmission | null;
  /** What this page may lead with, and as host since when (protocol.md §13). */
  readonly authority: HostAuthority | null;
  readonly lead: Lead | null;
  /** Host: from before a reload, or a hand-over. */
  readonly room: RoomRecord | null;
  /** Host: from before a reload, or a hand-over. */
  readonly codeBefore: CodeRecord | null;
  channel(onEvent: ChannelOptions['onEvent']): Channel;
  /** The site's time, in milliseconds since the epoch. */
  now(): number;
  state(): SessionState | null;
  report(input: RoomInput): void;
  declaration(): Declaration | null;
  tracksTo(id: string): OwnTracks;
  /** How large this page shows a participant's camera; null where it never did. */
  viewOf(id: string): ViewSize | null;
  onConnection(connection: RTCPeerConnection): void;
  /** Guest: what a reload needs, before anyone hears of it. */
  onRemember(admitted: RememberedAdmission): void;
  /**
   * Host: the same, of a group that is founded and of each change of its members. Who has seen a newer hello takes an older record for one
   * of another device; who is not in it is asked about, and who is removed must not be.
   */
  onRoom(room: RoomRecord): void;
  /** The room changes hands, or may. */
  onLead(change: LeadChange): void;
}

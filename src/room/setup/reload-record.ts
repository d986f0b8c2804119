/**
 * What a reload restores (protocol.md §9): one record in `sessionStorage` while a session runs. It is deleted on
 * leaving, and without being used when it is older than the grace time. The library stores nothing else.
 */
import type { RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { DelegateKey, Rank } from '../../e2ee/admission/delegation.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { Consent, DevicesChoice, Receipt, Role, RulesConsent, Shown } from '../state/state.ts';

/** A delegation that this page holds, with the key that it names. */
export interface Held {
  readonly own: DelegateKey;
  readonly encoded: Bytes;
  /** The SPKI of the host key. */
  readonly root: Bytes;
}

/** Which role a page has after a hand-over, and what it may lead with (protocol.md §13). */
export interface Lead {
  readonly role: Role;
  /** Host: when it began to lead, in milliseconds since the epoch; 0 for the host key at first. */
  readonly since: number;
  /** Null where it may lead with the host key of its invite, or not at all. */
  readonly held: Held | null;
  /** Host: the latest time at which another one may lead, by a delegation that was signed or seen; 0 where there is none. */
  readonly signed: number;
  /** Host: the leaf keys (base64url) that those have by now whom the host key has named since it began to lead. */
  readonly named: readonly string[];
}

/** A member, as the next group knows the person. */
export interface RecordedMember {
  /** The leaf key (base64url), and the one before it where the page may know no later one. */
  readonly keys: readonly string[];
  readonly interpreter: boolean;
}

/** What a host that reloads knows of its room: so nobody who was in it has to be asked about again. */
export interface RoomRecord {
  readonly locked: boolean;
  /** Of the host whose room it was: one after it, on another device, may have removed people. */
  readonly rank: Rank;
  readonly members: readonly RecordedMember[];
}

/** Which of a room's codes counts, and how often a wrong one was typed since the host asked for one (protocol.md §14). */
export interface CodeRecord {
  readonly index: number;
  readonly wrong: number;
}

export interface ReloadRecord {
  /** Names the lock of the tab that this session runs in (`tab-lock.ts`). */
  readonly tab: string;
  readonly invite: string;
  readonly name: string;
  readonly consent: Consent;
  readonly rules: RulesConsent;
  /** The key that signs receipts, and the receipts: a withdrawal after a reload is signed with the same key. */
  readonly receipts: { readonly key: LeafKey; readonly list: readonly Receipt[] } | null;
  readonly choice: DevicesChoice;
  readonly people: readonly string[];
  readonly shown: Shown;
  /** Guests: the admission, once admitted. */
  readonly admitted: RememberedAdmission | null;
  /** Null where the role is the invite's and nothing was handed over. */
  readonly lead: Lead | null;
  /** Host: the room as it was. */
  readonly room: RoomRecord | null;
  /** Null where this page has answered for no code. Stays with the holder of the host key while another one leads. */
  readonly code: CodeRecord | null;
}

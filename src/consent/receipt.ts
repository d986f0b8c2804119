/**
 * Consent receipts: a signed record in the structure of ISO/IEC TS 27560:2023. Field names are from that document
 * (clause beside each group), as far as they apply to a conversation that leaves nothing behind; the values are ours.
 *
 * A receipt contains no name, neither real nor chosen, and no content of the conversation. The site receives the same
 * receipt as the person. Only the signing key links the receipts of one session.
 */
import { canonical, type Plain } from './canonical.ts';
import type { ConsentRecord, Receipt } from './parse-receipt.ts';

export type { ConsentRecord, Receipt } from './parse-receipt.ts';
export { CONSENT_KINDS, RECEIPT_SCHEMA, type ConsentKind } from './receipt-kinds.ts';

/** Identifies the text that was agreed to: version, hash and language. */
export interface ShownText {
  readonly version: string;
  readonly hash: string;
  readonly lang: string;
}

/** The signed text: the canonical receipt without its signature. */
export function signedText(receipt: Omit<Receipt, 'signature'> & { readonly signature?: string }): string {
  const { signature: _signature, ...body } = receipt;
  return canonical(body satisfies Plain);
}

/** The current state of a record. */
export function stateOf({ events }: ConsentRecord): 'given' | 'withdrawn' {
  return events.some(({ event_state }) => event_state === 'withdrawn') ? 'withdrawn' : 'given';
}

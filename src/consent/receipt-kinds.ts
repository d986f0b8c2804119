/** What a receipt can be about, and the version of its structure. */
export const CONSENT_KINDS = ['notice', 'no-recording', 'group-rules', 'relay'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

/** Changes when an older receipt could be misread. */
export const RECEIPT_SCHEMA = 'consult-room-receipt-1 ISO/IEC-TS-27560:2023';

/** Reads receipts that were saved: every member as ISO/IEC TS 27560:2023 has it (clause beside each group), and nothing else. */
import * as v from 'valibot';
import { ConsultError } from '../errors.ts';
import { CONSENT_KINDS, RECEIPT_SCHEMA } from './receipt-kinds.ts';

/** Longest receipt in characters; a typical one has about 4,000. */
const LONGEST = 65_536;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(600));
const texts = v.pipe(v.array(text), v.maxLength(40));
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/u));
const time = v.pipe(v.string(), v.isoTimestamp(), v.maxLength(30));
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u));
const base64url = (bytes: number) =>
  v.pipe(v.string(), v.length(Math.ceil((bytes * 4) / 3)), v.regex(/^[A-Za-z0-9_-]+$/u));

/** ISO/IEC TS 27560:2023, 6.3.6. */
const Party = v.strictObject({
  party_id: text,
  party_name: text,
  party_address: text,
  party_contact: text,
  party_email: v.optional(text),
  party_role: v.picklist(['controller', 'processor', 'officer', 'authority']),
  party_type: v.literal('organisation'),
  country: v.optional(country),
});

/** 6.3.5. */
const PiiInformation = v.strictObject({
  pii_type: text,
  pii_optional: v.boolean(),
  special_pii_category: v.optional(text),
});

/** 6.3.4.3 to 6.3.4.22. */
const Purpose = v.strictObject({
  purpose: text,
  purpose_type: text,
  lawful_basis: texts,
  pii_information: v.pipe(v.array(PiiInformation), v.maxLength(20)),
  pii_controllers: texts,
  collection_method: text,
  processing_method: text,
  storage_locations: v.pipe(v.array(country), v.maxLength(40)),
  retention_period: text,
  processing_locations: v.pipe(v.array(country), v.maxLength(40)),
  geographic_restrictions: text,
  service: text,
  jurisdiction: country,
  recipient_third_parties: texts,
  withdrawal_method: text,
  privacy_rights: texts,
  authority_party: v.optional(text),
});

/** 6.3.7: the consent and, possibly, its withdrawal. */
const ConsentEvent = v.strictObject({
  event_time: time,
  event_type: v.literal('explicit'),
  event_state: v.picklist(['given', 'withdrawn']),
  entity_id: text,
  validity_duration: text,
});

const ConsentRecord = v.strictObject({
  // 6.3.3
  schema_version: v.literal(RECEIPT_SCHEMA),
  record_id: uuid,
  pii_principal_id: base64url(16),
  consent_kind: v.picklist(CONSENT_KINDS),
  // 6.3.4.1, 6.3.4.2
  privacy_notice: v.strictObject({
    title: text,
    version: text,
    hash_algorithm: v.literal('SHA-384'),
    hash: base64url(48),
    role: v.picklist(['host', 'guest']),
  }),
  language: text,
  purposes: v.pipe(v.array(Purpose), v.length(1)),
  parties: v.pipe(v.array(Party), v.minLength(1), v.maxLength(20)),
  events: v.pipe(v.array(ConsentEvent), v.minLength(1), v.maxLength(2)),
});

/** 6.4: the record and its signer. `member` links the signer's key to a member of the encrypted group. */
const Receipt = v.strictObject({
  receipt_id: uuid,
  schema_version: v.literal(RECEIPT_SCHEMA),
  record: ConsentRecord,
  signer: v.strictObject({
    algorithm: v.literal('ECDSA P-384 SHA-384'),
    /** Uncompressed point. */
    public_key: base64url(97),
    member: v.nullable(v.strictObject({ public_key: base64url(97), signature: base64url(96) })),
  }),
  signature: base64url(96),
});

export type ConsentRecord = Readonly<v.InferOutput<typeof ConsentRecord>>;
export type Receipt = Readonly<v.InferOutput<typeof Receipt>>;

/**
 * @param value untrusted: JSON text or a parsed value
 * @throws {ConsultError} `argument-invalid`, naming the path of the bad value
 */
export function parseReceipt(value: unknown): Receipt {
  const read = typeof value === 'string' ? fromJson(value) : value;
  const result = v.safeParse(Receipt, read, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalid(v.getDotPath(issue) ?? 'no receipt');
}

/**
 * Like {@link parseReceipt}, for a saved file: one receipt or a list of receipts.
 *
 * @throws {ConsultError} `argument-invalid`
 */
export function parseReceipts(json: string): readonly Receipt[] {
  if (json.length > LONGEST * 20) throw invalid('too long');
  const value = fromJson(json);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > 100) throw invalid('no receipts');
  return list.map(parseReceipt);
}

/**
 * Reads JSON in one spelling: a member that occurs twice would show one value to a reader and another to the signature
 * (RFC 8259 §4). Order and whitespace do not matter.
 */
function fromJson(json: string): unknown {
  let spelling: string;
  let value: unknown;
  try {
    value = JSON.parse(json);
    spelling = JSON.stringify(value);
  } catch {
    throw invalid('not JSON');
  }
  if (spelling !== json.replaceAll(TOKENS, respell)) throw invalid('a member occurs twice');
  return value;
}

/** String tokens and whitespace of a JSON text. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\s+/gu;
const respell = (token: string): string => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : '');

const invalid = (detail: string): ConsultError =>
  new ConsultError('argument-invalid', { detail: `receipt: ${detail}` });

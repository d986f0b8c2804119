/**
 * Issues the receipts of one participant's consents: the record comes from `consent`, the signature from `e2ee`. The
 * receipt key is generated with the first consent, before any group exists, and signs nothing else. As soon as the
 * participant has a key in the group, that key vouches for it. The receipt key is dropped when the room is over.
 */
import { consentRecord, withdrawnRecord } from '../../consent/consent-record.ts';
import { RECEIPT_SCHEMA, signedText, stateOf, type ConsentRecord } from '../../consent/receipt.ts';
import { ruleHash, rulesFor, ruleText, type AgreementRule } from '../../consent/rules.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { sha384, utf8 } from '../../e2ee/bytes.ts';
import { generateLeafKey, signLeaf, type LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { PublicConfiguration } from '../../configuration.ts';
import type { Policy } from '../../policy.ts';
import { RELAY_TERMS_VERSION, relayTermsHash } from '../relay/relay-terms.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { isSession, type ConsentKind, type Receipt, type Role, type RoomState } from '../state/state.ts';
import type { RulesConsent, ShownText } from '../state/state.ts';

export interface ReceiptsOptions {
  readonly configuration: PublicConfiguration;
  readonly policy: Policy;
  readonly role: Role;
  /** BCP 47: the language of the relay's explanation, where an answer names no other. */
  readonly lang: string;
  /** What a reload restores. */
  readonly restored: { readonly key: LeafKey; readonly list: readonly Receipt[] } | null;
  /** Our key in the group; null outside of one. */
  leafKey(): LeafKey | null;
  report(receipt: Receipt): void;
  onProblem(error: unknown): void;
}

export class Receipts {
  readonly #o: ReceiptsOptions;
  readonly #queue = new SerialQueue();
  /** Consents that were not withdrawn, by record id. */
  readonly #active = new Map<string, ConsentRecord>();
  /** Participant id → language in which the question about the relay to that participant was read. */
  readonly #relayLanguages = new Map<string, string>();
  #key: LeafKey | null;
  #member: Receipt['signer']['member'] = null;

  constructor(o: ReceiptsOptions) {
    this.#o = o;
    this.#key = o.restored?.key ?? null;
    for (const { record } of o.restored?.list ?? []) this.#track(record);
  }

  /** For the reload record. */
  get key(): LeafKey | null {
    return this.#key;
  }

  /** Issues a receipt for every consent that a change of the state contains. */
  follow(previous: RoomState, next: RoomState): void {
    if (!('consent' in previous) && 'consent' in next && next.receipts.length === 0)
      this.#giveConsent('notice', async () => next.consent.notice, next.consent.at);
    if (previous.phase === 'occupants' && next.phase === 'occupants' && next.rules && !previous.rules)
      this.#giveRules(next.rules);
    if (isSession(next))
      for (const { id, relay } of next.participants) {
        const before = isSession(previous) ? previous.participants.find((p) => p.id === id) : undefined;
        if (relay.step === 'granted' && before?.relay.step !== 'granted') this.#giveRelay(id);
      }
    // Vouched for while there is a group, because a withdrawal is signed after it has ended.
    if (isSession(next) && next.encryption !== (isSession(previous) ? previous.encryption : null))
      this.#run(async () => void (await this.#vouch(await this.#open())));
    if (isOver(next) && !isOver(previous)) this.#close();
  }

  /** Remembers in which language the relay questions are shown that are about to be answered: one, or all open ones. */
  recordRelayLanguage(state: RoomState, lang = this.#o.lang, id?: string): void {
    if (!isSession(state)) return;
    for (const { id: peer, relay } of state.participants)
      if (relay.step === 'asked' && relay.ours === 'open' && (id === undefined || id === peer))
        this.#relayLanguages.set(peer, lang);
  }

  /** Issues a withdrawal for every active consent of these kinds. */
  withdraw(kinds: readonly ConsentKind[]): void {
    const at = Date.now();
    this.#run(async () => {
      for (const record of this.#active.values())
        if (kinds.includes(record.consent_kind)) await this.#issue(withdrawnRecord(record, at));
    });
  }

  #giveRules({ recording, group, at }: RulesConsent): void {
    this.#giveConsent('no-recording', async () => recording, at);
    if (group) this.#giveConsent('group-rules', async () => group, at);
  }

  /** The terms are the same in every language (`relay-terms.ts`), so the receipt names their hash. */
  #giveRelay(peer: string): void {
    const { configuration, policy } = this.#o;
    const lang = this.#relayLanguages.get(peer) ?? this.#o.lang;
    const terms = async (): Promise<ShownText> => ({
      version: RELAY_TERMS_VERSION,
      hash: toBase64Url(await relayTermsHash(configuration, policy.relay)),
      lang,
    });
    this.#giveConsent('relay', terms, Date.now());
  }

  #giveConsent(kind: ConsentKind, text: () => Promise<ShownText>, at: number): void {
    const { configuration, policy, role } = this.#o;
    this.#run(async () => {
      const recordId = crypto.randomUUID();
      const principal = await principalOf(await this.#open());
      const record = consentRecord({ kind, configuration, policy, role, text: await text(), at, recordId, principal });
      await this.#issue(record);
    });
  }

  async #issue(record: ConsentRecord): Promise<void> {
    const key = await this.#open();
    const body = {
      receipt_id: crypto.randomUUID(),
      schema_version: RECEIPT_SCHEMA,
      record,
      signer: {
        algorithm: 'ECDSA P-384 SHA-384',
        public_key: toBase64Url(key.publicKey),
        member: await this.#vouch(key),
      },
    } as const;
    const signature = toBase64Url(await signLeaf(key, 'receipt', [utf8(signedText(body))]));
    this.#track(record);
    this.#o.report({ ...body, signature });
  }

  #track(record: ConsentRecord): void {
    const { record_id: id } = record;
    if (stateOf(record) === 'given') this.#active.set(id, record);
    else this.#active.delete(id);
  }

  async #open(): Promise<LeafKey> {
    return (this.#key ??= await generateLeafKey());
  }

  /** Signs the receipt key with our key in the group, if there is one. */
  async #vouch({ publicKey }: LeafKey): Promise<Receipt['signer']['member']> {
    const leaf = this.#o.leafKey();
    if (leaf)
      this.#member = {
        public_key: toBase64Url(leaf.publicKey),
        signature: toBase64Url(await signLeaf(leaf, 'receipt key', [publicKey])),
      };
    return this.#member;
  }

  #close(): void {
    this.#run(async () => {
      this.#key = null;
      this.#active.clear();
    });
  }

  #run(work: () => Promise<void>): void {
    void this.#queue.run(work).catch((error: unknown) => this.#o.onProblem(error));
  }
}

const isOver = ({ phase }: RoomState): boolean => phase === 'ended' || phase === 'failed';

/** 16 bytes of the key's hash: a new one for each session, and no data about the person. */
async function principalOf({ publicKey }: LeafKey): Promise<string> {
  return toBase64Url((await sha384(publicKey)).slice(0, 16));
}

/** The acceptance of this room's rules, in the language they were shown in. */
export async function acceptedRules(policy: Policy, lang: string): Promise<RulesConsent> {
  const shown = async (rule: AgreementRule): Promise<ShownText> => {
    const text = ruleText(rule, lang);
    return { version: text.version, hash: await ruleHash(text), lang: text.lang };
  };
  const group = rulesFor(policy).includes('group-rules') ? await shown('group-rules') : null;
  return { recording: await shown('no-recording'), group, at: Date.now() };
}

/**
 * Makes the receipts of one person's consents: the record from `consent`, the signature from `e2ee`. The key is made with the first consent,
 * before any group exists, and signs nothing else; as soon as this person has a key in the group, that one vouches for it. It goes when
 * the room is over.
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
  /** BCP 47: in which the relay was explained where an answer says nothing else. */
  readonly lang: string;
  /** What a reload brings back. */
  readonly restored: { readonly key: LeafKey; readonly list: readonly Receipt[] } | null;
  /** Ours in the group; null while there is none. */
  leafKey(): LeafKey | null;
  report(receipt: Receipt): void;
  onProblem(error: unknown): void;
}

interface Given {
  readonly record: ConsentRecord;
  /** Whose pair it is about. */
  readonly peer: string | null;
}

export class Receipts {
  readonly #o: ReceiptsOptions;
  readonly #queue = new SerialQueue();
  readonly #given = new Map<string, Given>();
  /** In which language the question about each pair was read. */
  readonly #read = new Map<string, string>();
  #key: LeafKey | null;
  #member: Receipt['signer']['member'] = null;

  constructor(o: ReceiptsOptions) {
    this.#o = o;
    this.#key = o.restored?.key ?? null;
    for (const { record } of o.restored?.list ?? []) this.#note({ record, peer: null });
  }

  /** For the record that a reload needs. */
  get key(): LeafKey | null {
    return this.#key;
  }

  /** Sees what a step of the room means: each consent that came into being gets its receipt. */
  follow(previous: RoomState, next: RoomState): void {
    if (!('consent' in previous) && 'consent' in next && next.receipts.length === 0)
      this.#give('notice', async () => next.consent.notice, next.consent.at);
    if (previous.phase === 'occupants' && next.phase === 'occupants' && next.rules && !previous.rules)
      this.#giveRules(next.rules);
    if (isSession(next))
      for (const { id, relay } of next.participants) {
        const before = isSession(previous) ? previous.participants.find((p) => p.id === id) : undefined;
        if (relay.step === 'granted' && before?.relay.step !== 'granted') this.#giveRelay(id);
      }
    // While there is a group: a withdrawal is signed when it is gone already.
    if (isSession(next) && next.encryption !== (isSession(previous) ? previous.encryption : null))
      this.#run(async () => void (await this.#vouch(await this.#open())));
    if (isOver(next) && !isOver(previous)) this.#close();
  }

  /** In which language the open questions of a relay are read, by whoever is about to answer one of them or all. */
  readRelay(state: RoomState, lang = this.#o.lang, id?: string): void {
    if (!isSession(state)) return;
    for (const { id: peer, relay } of state.participants)
      if (relay.step === 'asked' && relay.ours === 'open' && (id === undefined || id === peer))
        this.#read.set(peer, lang);
  }

  /** Of everything of these kinds that still holds. */
  withdraw(kinds: readonly ConsentKind[]): void {
    const at = Date.now();
    this.#run(async () => {
      for (const { record } of this.#given.values())
        if (kinds.includes(record.consent_kind)) await this.#issue({ record: withdrawnRecord(record, at), peer: null });
    });
  }

  #giveRules({ recording, group, at }: RulesConsent): void {
    this.#give('no-recording', async () => recording, at);
    if (group) this.#give('group-rules', async () => group, at);
  }

  /** What both agreed to is the same in every language (`relay-terms.ts`), so its hash is that of the terms. */
  #giveRelay(peer: string): void {
    const { configuration, policy } = this.#o;
    const lang = this.#read.get(peer) ?? this.#o.lang;
    const terms = async (): Promise<ShownText> => ({
      version: RELAY_TERMS_VERSION,
      hash: toBase64Url(await relayTermsHash(configuration, policy.relay)),
      lang,
    });
    this.#give('relay', terms, Date.now(), peer);
  }

  #give(kind: ConsentKind, text: () => Promise<ShownText>, at: number, peer: string | null = null): void {
    const { configuration, policy, role } = this.#o;
    this.#run(async () => {
      const recordId = crypto.randomUUID();
      const principal = await principalOf(await this.#open());
      const record = consentRecord({ kind, configuration, policy, role, text: await text(), at, recordId, principal });
      await this.#issue({ record, peer });
    });
  }

  async #issue(given: Given): Promise<void> {
    const key = await this.#open();
    const body = {
      receipt_id: crypto.randomUUID(),
      schema_version: RECEIPT_SCHEMA,
      record: given.record,
      signer: {
        algorithm: 'ECDSA P-384 SHA-384',
        public_key: toBase64Url(key.publicKey),
        member: await this.#vouch(key),
      },
    } as const;
    const signature = toBase64Url(await signLeaf(key, 'receipt', [utf8(signedText(body))]));
    this.#note(given);
    this.#o.report({ ...body, signature });
  }

  #note(given: Given): void {
    const { record_id: id } = given.record;
    if (stateOf(given.record) === 'given') this.#given.set(id, given);
    else this.#given.delete(id);
  }

  async #open(): Promise<LeafKey> {
    return (this.#key ??= await generateLeafKey());
  }

  /** The key in the group says that the receipt key is this member's. */
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
      this.#given.clear();
    });
  }

  #run(work: () => Promise<void>): void {
    void this.#queue.run(work).catch((error: unknown) => this.#o.onProblem(error));
  }
}

const isOver = ({ phase }: RoomState): boolean => phase === 'ended' || phase === 'failed';

/** 16 bytes of the key's hash: another for each session, and nothing of the person. */
async function principalOf({ publicKey }: LeafKey): Promise<string> {
  return toBase64Url((await sha384(publicKey)).slice(0, 16));
}

/** The rules of this room as they are accepted, in the language they were shown in. */
export async function acceptedRules(policy: Policy, lang: string): Promise<RulesConsent> {
  const shown = async (rule: AgreementRule): Promise<ShownText> => {
    const text = ruleText(rule, lang);
    return { version: text.version, hash: await ruleHash(text), lang: text.lang };
  };
  const group = rulesFor(policy).includes('group-rules') ? await shown('group-rules') : null;
  return { recording: await shown('no-recording'), group, at: Date.now() };
}

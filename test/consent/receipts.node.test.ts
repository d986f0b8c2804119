/** Receipts: what gets one, what stands in it, that it proves what it says, and that nothing else passes for one. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fc } from '../support/property.ts';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { canonical, type Plain } from '../../src/consent/canonical.ts';
import { buildNotice, noticeHash } from '../../src/consent/notice.ts';
import { consentRecord, withdrawnRecord } from '../../src/consent/consent-record.ts';
import { parseReceipt, parseReceipts } from '../../src/consent/parse-receipt.ts';
import { RECEIPT_SCHEMA, signedText, stateOf, type ConsentRecord, type Receipt } from '../../src/consent/receipt.ts';
import { german } from '../../src/consent/notice.de.ts';
import { registerAgreement } from '../../src/consent/register-agreement.ts';
import { ruleHash, ruleText } from '../../src/consent/rules.ts';
import { sha384, utf8 } from '../../src/e2ee/bytes.ts';
import { generateLeafKey, signLeaf, type LeafKey } from '../../src/e2ee/mls/leaf-key.ts';
import { ConsultError } from '../../src/errors.ts';
import type { RoomInput } from '../../src/room/state/actions.ts';
import { POLICIES } from '../../src/policy.ts';
import { acceptedRules, Receipts } from '../../src/room/consent/receipts.ts';
import { INITIAL, reduce } from '../../src/room/state/reducer.ts';
import { CONSENT_KINDS } from '../../src/consent/receipt.ts';
import type { Consent, RoomState } from '../../src/room/state/state.ts';
import { verify, verifyReceiptFile } from '../../src/server/receipt-command.ts';
import { toBase64Url } from '../../src/util/base64url.ts';
import { alone, opening, roster } from '../room/states.ts';

const configuration = parsePublicConfiguration({
  operator: { name: 'Beratungsstelle am Park', address: 'Parkweg 3', email: 'post@park.example', country: 'DE' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle am Park', country: 'DE' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Rechenhaus Wien', country: 'AT' },
  ],
});
const policy = POLICIES.beratung;
const NAME = 'Mia Sonnenschein';

/** A room without services: its states, and the receipts that they lead to. */
async function session(changes: { readonly leafKey?: LeafKey } = {}) {
  let state: RoomState = INITIAL;
  let member = changes.leafKey ?? null;
  let settle: () => void = () => undefined;
  const told: Receipt[] = [];
  const receipts = new Receipts({
    configuration,
    policy,
    role: 'guest',
    lang: 'de',
    restored: null,
    leafKey: () => member,
    report: (receipt) => {
      told.push(receipt);
      step({ type: 'receipt', receipt });
      settle();
    },
    onProblem: (error) => assert.fail(String(error)),
  });
  const step = (...inputs: readonly RoomInput[]): void => {
    for (const input of inputs) {
      const next = reduce(state, input);
      receipts.follow(state, next);
      state = next;
    }
  };
  const until = async (count: number): Promise<void> => {
    while (told.length < count) await new Promise<void>((resolve) => (settle = resolve));
  };
  const notice = buildNotice({ configuration, policy, role: 'guest', lang: 'de' });
  const consent: Consent = {
    notice: { version: notice.version, hash: await noticeHash(notice), lang: 'de' },
    at: Date.parse('2026-11-24T10:00:00Z'),
  };
  step(
    { type: 'configured', role: 'guest', policy, configuration, name: NAME },
    { type: 'notice-accepted', consent },
    { type: 'devices-used' },
    { type: 'rules-accepted', rules: await acceptedRules(policy, 'de') },
    { type: 'declared', occupants: alone() },
    { type: 'joined' },
  );
  await until(3);
  const leaveGroup = (): void => {
    member = null;
  };
  return { told, step, until, receipts, leaveGroup, state: () => state };
}

const first = async (): Promise<Receipt> => (await session()).told[0]!;
const verdictOf = async (receipts: unknown, given: typeof configuration | null = null): Promise<string> =>
  (await verify(JSON.stringify(receipts), given)).map(({ verdict }) => verdict).join(' ');

describe('consent receipts', () => {
  it('[R1] are issued for the notice, for no recording and for the rules of the group', async () => {
    const { told } = await session();
    assert.deepEqual(
      told.map(({ record }) => [record.consent_kind, stateOf(record)]),
      [
        ['notice', 'given'],
        ['no-recording', 'given'],
        ['group-rules', 'given'],
      ],
    );
    const texts = await Promise.all(
      (['no-recording', 'group-rules'] as const).map((rule) => ruleHash(ruleText(rule, 'de'))),
    );
    assert.deepEqual(
      told.slice(1).map(({ record }) => record.privacy_notice.hash),
      texts,
    );
    assert.equal(await verdictOf(told, configuration), 'valid valid valid');
  });

  it('[R8] are issued for the relay of each pair and for its withdrawal', async () => {
    const { told, step, until, receipts } = await session();
    const granted = (id: string): RoomInput => ({ type: 'relay', id, relay: { step: 'granted' } });
    step(roster('host', 'mia'), granted('host'), granted('mia'));
    await until(5);
    const relays = told.slice(3);
    assert.deepEqual(
      relays.map(({ record }) => record.consent_kind),
      ['relay', 'relay'],
    );
    assert.notEqual(relays[0]?.record.record_id, relays[1]?.record.record_id);
    assert.deepEqual(relays[0]?.record.purposes[0]?.storage_locations, ['AT']);
    receipts.withdraw(['relay']);
    await until(7);
    assert.deepEqual(
      told.slice(5).map(({ record }) => [record.record_id, stateOf(record)]),
      [
        [relays[0]?.record.record_id, 'withdrawn'],
        [relays[1]?.record.record_id, 'withdrawn'],
      ],
    );
    assert.equal(await verdictOf(told, configuration), Array(7).fill('valid').join(' '));
  });

  it('[R1] name the language in which each relay question was read', async () => {
    const { told, step, until, receipts, state } = await session();
    const asked = (id: string): RoomInput => ({
      type: 'relay',
      id,
      relay: { step: 'asked', ours: 'open', theirs: 'open' },
    });
    const granted = (id: string): RoomInput => ({ type: 'relay', id, relay: { step: 'granted' } });
    step(roster('host', 'mia', 'tom'), asked('host'), asked('mia'));
    receipts.recordRelayLanguage(state(), 'en', 'host');
    step(granted('host'));
    // Answered for all that are open, and the answer names no language: that of the page.
    receipts.recordRelayLanguage(state(), undefined);
    step(granted('mia'), asked('tom'));
    receipts.recordRelayLanguage(state(), 'en-GB');
    step(granted('tom'));
    await until(6);
    assert.deepEqual(
      told.slice(3).map(({ record }) => record.language),
      ['en', 'de', 'en-GB'],
    );
  });

  it('[R1] are all withdrawn once when the notice is withdrawn, and outlive the session', async () => {
    const { told, step, until, receipts, state } = await session();
    receipts.withdraw(CONSENT_KINDS);
    step({ type: 'ended', reason: 'withdrawn' });
    await until(6);
    assert.deepEqual(
      told.slice(3).map(({ record }) => stateOf(record)),
      ['withdrawn', 'withdrawn', 'withdrawn'],
    );
    assert.deepEqual(
      told[3]?.record.events.map(({ event_state }) => event_state),
      ['given', 'withdrawn'],
    );
    const ended = state();
    assert.ok(ended.phase === 'ended' && ended.receipts.length === 6);
    // The key goes with the room: this ends, or the test does not.
    while (receipts.key !== null) await setImmediate();
    assert.equal(await verdictOf(told), Array(6).fill('valid').join(' '));
  });

  it('[R1] [R5] contain neither a name nor a link to another session', async () => {
    const [one, other] = [await first(), await first()];
    // Without keys, ids and signatures: in one of a thousand there are these three letters by chance.
    const words = JSON.stringify(one).replaceAll(/[\w-]{22,}/gu, '');
    assert.ok(!/Mia|Sonnenschein/u.test(words), words);
    assert.notEqual(one.record.pii_principal_id, other.record.pii_principal_id);
    assert.notEqual(one.signer.public_key, other.signer.public_key);
    assert.notEqual(one.record.record_id, other.record.record_id);
  });

  it('[R2] name the controller, the processors and the countries of the configuration', async () => {
    const { parties, purposes } = (await first()).record;
    assert.deepEqual(
      parties.map(({ party_role, party_name }) => [party_role, party_name]),
      [
        ['controller', 'Beratungsstelle am Park'],
        ['processor', 'Rechenhaus Wien'],
      ],
    );
    const [purpose] = purposes;
    assert.deepEqual(purpose?.lawful_basis, ['GDPR Art. 6(1)(a)', 'GDPR Art. 9(2)(a)']);
    assert.deepEqual(purpose?.processing_locations, ['AT', 'DE']);
    assert.match(purpose?.retention_period ?? '', /PT2H.*P90D/u);
  });

  it('[R11] name who is told that the room is open', () => {
    const telling = parsePublicConfiguration({
      ...configuration,
      countries: ['CH'],
      webhooks: [{ operator: 'Terminhaus Bern', country: 'CH' }],
    });
    const facts = {
      policy: POLICIES.beratung,
      role: 'guest',
      text: { version: '7', hash: 'h', lang: 'de' },
      at: 0,
      recordId: 'r',
      principal: 'p',
    } as const;
    const { parties, purposes } = consentRecord({ ...facts, kind: 'notice', configuration: telling });
    const told = parties.find(({ party_name }) => party_name === 'Terminhaus Bern');
    assert.equal(told?.party_role, 'processor');
    assert.ok(purposes[0]?.recipient_third_parties.includes(told?.party_id ?? ''));
    assert.deepEqual(purposes[0]?.processing_locations, ['AT', 'CH', 'DE']);
    const types = (of: typeof purposes) => of[0]?.pii_information.map(({ pii_type }) => pii_type) ?? [];
    assert.ok(types(purposes).some((type) => type.startsWith('that the room was opened')));
    const without = consentRecord({ ...facts, kind: 'notice', configuration });
    assert.ok(!types(without.purposes).some((type) => type.startsWith('that the room was opened')));
  });

  it('reveal a group member who vouches for another’s key', async () => {
    const { told } = await session({ leafKey: await generateLeafKey() });
    const [receipt] = told;
    assert.ok(receipt?.signer.member);
    assert.equal(await verdictOf(receipt), 'valid');
    const { told: others } = await session({ leafKey: await generateLeafKey() });
    const { step, until, receipts, told: late, leaveGroup } = await session({ leafKey: await generateLeafKey() });
    step(roster('host'));
    await until(3);
    receipts.withdraw(['notice']);
    leaveGroup();
    await until(4);
    assert.ok(late[3]?.signer.member, 'also where the group is gone when it is signed');
    const swapped = { ...receipt, signer: { ...receipt.signer, member: others[0]?.signer.member } };
    assert.equal(await verdictOf(swapped), 'changed');
  });

  it('[R17] nobody joins a room for more than two without accepting the rules of the group', async () => {
    const withoutGroup = { ...(await acceptedRules(policy, 'de')), group: null };
    const { state } = await session();
    assert.ok('rules' in state());
    const before = [
      { type: 'configured', role: 'guest', policy, configuration, name: NAME },
      { type: 'notice-accepted', consent: { notice: { version: '2', hash: 'h', lang: 'de' }, at: 1 } },
      { type: 'devices-used' },
      { type: 'rules-accepted', rules: withoutGroup },
      { type: 'declared', occupants: alone() },
      { type: 'joined' },
    ] as const satisfies readonly RoomInput[];
    assert.equal(before.reduce<RoomState>(reduce, INITIAL).phase, 'occupants');
    const two = { ...policy, size: 2 };
    assert.equal((await acceptedRules(two, 'de')).group, null);
    const inTwo = before.map((input) => (input.type === 'configured' ? { ...input, policy: two } : input));
    assert.equal(inTwo.reduce<RoomState>(reduce, INITIAL).phase, 'waiting');
  });

  it('[R16] nobody joins without accepting that nobody records', () => {
    const without: readonly RoomInput[] = [
      { type: 'configured', role: 'guest', policy, configuration, name: NAME },
      { type: 'notice-accepted', consent: { notice: { version: '2', hash: 'h', lang: 'de' }, at: 1 } },
      { type: 'devices-used' },
      { type: 'declared', occupants: alone() },
      { type: 'joined' },
      roster('host'),
      ...opening('host'),
    ];
    assert.equal(without.reduce<RoomState>(reduce, INITIAL).phase, 'occupants');
  });
});

type Mutable = { -readonly [K in keyof ConsentRecord]: ConsentRecord[K] };

/** Every place in a receipt, with another value put there. */
function* changed(value: Plain, wrap: (inner: Plain) => unknown): Generator {
  if (typeof value === 'string') {
    const last = value.at(-1) === 'A' ? 'B' : 'A';
    yield wrap(value.slice(0, -1) + last);
  } else if (typeof value === 'boolean') yield wrap(!value);
  else if (Array.isArray(value)) {
    const list = value as readonly Plain[];
    for (const [index, inner] of list.entries()) yield* changed(inner, (other) => wrap(list.with(index, other)));
    if (list.length > 1) yield wrap(list.slice(1));
  } else if (value !== null) {
    const record = value as Readonly<Record<string, Plain>>;
    for (const [key, inner] of Object.entries(record))
      yield* changed(inner, (other) => wrap({ ...record, [key]: other }));
  }
}

describe('verifying a receipt', () => {
  it('[R1] detects every single change', async () => {
    const receipt = await first();
    let count = 0;
    for (const other of changed(receipt, (value) => value)) {
      const verdict = await verdictOf(other);
      assert.ok(verdict === 'changed' || verdict === 'no-receipt', `${verdict}: ${JSON.stringify(other)}`);
      count++;
    }
    assert.ok(count > 60);
    assert.equal(await verdictOf(receipt), 'valid');
  });

  it('ignores the order of members and whitespace', async () => {
    const receipt = await first();
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, inner]) => [key, reversed(inner)]),
            )
          : value;
    assert.equal((await verify(JSON.stringify(reversed(receipt), undefined, 7), null))[0]?.verdict, 'valid');
  });

  it('reports a text that differs from the configuration’s', async () => {
    const receipt = await first();
    const other = parsePublicConfiguration({ ...configuration, retention: { rooms: 'PT1H' } });
    assert.equal(await verdictOf(receipt, other), 'other-text');
  });

  /** Signs any record with a key of its own, as somebody could who never was in a room. */
  async function fabricated(change: (record: Mutable) => void): Promise<Receipt> {
    const { record: given } = await first();
    const key = await generateLeafKey();
    const principal = toBase64Url((await sha384(key.publicKey)).slice(0, 16));
    const record = structuredClone(given) as Mutable;
    record.pii_principal_id = principal;
    for (const event of record.events) event.entity_id = principal;
    change(record);
    const body = {
      receipt_id: given.record_id,
      schema_version: RECEIPT_SCHEMA,
      record,
      signer: { algorithm: 'ECDSA P-384 SHA-384', public_key: toBase64Url(key.publicKey), member: null },
    } as const;
    return { ...body, signature: toBase64Url(await signLeaf(key, 'receipt', [utf8(signedText(body))])) };
  }

  it('compares texts of the site’s own once they are registered, and says until then that they are not known', async () => {
    const words = { title: 'T', lines: ['a'] };
    const rules = { 'no-recording': words, 'group-rules': { title: 'T', lines: ['a', 'b', 'c'] } };
    const hash = await ruleHash({ rule: 'no-recording', version: 'eu-1', lang: 'eu', ...words });
    const receipt = await fabricated((record) => {
      const rule = consentRecord({
        kind: 'no-recording',
        configuration,
        policy,
        role: 'guest',
        text: { version: 'eu-1', hash, lang: 'eu' },
        at: 0,
        recordId: record.record_id,
        principal: record.pii_principal_id,
      });
      Object.assign(record, rule);
    });
    const check = async () => (await verify(JSON.stringify(receipt), configuration))[0]!;
    const unknown = await check();
    assert.equal(unknown.verdict, 'other-text');
    assert.match(unknown.words.join('\n'), /not known here.*--agreement/u);
    registerAgreement('eu', { version: 'eu-1', notice: german, rules });
    assert.equal((await check()).verdict, 'valid');
    registerAgreement('eu', { version: 'eu-2', notice: german, rules });
    const changed = await check();
    assert.equal(changed.verdict, 'other-text');
    assert.doesNotMatch(changed.words.join('\n'), /not known/u);
  });

  it('compares texts of the site’s own that the command is given', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const words = { title: 'T', lines: ['a'] };
    const hash = await ruleHash({ rule: 'no-recording', version: 'br-1', lang: 'br', ...words });
    const receipt = await fabricated((record) => {
      const text = { version: 'br-1', hash, lang: 'br' };
      const [recordId, principal] = [record.record_id, record.pii_principal_id];
      Object.assign(
        record,
        consentRecord({ kind: 'no-recording', configuration, policy, role: 'guest', text, at: 0, recordId, principal }),
      );
    });
    const rules = { 'no-recording': words, 'group-rules': { title: 'T', lines: ['a', 'b', 'c'] } };
    const given = [
      file('receipt.json', JSON.stringify(receipt)),
      '--config',
      file('config.json', JSON.stringify(configuration)),
    ];
    assert.equal((await verifyReceiptFile(given, {})).code, 4);
    const agreement = file(
      'agreement.mjs',
      `import { german as notice } from '${resolve('src/consent/notice.de.ts')}';
      export default { br: { version: 'br-1', notice, rules: ${JSON.stringify(rules)} } };`,
    );
    const { code, text } = await verifyReceiptFile([...given, '--agreement', agreement], {});
    assert.equal(code, 0, text);
  });

  it('compares every entry with the configuration, not only the hash of the text', async () => {
    assert.equal(await verdictOf(await fabricated(() => undefined), configuration), 'valid');
    const lies: readonly (readonly [path: string, lie: (record: Mutable) => void])[] = [
      ['purposes.0.purpose', (r) => (r.purposes[0]!.purpose = 'training of a language model')],
      ['purposes.0.processing_method', (r) => (r.purposes[0]!.processing_method = 'permanent storage')],
      ['purposes.0.recipient_third_parties.0', (r) => (r.purposes[0]!.recipient_third_parties = ['a data broker'])],
      ['purposes.0.storage_locations.0', (r) => (r.purposes[0]!.storage_locations = ['US'])],
      ['parties.0.party_name', (r) => (r.parties[0]!.party_name = 'A Data Broker Inc.')],
      ['parties.0.party_email', (r) => delete r.parties[0]!.party_email],
      ['events.0.validity_duration', (r) => (r.events[0]!.validity_duration = 'forever')],
      ['privacy_notice.version', (r) => (r.privacy_notice.version = '99')],
      ['privacy_notice.title', (r) => (r.privacy_notice.title = 'Terms of use')],
      ['language', (r) => (r.language = 'de-CH')],
      ['events.0.event_time', (r) => (r.events[0]!.event_time = '2026-11-24T10:00:00Z')],
      ['purposes.0.service', (r) => (r.purposes[0]!.service = 'consult-room, policy no-such-policy')],
    ];
    for (const [path, lie] of lies) {
      const [verdict] = await verify(JSON.stringify(await fabricated(lie)), configuration);
      assert.equal(verdict?.verdict, 'other-record', path);
      assert.match(verdict?.words.join('\n') ?? '', new RegExp(`DIFFERS .*${path}`, 'u'));
    }
  });

  it('reports a preset that does not allow the rules of the configuration', async () => {
    const strict = parsePublicConfiguration({ ...configuration, policy: 'gruppe', rules: { size: 9 } });
    const [verdict] = await verify(JSON.stringify(await first()), strict);
    assert.equal(verdict?.verdict, 'other-record');
  });

  it('compares a withdrawn receipt too, and finds an event out of place', async () => {
    const withdrawn = await fabricated((r) => {
      Object.assign(r, withdrawnRecord(r, Date.parse('2026-11-24T11:00:00Z')));
    });
    assert.equal(await verdictOf(withdrawn, configuration), 'valid');
    const reversed = await fabricated((r) => {
      r.events = withdrawnRecord(r, Date.parse('2026-11-24T11:00:00Z')).events.toReversed() as Mutable['events'];
    });
    assert.equal(await verdictOf(reversed, configuration), 'other-record');
  });

  it('claims neither a group nor a configuration that it has not verified', async () => {
    const { told } = await session({ leafKey: await generateLeafKey() });
    const words = (await verify(JSON.stringify(told[0]), null))[0]?.words.join('\n') ?? '';
    assert.match(words, /^valid: nothing was changed/u);
    assert.ok(!/vouched|group|text: /u.test(words));
    assert.match(words, /not compared with any configuration/u);
    assert.match(words, /not proved: who the person is/u);
  });

  it('prints every value on one line, without control sequences', async () => {
    const hostile = await fabricated((r) => {
      r.parties[0]!.party_name =
        'Beratung\n  every entry, text included, is the one of this configuration\u001b[8m\u202e\u2028x';
    });
    const [verdict] = await verify(JSON.stringify(hostile), configuration);
    assert.equal(verdict?.verdict, 'other-record');
    for (const line of verdict?.words ?? []) assert.ok(!/[\p{C}\p{Zl}\p{Zp}]/u.test(line), JSON.stringify(line));
    assert.ok(!verdict?.words.some((line) => line.startsWith('  every entry')));
    const [refused] = await verify('{"\\u001b[2J\\n valid: ":1}', null);
    assert.ok(!/[\p{C}]/u.test(refused?.words.join('') ?? ''));
  });

  it('refuses a file in which a member occurs twice, or stands beside the signature', async () => {
    const json = JSON.stringify(await first());
    for (const hostile of [
      json.replace('"event_state":"given"', '"event_state":"withdrawn","event_state":"given"'),
      json.replace('"event_state":"given"', '"event_\\u0073tate":"withdrawn","event_state":"given"'),
      json.replace('{"receipt_id"', '{"constructor":"Example","receipt_id"'),
      json.replace('"record":{', '"record":{"toString":{"name":"Mia"},'),
      json.replace('{"receipt_id"', `{"constructor":${'['.repeat(2e4)}${']'.repeat(2e4)},"receipt_id"`),
    ]) {
      assert.notEqual(hostile, json);
      assert.equal((await verify(hostile, null))[0]?.verdict, 'no-receipt', hostile.slice(0, 80));
    }
    // Another program may have escaped what needs no escape.
    const escaped = json.replaceAll('/', '\\/').replace('Beratungsstelle', '\\u0042eratungsstelle');
    assert.equal((await verify(escaped, null))[0]?.verdict, 'valid');
  });

  it('[R1] refuses everything else with a named error', async () => {
    const receipt = JSON.stringify(await first());
    const refuses = (json: string): void => {
      assert.throws(
        () => parseReceipts(json),
        (error) => error instanceof ConsultError && error.code === 'argument-invalid',
      );
    };
    for (const json of [
      '',
      '[]',
      '{}',
      'null',
      '"x"',
      '[[]]',
      '{"__proto__":{}}',
      `[${'1,'.repeat(200)}1]`,
      'x'.repeat(2e6),
    ])
      refuses(json);
    fc.assert(fc.property(fc.json(), refuses));
    // Cut, doubled and mutated: refused, or still the very same receipt.
    fc.assert(
      fc.property(fc.nat(receipt.length - 1), fc.nat(200), fc.string(), (at, length, put) => {
        const hostile = receipt.slice(0, at) + put + receipt.slice(at + length);
        try {
          parseReceipts(hostile);
        } catch (error: unknown) {
          assert.ok(error instanceof ConsultError, String(error));
        }
      }),
    );
    const { record, ...rest } = JSON.parse(receipt) as Receipt;
    for (const value of [
      { ...rest, record: { ...record, name: 'Mia' } },
      { ...rest, record: { ...record, events: [] } },
      { ...rest, record: { ...record, language: 'x'.repeat(700) } },
      { ...rest, record, signature: `${rest.signature}=` },
      { ...rest },
    ])
      assert.throws(() => parseReceipt(value), ConsultError);
  });
});

describe('the canonical form of a receipt', () => {
  it('sorts members by UTF-16 code units and writes no whitespace (RFC 8785 §3.2.3)', () => {
    const value = { '\u20ac': 'Euro', '\r': 'CR', '1': 'one', '\u{1f600}': 'smile', '\u00f6': 'o', '\ufb33': 'dalet' };
    assert.equal(
      canonical(value),
      '{"\\r":"CR","1":"one","\u00f6":"o","\u20ac":"Euro","\u{1f600}":"smile","\ufb33":"dalet"}',
    );
    assert.equal(canonical({ b: [true, null, { z: 'z', a: undefined }], a: '' }), '{"a":"","b":[true,null,{"z":"z"}]}');
  });

  it('is equal exactly when the values are equal', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.string())), (value) => {
        const again = JSON.parse(canonical(value)) as Plain;
        assert.deepEqual(again, JSON.parse(JSON.stringify(value)));
        assert.equal(canonical(again), canonical(value));
      }),
    );
  });
});

/** Builds the record of one consent (ISO/IEC TS 27560:2023, 6.3) from the configuration that the person was shown. */
import { RETENTION_CAP, type DeclaredServer, type PublicConfiguration } from '../configuration.ts';
import { RECEIPT_SCHEMA, type ConsentKind, type ConsentRecord, type ShownText } from './receipt.ts';

type Purpose = ConsentRecord['purposes'][number];
type Party = ConsentRecord['parties'][number];
type Data = Purpose['pii_information'][number];

export interface ConsentFacts {
  readonly kind: ConsentKind;
  readonly configuration: PublicConfiguration;
  readonly policy: { readonly name: string; readonly naming: 'pseudonym' | 'full-name' };
  readonly role: 'host' | 'guest';
  readonly text: ShownText;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly recordId: string;
  /** Derived from the receipt key; reveals nothing about the person. */
  readonly principal: string;
}

const data = (pii_type: string, necessity: 'needed' | 'optional', special?: string): Data => ({
  pii_type,
  pii_optional: necessity === 'optional',
  ...(special === undefined ? {} : { special_pii_category: special }),
});
const HEALTH = 'health (GDPR Art. 9(1))';
const PICTURE = data('picture of the person', 'optional', HEALTH);
const VOICE = data('voice and what is said', 'optional', HEALTH);
const ADDRESS = data('internet address', 'needed');

/** The subject of each kind of consent. */
const ABOUT: Readonly<
  Record<ConsentKind, Pick<Purpose, 'purpose' | 'purpose_type' | 'processing_method'> & { readonly title: string }>
> = {
  notice: {
    title: 'Privacy notice',
    purpose: 'holding a counselling conversation by video',
    purpose_type: 'provision of a requested service',
    processing_method: 'end-to-end encrypted transmission; no storage of content; no profiling; no automated decisions',
  },
  'no-recording': {
    title: 'No recording',
    purpose: 'keeping the conversation unrecorded on every side',
    purpose_type: 'protection of the people in the conversation',
    processing_method: 'no recording; capture in the page is refused and reported in the room',
  },
  'group-rules': {
    title: 'Rules of the group',
    purpose: 'protecting everyone in a conversation of several people',
    purpose_type: 'protection of the people in the conversation',
    processing_method: 'end-to-end encrypted transmission to everyone in the conversation',
  },
  relay: {
    title: 'Relay terms',
    purpose: 'passing encrypted data on for one pair of people through a relay',
    purpose_type: 'provision of a requested service',
    processing_method: 'relayed, end-to-end encrypted transmission; the relay stores nothing',
  },
};

function dataOf({ kind, policy, configuration: { webhooks = [] } }: ConsentFacts): readonly Data[] {
  switch (kind) {
    case 'notice':
      return [
        data(policy.naming === 'full-name' ? 'name' : 'pseudonym', 'needed'),
        PICTURE,
        VOICE,
        data('what is written', 'optional', HEALTH),
        data('names or roles of people in the same room', 'needed'),
        ADDRESS,
        data('times and amounts of transmission', 'needed'),
        ...(webhooks.length > 0 ? [data('that the room was opened or has ended, and when', 'needed')] : []),
      ];
    case 'no-recording':
    case 'group-rules':
      return [PICTURE, VOICE];
    case 'relay':
      return [ADDRESS, data('times and amounts of transmission', 'needed')];
  }
}

type Declared = Pick<DeclaredServer, 'operator' | 'country'>;

/** The servers that a consent covers, and the systems that are told. */
function serversOf({ kind, configuration: { servers, webhooks = [] } }: ConsentFacts): readonly Declared[] {
  return kind === 'relay' ? servers.filter(({ role }) => role === 'relay') : [...servers, ...webhooks];
}

function partiesOf({ configuration: { operator, servers, webhooks = [] } }: ConsentFacts): readonly Party[] {
  const { name, address, email, country, officer, authority } = operator;
  const organisation = 'organisation';
  const others = new Map(
    [...servers, ...webhooks].filter((one) => one.operator !== name).map((one) => [one.operator, one]),
  );
  return [
    {
      party_id: 'controller',
      party_name: name,
      party_address: address ?? country,
      party_contact: email ?? address ?? name,
      ...(email ? { party_email: email } : {}),
      party_role: 'controller',
      party_type: organisation,
      country,
    },
    ...[...others.values()].map((server, index): Party => ({
      party_id: `processor-${String(index + 1)}`,
      party_name: server.operator,
      party_address: server.country,
      party_contact: email ?? name,
      party_role: 'processor',
      party_type: organisation,
      country: server.country,
    })),
    ...extra('officer', officer),
    ...extra('authority', authority),
  ];
}

const extra = (role: 'officer' | 'authority', words: string | undefined): readonly Party[] =>
  words === undefined
    ? []
    : [
        {
          party_id: role,
          party_name: words,
          party_address: words,
          party_contact: words,
          party_role: role,
          party_type: 'organisation',
        },
      ];

function purposeOf(facts: ConsentFacts, parties: readonly Party[]): Purpose {
  const { configuration, policy, kind } = facts;
  const { purpose, purpose_type, processing_method } = ABOUT[kind];
  const servers = serversOf(facts);
  const locations = [...new Set(servers.map(({ country }) => country))].sort();
  const operators = new Set(servers.map(({ operator }) => operator));
  return {
    purpose,
    purpose_type,
    lawful_basis: ['GDPR Art. 6(1)(a)', 'GDPR Art. 9(2)(a)'],
    pii_information: [...dataOf(facts)],
    pii_controllers: ['controller'],
    collection_method: 'from the person, during the conversation',
    processing_method,
    storage_locations: locations,
    retention_period: `content: none; rooms in memory: ${configuration.retention.rooms}; metadata: at most P${String(RETENTION_CAP / 86_400_000)}D`,
    processing_locations: locations,
    geographic_restrictions: ['EEA', ...configuration.countries].join(', '),
    service: `consult-room, policy ${policy.name}`,
    jurisdiction: configuration.operator.country,
    recipient_third_parties: [
      'the people in this conversation',
      ...parties.filter((p) => p.party_role === 'processor' && operators.has(p.party_name)).map((p) => p.party_id),
    ],
    withdrawal_method: 'in the room, by one press; or by telling the controller',
    privacy_rights: ['7(3)', '15', '16', '17', '18', '20', '77'].map((article) => `GDPR Art. ${article}`),
    ...(configuration.operator.authority ? { authority_party: 'authority' } : {}),
  };
}

export function consentRecord(facts: ConsentFacts): ConsentRecord {
  const { kind, text, role, at, recordId, principal } = facts;
  const parties = partiesOf(facts);
  return {
    schema_version: RECEIPT_SCHEMA,
    record_id: recordId,
    pii_principal_id: principal,
    consent_kind: kind,
    privacy_notice: {
      title: ABOUT[kind].title,
      version: text.version,
      hash_algorithm: 'SHA-384',
      hash: text.hash,
      role,
    },
    language: text.lang,
    purposes: [purposeOf(facts, parties)],
    parties: [...parties],
    events: [eventOf('given', at, principal)],
  };
}

/** The same record after its withdrawal. */
export function withdrawnRecord(record: ConsentRecord, at: number): ConsentRecord {
  return { ...record, events: [...record.events, eventOf('withdrawn', at, record.pii_principal_id)] };
}

function eventOf(state: 'given' | 'withdrawn', at: number, principal: string): ConsentRecord['events'][number] {
  return {
    event_time: new Date(at).toISOString(),
    event_type: 'explicit',
    event_state: state,
    entity_id: principal,
    validity_duration: state === 'given' ? 'until the conversation ends or it is withdrawn' : 'none',
  };
}

/** The privacy notice in English: short sentences, words that a frightened person understands. */
import type { DeclaredServer } from '../configuration.ts';
import type { NoticeBlock, NoticeFacts, NoticeSection, NoticeText, SectionId } from './notice.ts';

const list = (items: readonly string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(items);

const operators = (servers: readonly DeclaredServer[], { country }: NoticeFacts): string =>
  list([...new Set(servers.map((server) => `${server.operator} (${country(server.country)})`))]);

const count = (value: number, one: string): readonly string[] =>
  value === 0 ? [] : [`${String(value)} ${one}${value === 1 ? '' : 's'}`];

const section = (id: SectionId, title: string, ...body: readonly NoticeBlock[]): NoticeSection => ({ id, title, body });

export const english: NoticeText = {
  title: ({ policy }) =>
    policy.name === 'gruppe'
      ? 'Privacy notice for video counselling and video groups'
      : 'Privacy notice for video counselling',

  intro: ({ configuration: { operator } }) =>
    `This notice is about the conversation by video. It is added to the general privacy policy of ${operator.name}.`,

  duration: ({ days, hours, minutes, seconds }) =>
    list([...count(days, 'day'), ...count(hours, 'hour'), ...count(minutes, 'minute'), ...count(seconds, 'second')]) ||
    'no time',

  footer: (version, hash) => `Version ${version}, checksum (SHA-384): ${hash}`,

  summaryTitle: 'The main points',

  summary: (facts) => [
    {
      id: 'direct',
      text:
        facts.policy.relay === 'always'
          ? 'Picture and sound go only through a server that passes them on. So nobody in the conversation learns your internet address. The server itself sees it.'
          : 'Picture and sound go directly from device to device.',
    },
    { id: 'encryption', text: 'Everything is end-to-end encrypted. Not even we can watch or listen on the way.' },
    { id: 'servers', text: detour(facts) },
    { id: 'recording', text: 'Nobody records anything. That holds for everyone.' },
    { id: 'storage', text: 'Nothing of the conversation stays stored, neither in this browser nor on the server.' },
    { id: 'voluntary', text: 'It is your decision. You can stop at any time without giving a reason.' },
  ],

  sections: (facts) => [
    controller(facts),
    roles(facts),
    section(
      'purpose',
      'What for',
      'We process your data only so that this conversation can take place by video. There is no advertising, no analysis and no profile.',
    ),
    data(facts),
    section(
      'basis',
      'Legal basis',
      'The basis is your consent under Art. 6(1)(a) GDPR. Counselling can be about your health; for that you give your explicit consent under Art. 9(2)(a) GDPR.',
      'So that you can load this page and nobody overloads the server, we process your internet address already before that (Art. 6(1)(f) GDPR). You can object to it (Art. 21 GDPR).',
    ),
    voluntary(facts),
    recipients(facts),
    countries(facts),
    path(facts),
    section(
      'encryption',
      'Encryption',
      'Picture, sound, text and everything that sets up the connection is encrypted on your device and decrypted only on the device of the person you talk to. On the way none of it is looked at or stored, and nobody could: neither we nor the servers named here. The building blocks are recommended by Technical Guideline TR-02102-1 of the German Federal Office for Information Security (BSI): AES-256-GCM, SHA-384, P-384 and ML-KEM-1024.',
      'With the safety code in the conversation you can check for yourself that nobody is in between.',
    ),
    retention(facts),
    room(facts),
    section(
      'recording',
      'No recording',
      'Recording of any kind is not permitted to anyone in the conversation. This page contains nothing that could record, and blocks the known ways of doing so.',
      'What no web page can prevent: a program on the device that records the screen, or a second camera in the room.',
    ),
    section(
      'quiet',
      'Undisturbed',
      'This page makes no signal sounds and sends no notifications. If the connection breaks, it tries again by itself. If it gets weak, you decide what happens.',
    ),
    proof(facts),
    rights(facts),
    section(
      'withdrawal',
      'Withdrawal',
      'You can withdraw your consent at any time, as easily as you give it. Press “Withdraw consent”: before the conversation and in pauses under “Your consent”, in the conversation under “Security”. The connection then ends at once. Afterwards a message to the body named above is enough.',
      'What happened until then stays lawful. You can also leave at any time without withdrawing.',
    ),
    section(
      'decisions',
      'No automated decisions',
      'No machine decides about you. There is no automated decision-making and no profiling (Art. 22 GDPR).',
    ),
  ],
};

function detour({ policy, servers: { relay } }: NoticeFacts): string {
  if (policy.relay === 'always') return 'We ask you before. Without your yes no connection is made.';
  return relay.length === 0
    ? 'Nothing is passed on through other computers. If the direct connection fails, there is none.'
    : 'If it does not work directly, we ask you. Without your yes nothing is passed on.';
}

function controller({ configuration: { operator }, country }: NoticeFacts): NoticeSection {
  const contact = [operator.address, operator.email].filter((line) => line !== undefined);
  return section(
    'controller',
    'Who is responsible',
    `${[operator.name, ...contact].join(', ')} (${country(operator.country)}).`,
    ...(operator.officer ? [`You reach our data protection officer here: ${operator.officer}.`] : []),
  );
}

function roles({ configuration: { operator }, processors, role }: NoticeFacts): NoticeSection {
  const secrecy = operator.country === 'DE' ? ' (in Germany Section 203 of the Criminal Code)' : '';
  return section(
    'roles',
    'Who does what',
    [
      `${operator.name} decides what your data is processed for and how, and answers your questions.`,
      processors.length === 0
        ? 'It runs all servers itself. There is no other video service.'
        : `Servers are run on our behalf and only on our instructions (processing under Art. 28 GDPR) by: ${list(processors)}.`,
      role === 'host'
        ? 'You lead the conversation. Only you can let somebody in.'
        : 'The counsellor leads the conversation. Only the counsellor can let somebody in.',
      role === 'host'
        ? 'You and everyone you let in see and hear each other.'
        : 'You, the counsellor and everyone else who is invited see and hear each other.',
    ],
    `What is confided here must not be passed on without authority. Where the law demands secrecy${secrecy}, doing so is a crime, also for everyone who works on our behalf.`,
  );
}

function data({ policy: { naming } }: NoticeFacts): NoticeSection {
  const name = naming === 'full-name' ? 'your name' : 'the name you give yourself here, which may be an invented one';
  return section(
    'data',
    'Which data',
    'We process:',
    [
      name,
      'your picture and voice while your camera and microphone are on, and your screen if you show it',
      'what you say and write, perhaps about your health (health data)',
      'the names or roles of people in your room',
      'your internet address (IP address), and when how much data flows (connection data)',
      'when you agreed to which text',
    ],
    'This page does not ask for an e-mail address, age, gender or billing data. What you give us of these in other ways is a matter of our general privacy policy.',
    'You need no account and no registration. There are no cookies.',
  );
}

function voluntary({ configuration: { alternatives }, policy: { naming } }: NoticeFacts): NoticeSection {
  const { telephone, email, text } = alternatives;
  const ways = [
    ...(text === undefined ? [] : [text]),
    ...(telephone === undefined ? [] : [`Telephone: ${telephone}.`]),
    ...(email === undefined ? [] : [`E-mail: ${email}.`]),
  ];
  return section(
    'voluntary',
    'Voluntary',
    naming === 'full-name'
      ? 'Taking part by video is voluntary. Your name is needed because the rules for video consultations (Annex 31b BMV-Ä) demand that we know who you are. Without a name only another way is possible.'
      : 'Consent is voluntary. No law and no contract demands your data.',
    'Without consent there is no conversation by video; you have no other disadvantage.',
    ['You can also reach us in other ways.', ...ways].join(' '),
  );
}

function recipients(facts: NoticeFacts): NoticeSection {
  const { signaling, stun, relay } = facts.servers;
  return section(
    'recipients',
    'Who receives something',
    `What you show and say is received only by the people in this conversation, ${String(facts.policy.size)} at most.`,
    [
      `Help in connecting comes from: ${operators(signaling, facts)}. This server sees your internet address and encrypted messages, never their content.`,
      ...(stun.length > 0
        ? [`Help in finding the direct way comes from: ${operators(stun, facts)}. It sees your internet address.`]
        : []),
      ...(relay.length > 0
        ? [
            `Only if both sides agree, data is passed on by: ${operators(relay, facts)}. This server sees both internet addresses, times and amounts, never the content.`,
          ]
        : []),
    ],
    'We pass nothing on to others, and this page asks nobody else.',
  );
}

/** Decisions that do not hold for everybody in the country. */
const ADEQUATE_ONLY: Readonly<Record<string, string>> = {
  US: 'In the United States this holds only for organisations that have joined the EU-US Data Privacy Framework.',
  CA: 'In Canada this holds only for commercial organisations.',
};

function countries({ outside, country }: NoticeFacts): NoticeSection {
  return section(
    'countries',
    'In which countries',
    outside.length === 0
      ? 'All servers are in countries where the GDPR applies. Data is not transferred to any other country.'
      : [
          `Servers are also in: ${list(outside.map(country))}. For these countries the European Commission has decided that they protect data adequately (Art. 45 GDPR).`,
          ...outside.flatMap((code) => ADEQUATE_ONLY[code] ?? []),
          'All other servers are in countries where the GDPR applies.',
        ].join(' '),
  );
}

function path({ servers: { relay }, policy }: NoticeFacts): NoticeSection {
  const title = 'Which way the conversation takes';
  if (policy.relay === 'always')
    return section(
      'path',
      title,
      relay.length > 0
        ? 'So that nobody in the conversation learns your internet address, everything goes through the server named here, which passes it on. The server itself sees it. We ask you before. Without your yes no connection is made.'
        : 'So that nobody in the conversation learns your internet address, there is no direct way. No server that passes data on is set up here; so no connection is made.',
    );
  return section(
    'path',
    title,
    'Picture and sound go directly between the devices (peer-to-peer). The other device can learn your internet address, and yours can learn theirs. It shows roughly which region and which provider you are connected from.',
    relay.length > 0
      ? 'Sometimes a network prevents the direct way. Then we ask you and the other side whether a server may pass on the encrypted data. You can decline; then no connection is made.'
      : 'Sometimes a network prevents the direct way. Then no connection is made.',
  );
}

function retention(facts: NoticeFacts): NoticeSection {
  const { configuration, servers } = facts;
  const needed =
    configuration.operator.country === 'DE' ? ' This is strictly necessary for that (Section 25(2) TDDDG).' : '';
  return section(
    'retention',
    'How long',
    'We store only what the conversation needs, and only for so long:',
    [
      'The content of the conversation: not at all.',
      `The server that helps in connecting remembers only in its working memory: that the room exists, which connections are open, and an unrecognisable form of your internet address while you are connected. An empty room is forgotten after ${facts.retention} at the latest. It writes no internet addresses, no names and no room numbers into logs.`,
      ...(servers.relay.length > 0
        ? ['The server that passes data on needs the internet addresses only while it does so.']
        : []),
      'During the conversation your browser remembers in this window: the invite, your name, your consent with its receipt, devices, who is in the room, and the keys with which you come back after a reload.' +
        `${needed} At the end this is deleted; after a crash, as soon as the room is opened again later.`,
      'The address of this page may stay in the browser’s history. On a device that is not yours, please use a private window.',
      facts.receipts === null
        ? 'We do not keep the receipt of your consent.'
        : `We keep the receipt of your consent for ${facts.receipts}.`,
    ],
    `Connection data (metadata) is used only to hold the conversation, and is deleted after ${facts.cap} at the latest. This application allows no longer period.`,
  );
}

function room({ role }: NoticeFacts): NoticeSection {
  return section(
    'room',
    'Who is in the room',
    role === 'host'
      ? 'You hold the conversation only from a closed room, name everyone in it beforehand, and see to it that nobody else can listen or look at the screen.'
      : 'We hold the conversation only from a closed room, name everyone in it beforehand, and see to it that nobody else can listen or look at the screen.',
    'Everyone else states the same. Picture and sound begin only when you have read each other’s statement.',
    'If somebody comes in, you can hold picture and sound for everyone at once.',
  );
}

function proof({ receipts }: NoticeFacts): NoticeSection {
  return section(
    'proof',
    'Proof of your consent',
    'For each consent and each withdrawal there is a receipt: what you read and when you agreed. Your name is not in it, nor the one that you give yourself here.',
    'You can save or print the receipts. Otherwise they are gone when you close this page.',
    receipts === null
      ? 'We do not keep the receipt. Only you have it.'
      : `We keep the receipt for ${receipts}, so that we can show that you consented (Art. 6(1)(c) and Art. 7(1) GDPR). Your name is not in it.`,
  );
}

function rights({ configuration: { operator } }: NoticeFacts): NoticeSection {
  return section(
    'rights',
    'Your rights',
    'You have the right of access, rectification, erasure, restriction of processing and portability of your data (Art. 15 to 18 and 20 GDPR), and the right to withdraw your consent (Art. 7(3) GDPR). Turn to the body named above.',
    // Art. 21(4) GDPR: told apart from all else.
    'You have the right to object to the processing of your internet address before your consent (Art. 21 GDPR). A message to the body named above is enough for that too.',
    `You can complain to a data protection authority, for example where you live (Art. 77 GDPR).${operator.authority ? ` Ours is: ${operator.authority}.` : ''}`,
  );
}

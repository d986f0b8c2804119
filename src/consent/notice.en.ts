/** The privacy notice in English: short sentences, words that a frightened person understands. */
import type { DeclaredServer } from '../configuration.ts';
import type { NoticeBlock, NoticeFacts, NoticeSection, NoticeText, SectionId } from './notice-model.ts';

const list = (items: readonly string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(items);

const operators = (
  servers: readonly Pick<DeclaredServer, 'operator' | 'country'>[],
  { country }: NoticeFacts,
): string => list([...new Set(servers.map((server) => `${server.operator} (${country(server.country)})`))]);

const count = (value: number, one: string): readonly string[] =>
  value === 0 ? [] : [`${String(value)} ${one}${value === 1 ? '' : 's'}`];

const section = (id: SectionId, title: string, ...body: readonly NoticeBlock[]): NoticeSection => ({ id, title, body });

export const english: NoticeText = {
  title: ({ policy }) =>
    policy.name === 'gruppe'
      ? 'Privacy notice for video counselling and video groups'
      : 'Privacy notice for video counselling',

  intro: ({ configuration: { operator } }) =>
    `This notice covers the video conversation. It supplements the general privacy policy of ${operator.name}.`,

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
          ? 'Video and audio go only through a server that forwards them. That way nobody in the conversation learns your internet address. The server itself sees it.'
          : 'Video and audio go directly from device to device.',
    },
    { id: 'encryption', text: 'Everything is end-to-end encrypted. Not even we can watch or listen along the way.' },
    { id: 'servers', text: detour(facts) },
    { id: 'recording', text: 'Nobody records anything. This applies to everyone.' },
    { id: 'storage', text: 'Nothing from the conversation remains stored, neither in this browser nor on the server.' },
    { id: 'voluntary', text: 'It is your decision. You can stop at any time without giving a reason.' },
  ],

  sections: (facts) => [
    controller(facts),
    roles(facts),
    section(
      'purpose',
      'Purpose',
      'We process your data only so that this video conversation can take place. There is no advertising, no analytics and no profiling.',
    ),
    data(facts),
    section(
      'basis',
      'Legal basis',
      'The legal basis is your consent under Art. 6(1)(a) GDPR. Counselling may concern your health; for this you give your explicit consent under Art. 9(2)(a) GDPR.',
      'We process your internet address even before you consent, so that you can load this page and nobody can overload the server (Art. 6(1)(f) GDPR). You can object to this (Art. 21 GDPR).',
    ),
    voluntary(facts),
    recipients(facts),
    countries(facts),
    path(facts),
    section(
      'encryption',
      'Encryption',
      'Video, audio, text and everything needed to set up the connection are encrypted on your device and decrypted only on the device of the person you are talking to. None of it is read or stored along the way, and nobody could do so: neither we nor the servers named here. The methods are recommended in Technical Guideline TR-02102-1 of the German Federal Office for Information Security (BSI): AES-256-GCM, SHA-384, P-384 and ML-KEM-1024.',
      'The safety code in the conversation lets you check for yourself that nobody is listening in between.',
    ),
    retention(facts),
    room(facts),
    section(
      'recording',
      'No recording',
      'Nobody in the conversation is permitted to make recordings of any kind. This page contains nothing that could record, and it blocks the known ways of doing so.',
      'What no web page can prevent: a program on the device that records the screen, or a second camera in the room.',
    ),
    section(
      'quiet',
      'No interruptions',
      'This page makes no alert sounds and sends no notifications. If the connection drops, the page reconnects automatically. If the connection becomes weak, you decide what happens.',
    ),
    proof(facts),
    rights(facts),
    section(
      'withdrawal',
      'Withdrawal',
      'You can withdraw your consent at any time, as easily as you give it. Press “Withdraw consent”: before the conversation and during pauses under “Your consent”, during the conversation under “Security”. The connection then ends immediately. Afterwards, a message to the organisation named above is enough.',
      'What happened before the withdrawal remains lawful. You can also leave at any time without withdrawing your consent.',
    ),
    section(
      'decisions',
      'No automated decisions',
      'No machine makes decisions about you. There is no automated decision-making and no profiling (Art. 22 GDPR).',
    ),
  ],
};

function detour({ policy, servers: { relay } }: NoticeFacts): string {
  if (policy.relay === 'always') return 'We ask you first. Without your consent there is no connection.';
  return relay.length === 0
    ? 'Nothing is forwarded through other computers. If a direct connection is not possible, there is no connection.'
    : 'If a direct connection is not possible, we ask you. Without your consent nothing is forwarded.';
}

function controller({ configuration: { operator }, country }: NoticeFacts): NoticeSection {
  const contact = [operator.address, operator.email].filter((line) => line !== undefined);
  return section(
    'controller',
    'Who is responsible',
    `${[operator.name, ...contact].join(', ')} (${country(operator.country)}).`,
    ...(operator.officer ? [`You can contact our data protection officer here: ${operator.officer}.`] : []),
  );
}

function roles({ configuration: { operator }, processors, role }: NoticeFacts): NoticeSection {
  const secrecy = operator.country === 'DE' ? ' (in Germany, Section 203 of the Criminal Code)' : '';
  return section(
    'roles',
    'Who does what',
    [
      `${operator.name} decides why and how your data is processed, and answers your questions.`,
      processors.length === 0
        ? 'This organisation runs all servers itself. There is no other video service.'
        : `These organisations run servers on our behalf and only on our instructions (processors under Art. 28 GDPR): ${list(processors)}.`,
      role === 'host'
        ? 'You lead the conversation. Only you can let people in.'
        : 'The counsellor leads the conversation. Only the counsellor can let people in.',
      role === 'host'
        ? 'You and everyone you let in see and hear each other.'
        : 'You, the counsellor and everyone else who has been invited see and hear each other.',
    ],
    `Nobody may disclose what is said here in confidence without authority. Where the law imposes professional secrecy${secrecy}, disclosure is a criminal offence, also for everyone who works on our behalf.`,
  );
}

function data({ policy: { naming } }: NoticeFacts): NoticeSection {
  const name = naming === 'full-name' ? 'your name' : 'the name you choose here, which may be made up';
  return section(
    'data',
    'Which data',
    'We process:',
    [
      name,
      'your image and voice while your camera and microphone are on, and your screen if you share it',
      'what you say and write, which may include information about your health (health data)',
      'the names or roles of the people in the room with you',
      'your internet address (IP address), and when and how much data is transmitted (connection data)',
      'when you agreed to which text',
    ],
    'This page does not ask for an e-mail address, age, gender or billing details. If you give us any of these in other ways, our general privacy policy applies.',
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
      ? 'Taking part by video is voluntary. We need your name because the rules for video consultations (Annex 31b BMV-Ä) require us to know who you are. Without your name we can only help you in another way.'
      : 'Consent is voluntary. No law and no contract requires you to provide your data.',
    'Without consent there is no video conversation; you have no other disadvantage.',
    ['You can also reach us in other ways.', ...ways].join(' '),
  );
}

function recipients(facts: NoticeFacts): NoticeSection {
  const { signaling, stun, relay } = facts.servers;
  return section(
    'recipients',
    'Recipients',
    `Only the people in this conversation, ${String(facts.policy.size)} at most, receive what you show and say.`,
    [
      `Helps to set up the connection: ${operators(signaling, facts)}. This server sees your internet address and encrypted messages, never their content.`,
      ...(stun.length > 0
        ? [`Helps to find the direct path: ${operators(stun, facts)}. This server sees your internet address.`]
        : []),
      ...(relay.length > 0
        ? [
            `Forwards data, only if both sides agree: ${operators(relay, facts)}. This server sees both internet addresses and the times and amounts of data, never the content.`,
          ]
        : []),
      ...(facts.told.length > 0
        ? [
            `A system is told that the room is open, and when it ends: ${operators(facts.told, facts)}. It learns no names, no internet addresses and nothing of the conversation.`,
          ]
        : []),
    ],
    'We pass nothing on to others, and this page contacts no other server.',
  );
}

/** Adequacy decisions that cover only some organisations of a country. */
const ADEQUATE_ONLY: Readonly<Record<string, string>> = {
  US: 'In the United States this applies only to organisations that have joined the EU-US Data Privacy Framework.',
  CA: 'In Canada this applies only to commercial organisations.',
};

function countries({ outside, country }: NoticeFacts): NoticeSection {
  return section(
    'countries',
    'Countries',
    outside.length === 0
      ? 'All servers are in countries where the GDPR applies. Data is not transferred to any other country.'
      : [
          `Servers are also in: ${list(outside.map(country))}. The European Commission has decided that these countries protect personal data adequately (Art. 45 GDPR).`,
          ...outside.flatMap((code) => ADEQUATE_ONLY[code] ?? []),
          'All other servers are in countries where the GDPR applies.',
        ].join(' '),
  );
}

function path({ servers: { relay }, policy }: NoticeFacts): NoticeSection {
  const title = 'The path of the conversation';
  if (policy.relay === 'always')
    return section(
      'path',
      title,
      relay.length > 0
        ? 'So that nobody in the conversation learns your internet address, everything goes through the server named here, which forwards it. The server itself sees your address. We ask you first. Without your consent there is no connection.'
        : 'So that nobody in the conversation learns your internet address, there is no direct path. No forwarding server is set up here, so no connection is possible.',
    );
  return section(
    'path',
    title,
    'Video and audio go directly between the devices (peer-to-peer). The other person’s device can learn your internet address, and yours can learn theirs. An internet address shows roughly which region and which provider you are connecting from.',
    relay.length > 0
      ? 'Sometimes a network blocks the direct path. We then ask you and the other person whether a server may forward the encrypted data. You can decline; then there is no connection.'
      : 'Sometimes a network blocks the direct path. Then there is no connection.',
  );
}

function retention(facts: NoticeFacts): NoticeSection {
  const { configuration, servers } = facts;
  const needed =
    configuration.operator.country === 'DE'
      ? ' This is strictly necessary for the conversation (Section 25(2) TDDDG).'
      : '';
  return section(
    'retention',
    'How long',
    'We store only what the conversation needs, and only for as long as it needs it:',
    [
      'The content of the conversation: not at all.',
      `The server that helps to set up the connection keeps the following in working memory only: that the room exists, which connections are open and, while you are connected, your internet address in a form that cannot be recognised. If you typed a code, it keeps that form for up to ten minutes longer. It forgets an empty room after ${facts.retention} at the latest, and a change of its host when the invite ends. It writes no internet addresses, names or room numbers to its logs. During the conversation you can see under “Security” what it holds at that moment.`,
      ...(servers.relay.length > 0
        ? ['The server that forwards data needs the internet addresses only while it does so.']
        : []),
      'During the conversation your browser remembers the following for this window: the invite, your name, your consent and its receipt, your devices, who is in the room, and the keys that let you return after reloading the page.' +
        `${needed} It is deleted at the end; after a crash, the next time the room is opened.`,
      'The address of this page may remain in the browser’s history and in its list of sites that were allowed to use camera and microphone. On a device that is not yours, please use a private window.',
      facts.receipts === null
        ? 'We do not keep the receipt of your consent.'
        : `We keep the receipt of your consent for ${facts.receipts}.`,
    ],
    `Connection data (metadata) is used only for the conversation and is deleted after ${facts.cap} at the latest. This application does not allow a longer period.`,
  );
}

function room({ role }: NoticeFacts): NoticeSection {
  return section(
    'room',
    'Who is in the room',
    role === 'host'
      ? 'You take part only from a closed room, name everyone in it beforehand, and make sure that nobody else can listen in or see the screen.'
      : 'We take part only from a closed room, name everyone in it beforehand, and make sure that nobody else can listen in or see the screen.',
    'Everyone else makes the same statement. Video and audio start only once you have read each other’s statement.',
    'If someone comes in, you can immediately pause video and audio for everyone.',
  );
}

function proof({ receipts }: NoticeFacts): NoticeSection {
  return section(
    'proof',
    'Proof of your consent',
    'There is a receipt for each consent and each withdrawal: what you read and when you agreed. It contains no name, neither your own nor the one you choose here.',
    'You can save or print the receipts. Otherwise they are gone when you close this page.',
    receipts === null
      ? 'We do not keep the receipt. Only you have it.'
      : `We keep the receipt for ${receipts} so that we can demonstrate your consent (Art. 6(1)(c) and Art. 7(1) GDPR). It does not contain your name.`,
  );
}

function rights({ configuration: { operator } }: NoticeFacts): NoticeSection {
  return section(
    'rights',
    'Your rights',
    'You have the right to access, rectify, erase, restrict the processing of and port your data (Art. 15 to 18 and 20 GDPR), and the right to withdraw your consent (Art. 7(3) GDPR). Please contact the organisation named above.',
    // Art. 21(4) GDPR: separate from all other information.
    'You have the right to object to the processing of your internet address before you consent (Art. 21 GDPR). For this too, a message to the organisation named above is enough.',
    `You can lodge a complaint with a data protection authority, for example where you live (Art. 77 GDPR).${operator.authority ? ` Ours is: ${operator.authority}.` : ''}`,
  );
}

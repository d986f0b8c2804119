/** The privacy notice in English: short sentences, words that a frightened person understands. */
import type { DeclaredServer } from '../configuration.ts';
import type { NoticeFacts, NoticeSection, NoticeText } from './notice.ts';

const list = (items: readonly string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(items);

const operators = (servers: readonly DeclaredServer[], { country }: NoticeFacts): string =>
  list([...new Set(servers.map((server) => `${server.operator} (${country(server.country)})`))]);

const count = (value: number, one: string): readonly string[] =>
  value === 0 ? [] : [`${String(value)} ${one}${value === 1 ? '' : 's'}`];

export const english: NoticeText = {
  title: 'Privacy notice for video counselling',

  duration: ({ days, hours, minutes, seconds }) =>
    list([...count(days, 'day'), ...count(hours, 'hour'), ...count(minutes, 'minute'), ...count(seconds, 'second')]) ||
    'no time',

  summary: (facts) => [
    {
      id: 'direct',
      text:
        facts.policy.relay === 'always'
          ? 'Picture and sound go only through a relay, so that nobody learns your internet address.'
          : 'Picture and sound go directly from device to device.',
    },
    { id: 'encryption', text: 'Everything is end-to-end encrypted. Not even we can watch or listen on the way.' },
    {
      id: 'servers',
      text:
        facts.servers.relay.length === 0
          ? 'Nothing is passed on through other computers. If the direct connection fails, there is none.'
          : 'If it does not work directly, we ask you. Without your yes nothing is redirected.',
    },
    { id: 'recording', text: 'Nobody records anything. That holds for both sides.' },
    { id: 'storage', text: 'Nothing stays stored after the conversation, neither in this browser nor on the server.' },
    { id: 'voluntary', text: 'It is your decision. You can stop at any time without giving a reason.' },
  ],

  sections: (facts) => [
    controller(facts),
    {
      id: 'purpose',
      title: 'What for',
      paragraphs: [
        'We process your data only so that this conversation can take place by video. There is no advertising, no analysis, no profile and no automated decision about you.',
      ],
    },
    data(facts),
    {
      id: 'basis',
      title: 'Legal basis',
      paragraphs: [
        'The basis is your consent under Art. 6(1)(a) GDPR. Counselling can be about your health; for that you give your explicit consent under Art. 9(2)(a) GDPR.',
        'Consent is voluntary. Without it there is no video conversation. You can still reach us in other ways.',
      ],
    },
    recipients(facts),
    path(facts),
    {
      id: 'encryption',
      title: 'Encryption',
      paragraphs: [
        'Picture, sound, text and everything that sets up the connection is encrypted on your device and decrypted only on the device of the person you talk to. The methods follow Technical Guideline TR-02102-1 of the German Federal Office for Information Security (BSI): AES-256-GCM, SHA-384, P-384 and ML-KEM-1024.',
        'With the safety code in the conversation you can check for yourself that nobody is in between.',
      ],
    },
    {
      id: 'retention',
      title: 'How long',
      paragraphs: [
        `The server only remembers in its working memory that the room exists. An empty room is forgotten after ${facts.retention} at the latest. It writes no internet addresses, no names and no room numbers into logs.`,
        'During the conversation your browser holds one small entry, so that you can come back after a reload. It is deleted as soon as the conversation ends.',
      ],
    },
    {
      id: 'room',
      title: 'Who is in the room',
      paragraphs: [
        'Before the conversation each side names everyone in its room. The room is closed, and nobody else can hear or see the screen. Picture and sound begin only when both sides have read this.',
        'If somebody comes in, you can hold picture and sound on both sides at once.',
      ],
    },
    {
      id: 'recording',
      title: 'No recording',
      paragraphs: [
        'Recording of any kind is not permitted to either side. This page contains nothing that could record, and blocks the known ways of doing so.',
        'What no web page can prevent: a program on the device that records the screen, or a second camera in the room.',
      ],
    },
    rights(facts),
    {
      id: 'withdrawal',
      title: 'Withdrawal',
      paragraphs: [
        'You can withdraw your consent at any time, as easily as you give it: leave the conversation. The connection then ends at once. What happened until then stays lawful.',
      ],
    },
  ],
};

function controller({ configuration: { operator }, country }: NoticeFacts): NoticeSection {
  const contact = [operator.address, operator.email].filter((line) => line !== undefined);
  return {
    id: 'controller',
    title: 'Who is responsible',
    paragraphs: [
      `${[operator.name, ...contact].join(', ')} (${country(operator.country)}).`,
      ...(operator.officer ? [`Data protection officer: ${operator.officer}.`] : []),
    ],
  };
}

function data({ policy: { naming } }: NoticeFacts): NoticeSection {
  const name = naming === 'full-name' ? 'your name' : 'the name you give yourself here, which may be an invented one';
  return {
    id: 'data',
    title: 'Which data',
    paragraphs: [
      `We process: ${name}; your picture and voice while your camera and microphone are on; what you say and write, perhaps about your health; the names or roles of people in your room; your internet address (IP address).`,
      'You need no account and no registration. There are no cookies.',
    ],
  };
}

function recipients(facts: NoticeFacts): NoticeSection {
  const { signaling, stun, relay } = facts.servers;
  return {
    id: 'recipients',
    title: 'Who receives something',
    paragraphs: [
      `What you show and say is received only by the people in this conversation, ${String(facts.policy.size)} at most.`,
      `The connection is introduced by: ${operators(signaling, facts)}. This server sees your internet address and encrypted messages, never their content.`,
      ...(stun.length > 0
        ? [`Help in finding the direct way comes from: ${operators(stun, facts)}. It sees your internet address.`]
        : []),
      ...(relay.length > 0 ? [`Only if both sides agree, data is passed on by: ${operators(relay, facts)}.`] : []),
      outside(facts),
    ],
  };
}

function outside({ configuration: { countries, servers }, country }: NoticeFacts): string {
  const used = countries.filter((code) => servers.some((server) => server.country === code));
  return used.length === 0
    ? 'All servers are in countries where the GDPR applies. Nothing is transferred to other countries, and no third party is contacted.'
    : `Servers are also in: ${list(used.map(country))}. For these countries the European Commission has decided that they protect data adequately (Art. 45 GDPR).`;
}

function path({ servers: { relay }, policy }: NoticeFacts): NoticeSection {
  const title = 'Which way the conversation takes';
  if (policy.relay === 'always')
    return {
      id: 'path',
      title,
      paragraphs: [
        'So that nobody in the conversation learns your internet address, everything goes through the relay named here. You are asked before. If you decline, no connection is made.',
      ],
    };
  return {
    id: 'path',
    title,
    paragraphs: [
      'Picture and sound go directly between the devices (peer-to-peer). The other device can learn your internet address, and yours can learn theirs. It shows roughly which region and which provider you are connected from.',
      relay.length > 0
        ? 'Sometimes a network prevents the direct way. Then we ask you and the other side whether a relay may pass on the encrypted data. It sees both internet addresses, times and amounts, never the content. You can decline; then no connection is made.'
        : 'Sometimes a network prevents the direct way. Then no connection is made.',
    ],
  };
}

function rights({ configuration: { operator } }: NoticeFacts): NoticeSection {
  return {
    id: 'rights',
    title: 'Your rights',
    paragraphs: [
      'You have the right of access, rectification, erasure, restriction of processing and portability of your data (Art. 15 to 20 GDPR). Turn to the body named above.',
      `You can complain to a data protection authority${operator.authority ? `, for example: ${operator.authority}` : ''}.`,
    ],
  };
}

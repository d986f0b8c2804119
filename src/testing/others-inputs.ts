/** What the other people of a `ScriptedRoom` do, as inputs of the room's own reducer. */
import type { MediaNotice } from '../room/messages/messages.ts';
import type { RoomInput } from '../room/state/actions.ts';
import type { Answer, Participant, SessionState } from '../room/state/state.ts';
import { ENCRYPTION, receipt } from './snapshots.ts';

type Inputs = readonly RoomInput[];

/** A person who comes in; what is left out is filled in. */
export interface Newcomer {
  /** Participant id; default: the next free one of `p1`, `p2`, … */
  readonly id?: string;
  readonly name?: string;
  /** Whether it is the host; default: for a guest, as long as nobody else is. */
  readonly host?: boolean;
  /** Who else is in their room; default: nobody. */
  readonly people?: readonly string[];
  /** What they show; default: voice and picture. */
  readonly media?: Partial<MediaNotice>;
}

const SHOWN: MediaNotice = { microphone: true, camera: true, screen: false, paused: 'no' };

/** An id that neither a participant nor a waiting guest has. */
export function freeId({ participants, knocks }: Record<'participants' | 'knocks', readonly { id: string }[]>): string {
  const taken = new Set([...participants, ...knocks].map(({ id }) => id));
  let number = 1;
  while (taken.has(`p${String(number)}`)) number++;
  return `p${String(number)}`;
}

/** People come in, are connected and encrypted, and have acknowledged our declaration; ours of theirs is still missing. */
export function arrivals(state: SessionState, newcomers: readonly Newcomer[]): Inputs {
  const { participants, knocks, encryption } = state;
  const here = participants.map(({ id, name, host }) => ({ id, name, host }));
  const coming: (Newcomer & (typeof here)[number])[] = [];
  for (const newcomer of newcomers) {
    const everyone = [...here, ...coming];
    const id = newcomer.id ?? freeId({ participants: everyone, knocks });
    const host = newcomer.host ?? (state.role === 'guest' && !everyone.some((one) => one.host));
    coming.push({ ...newcomer, id, host, name: newcomer.name ?? (host ? 'Frau Sommer' : 'Wolke') });
  }
  const members = [...here, ...coming.map(({ id, name, host }) => ({ id, name, host }))];
  const epoch = String(Number(encryption?.epoch ?? '0') + 1);
  return [
    { type: 'roster', members, encryption: { ...ENCRYPTION, epoch } },
    ...coming.flatMap(({ id, people = [], media }): Inputs => [
      { type: 'their-occupants', id, occupants: { people, hash: `declaration of ${id}` } },
      { type: 'their-media', id, media: { ...SHOWN, ...media } },
      { type: 'acknowledged-by-them', id, hash: state.occupants.hash },
      ...connected(id, 'direct'),
    ]),
  ];
}

/** The link to a participant is up. */
export const connected = (id: string, path: Participant['path']): Inputs => [
  { type: 'connection', id, connection: 'connected' },
  { type: 'encrypted', id, encryption: 'running' },
  { type: 'path', id, path },
  { type: 'quality', id, quality: 'good' },
];

/** The link to a participant is gone. */
export const disconnected = (id: string, connection: 'connecting' | 'interrupted' | 'failed'): Inputs => [
  { type: 'connection', id, connection },
  ...(connection === 'interrupted' ? [] : [{ type: 'path', id, path: 'none' } as const]),
];

/** A participant leaves, or is removed. */
export const departure = ({ participants, encryption }: SessionState, id: string): Inputs => [
  { type: 'roster', members: participants.filter((one) => one.id !== id), encryption },
];

/** The streams of what a participant shows: they arrive once both declarations are acknowledged. */
export const streaming = (id: string, media: MediaNotice): Inputs =>
  (['audio', 'camera', 'screen'] as const).map((stream) => ({
    type: 'stream',
    id,
    stream,
    there: stream === 'audio' ? media.microphone : media[stream],
  }));

/** The state of the relay question after an answer: a no ends it, and it takes two to say yes. */
export function settled(id: string, ours: Answer, theirs: Answer): Inputs {
  if (ours === 'no' || theirs === 'no') return [{ type: 'relay', id, relay: { step: 'declined' } }];
  if (ours === 'open' || theirs === 'open') return [{ type: 'relay', id, relay: { step: 'asked', ours, theirs } }];
  return [
    { type: 'relay', id, relay: { step: 'granted' } },
    { type: 'receipt', receipt: receipt('relay') },
    ...connected(id, 'relay'),
  ];
}

/** What is said of a session: how the next snapshot differs from the previous one. */
import { isSession, type Participant, type Problem, type RoomState, type SessionState } from '../room/room.ts';
import { phaseAnnouncements, type Heading } from './announce.ts';
import type { Texts } from './texts.ts';

/** Whether the chat is open and announces its own lines. */
export type Chat = 'seen' | 'unseen';

/** Sentences that describe how the next snapshot differs from the previous one; often none. */
export function announcements(
  previous: RoomState,
  next: RoomState,
  texts: Texts,
  chat: Chat = 'unseen',
  heading: Heading = 'unread',
): readonly string[] {
  const said = [...phase(previous, next, texts, heading), ...problems(previous, next, texts)];
  if (!isSession(next)) return said;
  const before = isSession(previous) ? previous : undefined;
  const lines = chat === 'unseen' ? written(before, next, texts) : [];
  return [
    ...said,
    ...waiting(before, next, texts),
    ...knocks(before, next, texts),
    ...people(before, next, texts),
    ...choices(before, next, texts),
    ...lines,
  ];
}

function phase(previous: RoomState, next: RoomState, texts: Texts, heading: Heading): readonly string[] {
  if (next.phase === previous.phase || next.phase === 'idle') return [];
  // Said with the name of the participant.
  if (next.phase === 'paused' && next.reason === 'someone-came-in' && next.media.paused !== 'someone-came-in')
    return [];
  if (next.phase === 'waiting' && next.regrouping.length > 0) return [texts.term('consult-room.regrouping.text')];
  if (next.phase === 'notice' || next.phase === 'ended' || next.phase === 'failed')
    return phaseAnnouncements(previous, next, texts, heading);
  // The heading of a break does not name the devices, and a guest's in the waiting room is a welcome.
  const adds = next.phase === 'paused' || (next.phase === 'waiting' && next.role === 'guest');
  if (heading === 'read' && !adds) return [];
  if (next.phase === 'connecting') {
    if (hasRun(previous)) return [texts.term('consult-room.connecting.heading.again')];
    // Said when the door opened.
    if (previous.phase === 'waiting' && previous.knocking === 'admitted') return [];
  }
  return [texts.term(`announce.phase.${next.phase}`)];
}

/** Whether the call had begun, or begins again. */
const hasRun = (previous: RoomState): boolean =>
  previous.phase === 'active' ||
  previous.phase === 'paused' ||
  (previous.phase === 'waiting' && previous.regrouping.length > 0);

/** Progress of a waiting guest: hearing that the counsellor has arrived ends the uncertainty. */
function waiting(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  if (!before || next.role !== 'guest' || next.phase !== 'waiting' || before.knocking === next.knocking) return [];
  // Who was in the call comes back by itself: only a closed door is news.
  if (next.regrouping.length > 0 && next.knocking !== 'locked') return [];
  return [texts.term(`waiting-room.guest.${next.knocking}`)];
}

/** Questions that are asked without a dialog. */
function choices(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const said: string[] = [...leading(before, next, texts)];
  if (next.hostAbout !== 'nothing' && next.hostAbout !== before?.hostAbout)
    said.push(texts.term(`consult-room.host-word.${next.hostAbout}`));
  const weak = (state: SessionState | undefined): boolean =>
    state?.participants.some(({ quality }) => quality === 'weak') ?? false;
  if (weak(next) && !weak(before) && next.media.camera && next.devices.camera)
    said.push(texts.term('consult-room.quality.text'));
  for (const way of ['found', 'used'] as const) {
    const names = (state: SessionState | undefined): readonly string[] =>
      state?.participants
        .filter(({ relay }) => relay.step === 'granted' && relay.direct === way)
        .map(({ name }) => name) ?? [];
    const known = names(before);
    const news = names(next).filter((name) => !known.includes(name));
    const key = way === 'found' ? 'consult-room.direct.text' : 'consult-room.direct.used.text';
    if (news.length > 0) said.push(texts.term(key, texts.list(news)));
  }
  return said;
}

/** Who is asked to lead, and who is the stand-in. */
function leading(before: SessionState | undefined, { handOver, ...next }: SessionState, texts: Texts): string[] {
  const said: string[] = [];
  if (handOver.step === 'asked' && handOver.id !== (before?.handOver.step === 'asked' && before.handOver.id))
    said.push(
      texts.term(`consult-room.hand-over.${handOver.as}`),
      texts.term(`consult-room.hand-over.${handOver.as}.text`),
    );
  const offered = handOver.step === 'offered' && before?.handOver.step !== 'offered' ? handOver.id : null;
  const asked = next.participants.find(({ id }) => id === offered);
  if (asked) said.push(texts.term('host-tools.hand-over.asked', asked.name));
  // Alone, it may have just led: then the host that it follows next makes its delegation void.
  const isNamed = next.authority === 'stand-in' && next.participants.length > 0;
  if (before && isNamed && before.authority !== 'stand-in') said.push(texts.term('consult-room.stand-in.self'));
  return said;
}

/** Problems that are shown above everything else. */
function problems(previous: RoomState, next: RoomState, texts: Texts): readonly string[] {
  if (!('devices' in next)) return [];
  const before = 'problems' in previous ? previous.problems : [];
  const known = new Set(before.map(({ id }) => id));
  const said = next.problems.filter(({ id }) => !known.has(id)).map((problem) => texts.problem(problem).what);
  return serverIsBack(previous, next) ? [...said, texts.term('announce.server-back')] : said;
}

/** Whether what was said of a silent server has ended: the words on the page disappear by themselves. */
function serverIsBack(previous: RoomState, next: RoomState): boolean {
  if (!isSession(previous) || !isSession(next) || previous.signaling === next.signaling) return false;
  const isOfServer = ({ code }: Problem): boolean => code === 'device-offline' || code.startsWith('signaling-');
  return next.signaling === 'online' && previous.problems.some(isOfServer) && !next.problems.some(isOfServer);
}

function knocks(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const known = new Set(before?.knocks.map(({ id }) => id));
  return next.knocks.filter(({ id }) => !known.has(id)).map(({ name }) => texts.term('announce.knock', name));
}

function written(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const last = before?.chat.at(-1)?.id ?? 0;
  const names = next.chat.filter(({ id, from }) => id > last && from !== 'self').map(({ name }) => name);
  return [...new Set(names)].map((name) => texts.term('announce.chat', name));
}

function people(before: SessionState | undefined, next: SessionState, texts: Texts): readonly string[] {
  const known = new Map(before?.participants.map((p) => [p.id, p]));
  const here = new Set(next.participants.map(({ id }) => id));
  const gone = [...known.values()].filter(({ id }) => !here.has(id)).map(({ name }) => name);
  const came = next.participants.filter(({ id }) => !known.has(id));
  // Those whose group begins again, or who are back at once, have not left, and do not join again.
  const back = new Set([...(before?.regrouping ?? []), ...gone]);
  const away = new Set([...next.regrouping, ...came.map(({ name }) => name)]);
  const left = gone.filter((name) => !away.has(name)).map((name) => texts.term('announce.left', name));
  const declared = next.participants.filter(
    ({ id, occupants, acknowledged }) =>
      occupants && !acknowledged.byUs && known.get(id)?.occupants?.hash !== occupants.hash,
  );
  return [
    ...left,
    ...together(
      'announce.joined',
      came.filter(({ name }) => !back.has(name)),
      texts,
    ),
    ...next.participants.flatMap((p) => person(known.get(p.id), p, texts)),
    ...together('announce.declared', declared, texts),
  ];
}

/** What concerns several at once is one sentence, not one for each of a group. */
function together(
  key: 'announce.joined' | 'announce.declared',
  people: readonly Participant[],
  texts: Texts,
): readonly string[] {
  const [first, ...others] = people.map(({ name }) => name);
  if (first === undefined) return [];
  return [others.length === 0 ? texts.term(key, first) : texts.term(`${key}.several`, texts.list([first, ...others]))];
}

function person(before: Participant | undefined, now: Participant, texts: Texts): readonly string[] {
  if (!before) return [];
  const said: string[] = [];
  if (before.connection !== 'interrupted' && now.connection === 'interrupted')
    said.push(texts.term('announce.interrupted', now.name));
  // Once, not with each further attempt.
  if (!before.retrying && now.retrying) said.push(texts.term('announce.failed', now.name));
  if ((before.connection === 'interrupted' || before.retrying) && now.connection === 'connected')
    said.push(texts.term('announce.reconnected', now.name));
  if (before.relay.step === 'asked' && now.relay.step === 'none' && now.connection === 'connected')
    said.push(texts.term('announce.relay-settled', now.name));
  if (before.relay.step !== now.relay.step && (now.relay.step === 'declined' || now.relay.step === 'withdrawn'))
    said.push(texts.term('announce.relay-without', now.name));
  if (!before.standIn && now.standIn) said.push(texts.term('announce.stand-in', now.name));
  if (!before.hand && now.hand) said.push(texts.term('announce.hand', now.name));
  // Only the host's snapshot has it.
  if (!before.break && now.break) said.push(texts.term('announce.break', now.name));
  return [...said, ...shown(before, now, texts)];
}

/** Changes of a participant's camera, microphone, screen and breaks. */
function shown(before: Participant, now: Participant, texts: Texts): readonly string[] {
  const said: string[] = [];
  if (before.media.screen !== now.media.screen)
    said.push(texts.term(now.media.screen ? 'announce.screen' : 'announce.screen-ended', now.name));
  if (before.media.paused !== 'recorder' && now.media.paused === 'recorder')
    said.push(texts.term('announce.recorder', now.name));
  if (before.media.paused !== 'someone-came-in' && now.media.paused === 'someone-came-in')
    said.push(texts.term('announce.someone-came-in', now.name));
  const pauses = now.media.paused === 'privacy';
  if (pauses !== (before.media.paused === 'privacy'))
    said.push(texts.term(pauses ? 'announce.pauses' : 'announce.resumes', now.name));
  // The pause covers these, and before the call nothing was on.
  const talking = before.media.paused === 'no' && now.media.paused === 'no' && before.connection === 'connected';
  for (const device of ['microphone', 'camera'] as const)
    if (talking && before.media[device] !== now.media[device])
      said.push(texts.term(`announce.${device}.${now.media[device] ? 'on' : 'off'}`, now.name));
  return said;
}

/** Rooms that change hands, for tests: with real sessions over a server in memory (`people.ts`). */
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { createDelegation, generateDelegateKey, type DelegationKind } from '../../../src/e2ee/admission/delegation.ts';
import { deriveRoom, type Invite } from '../../../src/e2ee/admission/invite-token.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import type { GroupContent } from '../../../src/room/messages/messages.ts';
import { meet, type Person } from './people.ts';

let close: () => Promise<unknown> = async () => undefined;
afterEach(() => close());

export async function room(names: readonly string[], o: Parameters<typeof meet>[1] = {}) {
  const met = await meet(names, o);
  close = met.close;
  const [first, second] = met.guests;
  assert.ok(first && second);
  return { ...met, mia: first, tom: second };
}

export const roleOf = ({ state }: Person): string => ('role' in state ? state.role : state.phase);

/** Names of those whom a person sees lead; `self` where it leads itself. */
export const leaderOf = ({ shown }: Person): string =>
  [
    ...(shown.role === 'host' ? ['self'] : []),
    ...shown.participants.flatMap(({ host, name }) => (host ? [name] : [])),
  ].join();

export async function asks(host: Person, guest: Person, as: DelegationKind): Promise<void> {
  host.session.leadership.offer(host.idOf(guest.name), as);
  await guest.sees(() => guest.shown.handOver.step === 'asked', 'the question');
}

export async function handsOver(host: Person, guest: Person): Promise<void> {
  await asks(host, guest, 'now');
  await guest.session.leadership.answer('yes');
  await guest.sees(() => roleOf(guest) === 'host', 'that it leads');
  await host.sees(() => roleOf(host) === 'guest', 'that it is a guest');
}

export async function names(host: Person, guest: Person, others: readonly Person[]): Promise<void> {
  await asks(host, guest, 'stand-in');
  await guest.session.leadership.answer('yes');
  for (const other of [host, ...others])
    await other.sees(() => other.shown.participants.some((p) => p.standIn && p.name === guest.name), 'the stand-in');
}

/** What a stranger to the host key makes: a delegation under `key`, and the authority that it would give. */
export async function claim(invite: Invite, key: CryptoKey, kind: DelegationKind, since = Date.now()) {
  const { roomId } = await deriveRoom(invite);
  const own = await generateDelegateKey();
  const delegation = await createDelegation({ hostKey: key, roomId, kind, spki: own.spki, leafKey: random(97), since });
  return { own, delegation };
}

/** What the sessions of a person send into the group, read before it is encrypted. */
export function overhear({ session: { sender } }: Person): readonly GroupContent[] {
  const heard: GroupContent[] = [];
  const tell = sender.tell.bind(sender);
  sender.tell = (content, ...rest) => {
    heard.push(content);
    return tell(content, ...rest);
  };
  return heard;
}

/** As if its direct links to these people stood: a call that runs needs no server. */
export function connects(person: Person, ...names: readonly string[]): void {
  for (const name of names) person.dispatch({ type: 'connection', id: person.idOf(name), connection: 'connected' });
}

/** The newest notice that a person sees, with the name in it. */
export const saidLast = ({ shown: { problems } }: Person): string =>
  [problems.at(-1)?.code, problems.at(-1)?.about].filter((word) => word !== undefined).join(' ');

/** A round through the group: what was sent before it has been handled by everyone. */
export async function settle(person: Person, others: readonly Person[]): Promise<void> {
  const raised = !person.shown.hand;
  person.dispatch({ type: 'hand', raised });
  for (const other of others)
    await other.sees(
      () => other.shown.participants.find(({ name }) => name === person.name)?.hand === raised,
      `the hand of ${person.name}`,
    );
}

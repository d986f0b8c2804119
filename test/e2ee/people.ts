/** A host and guests who go through the door as the protocol says, without a network. */
import { random, sha384, type Bytes } from '../../src/e2ee/bytes.ts';
import { Group, type Change } from '../../src/e2ee/mls/group.ts';
import { signHost } from '../../src/e2ee/admission/host-key.ts';
import { deriveRoom, parseInvite, type Invite, type RoomKeys } from '../../src/e2ee/admission/invite-token.ts';
import { createInvite } from '../../src/invite.ts';
import { admitFields, type Admission } from '../../src/e2ee/admission/admit-signature.ts';
import { join, type JoinOptions } from '../../src/e2ee/admission/join.ts';
import { createHello, verifyHello, type HostHello, type VerifiedHello } from '../../src/e2ee/admission/hello.ts';
import { openKnock, sealKnock, type OpenedKnock } from '../../src/e2ee/admission/knock.ts';
import type { OwnKeyPackage } from '../../src/e2ee/mls/key-package.ts';

export const ORIGIN = 'https://beratung.example';

export interface Host {
  readonly invite: Invite;
  readonly guestInvite: Invite;
  readonly keys: RoomKeys;
  readonly group: Group;
  readonly hello: HostHello;
}

export async function openRoom(): Promise<Host> {
  const { hostLink, guestLink } = await createInvite({ base: `${ORIGIN}/room` });
  const invite = await parseInvite(new URL(hostLink).hash, { origin: ORIGIN });
  const guestInvite = await parseInvite(new URL(guestLink).hash, { origin: ORIGIN });
  const keys = await deriveRoom(invite);
  const group = await Group.found({ roomKeys: keys, name: 'Beratung' });
  const hello = await createHello({
    authority: { key: invite.hostKey!, root: invite.hostSpki!, delegation: null },
    roomId: keys.roomId,
    groupId: group.groupId,
    leafPublicKey: group.leafKey.publicKey,
    incarnation: Date.now(),
    since: 0,
  });
  return { invite, guestInvite, keys, group, hello };
}

export interface Guest {
  readonly own: OwnKeyPackage;
  readonly hello: VerifiedHello;
  readonly guestNonce: Bytes;
  readonly sealed: Bytes;
}

export async function knock(host: Host, name: string): Promise<Guest & { readonly opened: OpenedKnock }> {
  const { hello, keys, invite, guestInvite } = host;
  const { roomId } = keys;
  const verified = await verifyHello({
    encoded: hello.encoded,
    spki: invite.hostSpki!,
    delegation: null,
    thumb: guestInvite.thumb,
    roomId,
  });
  const own = await Group.prepareGuest({ name });
  const guestNonce = random(32);
  const sealed = await sealKnock({ hello: verified, roomId, guestNonce, own, credentials: null });
  const opened = await openKnock({ hello, roomId, guestNonce, sealed, root: invite.hostSpki! });
  return { own, hello: verified, guestNonce, sealed, opened };
}

/** The host's signature over an admission; `changes` for an attacker's fields. */
export async function sign(
  host: Host,
  guest: Guest,
  change: Pick<Change, 'welcome' | 'epoch'>,
  changes: Partial<Parameters<typeof admitFields>[0]> = {},
): Promise<Admission> {
  const { roomId } = host.keys;
  const { hostSession } = host.hello;
  const { ref } = guest.own;
  const { welcome, epoch } = change;
  const fields = admitFields({
    roomId,
    hostSession,
    groupId: host.group.groupId,
    epoch,
    ref,
    guestNonce: guest.guestNonce,
    welcomeHash: await sha384(welcome),
    ...changes,
  });
  return { welcome, epoch, ref, signature: await signHost(host.invite.hostKey!, 'admit', fields) };
}

export const joinOptions = (host: Host, guest: Guest, admission: Admission): JoinOptions => ({
  own: guest.own,
  admission,
  hello: guest.hello,
  guestNonce: guest.guestNonce,
  roomKeys: host.keys,
});

/** Admits a guest; the other members process the commit. */
export async function letIn(host: Host, name: string, others: readonly Group[] = []): Promise<Group> {
  const guest = await knock(host, name);
  const change = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
  for (const other of others) await other.receive(change.commit);
  return join(joinOptions(host, guest, await sign(host, guest, change)));
}

/** The code of what was thrown. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing thrown';
  } catch (error: unknown) {
    return (error as { code?: string }).code ?? String(error);
  }
}

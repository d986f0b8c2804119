/** Host keys that stay in a counsellor's browser (protocol.md §15): real IndexedDB, and a room that opens with one. */
import { expect } from '@open-wc/testing';
import { findHostKey } from '../../../src/e2ee/admission/host-key-store.ts';
import { signHost, verifyHost } from '../../../src/e2ee/admission/host-key.ts';
import { parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { ConsultError } from '../../../src/errors.ts';
import { createInvite, forgetHostKeys, hostPublicPart } from '../../../src/invite.ts';
import { Room } from '../../../src/room/room.ts';

const config = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }],
};
const { origin, href: base } = location;

async function phaseOf(link: string): Promise<string> {
  const room = new Room({ invite: new URL(link).hash, config });
  await room.start();
  const { state } = room;
  room.leave();
  return state.phase === 'failed' ? state.code : state.phase;
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ConsultError ? error.code : 'none';
}

describe('a host key that stays in the browser', () => {
  beforeEach(forgetHostKeys);
  after(forgetHostKeys);

  it('is made once, also where two tabs ask at the same time', async () => {
    const parts = await Promise.all([hostPublicPart(), hostPublicPart(), hostPublicPart()]);
    expect(new Set([...parts, await hostPublicPart()]).size).to.equal(1);
  });

  it('signs as the host whose thumb the guest link names, and cannot be taken out', async () => {
    const { hostLink, guestLink } = await createInvite({ base, for: await hostPublicPart() });
    const [host, guest] = await Promise.all([hostLink, guestLink].map((link) => parseInvite(link, { origin })));
    expect([host!.role, host!.hostKey, guest!.role]).to.deep.equal(['host', undefined, 'guest']);
    expect(host!.codeRoot).to.not.equal(undefined);
    expect(guest!.codeRoot).to.equal(undefined);
    const { key, spki, thumb } = await findHostKey(guest!.thumb);
    expect(thumb).to.deep.equal(guest!.thumb);
    expect(await verifyHost(spki, 'admit', [thumb], await signHost(key, 'admit', [thumb]))).to.equal(true);
    for (const format of ['pkcs8', 'jwk'] as const)
      expect(
        await crypto.subtle.exportKey(format, key).then(
          () => 'taken',
          () => 'kept',
        ),
      ).to.equal('kept');
  });

  it('opens its room here; in a browser without it, the room says so and refuses', async () => {
    const { hostLink } = await createInvite({ base, for: await hostPublicPart() });
    expect(await phaseOf(hostLink)).to.equal('notice');
    await forgetHostKeys();
    expect(await phaseOf(hostLink)).to.equal('host-key-missing');
    await hostPublicPart();
    expect(await phaseOf(hostLink)).to.equal('host-key-missing');
  });

  it('is not made by opening a room, and no invite is made for what is no public part of this site', async () => {
    const part = await hostPublicPart();
    for (const wrong of [
      '',
      part.slice(1),
      `${part}A`,
      `${part.slice(0, 50)}${part[50] === 'x' ? 'y' : 'x'}${part.slice(51)}`,
      'https://beratung.example',
    ])
      expect(await codeOf(createInvite({ base, for: wrong })), wrong).to.equal('argument-invalid');
    expect(await codeOf(createInvite({ base: 'https://andere.example/', for: part }))).to.equal('invite-foreign');
    // As a mail program may wrap it.
    const { guestLink } = await createInvite({ base, for: `${part.slice(0, 40)}\r\n ${part.slice(40)} ` });
    expect((await parseInvite(guestLink, { origin })).role).to.equal('guest');
  });
});

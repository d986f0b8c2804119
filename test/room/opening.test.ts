/** What a room refuses before anybody is asked anything. */
import { expect } from '@open-wc/testing';
import { createInvite } from '../../src/e2ee/invite.ts';
import { Room } from '../../src/room/room.ts';

const config = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle', country: 'DE' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Rechenzentrum', country: 'DE' },
  ],
};
const HOUR = 3_600_000;

async function open(o: { readonly hours: number; readonly policy?: string; readonly rules?: object }) {
  const expires = new Date(Date.now() + o.hours * HOUR);
  const { guestLink } = await createInvite({ base: location.href, expires });
  const { policy = 'beratung', rules = {} } = o;
  const room = new Room({ invite: new URL(guestLink).hash, config: { ...config, policy, rules } });
  await room.start();
  const { state } = room;
  return state.phase === 'failed' ? state.code : state.phase;
}

describe('opening a room', () => {
  for (const [policy, hours] of [
    ['beratung', 48],
    ['gruppe', 48],
    ['anlage-31b', 24],
    ['gewaltschutz', 12],
  ] as const)
    it(`refuses an invite that lives longer than ${policy} allows`, async () => {
      expect(await open({ policy, hours })).to.equal('notice');
      // Clocks differ: an hour over is still the same day.
      expect(await open({ policy, hours: hours + 2 })).to.equal('invite-too-long');
    });

  it('refuses it by the site’s own, tighter rule', async () => {
    expect(await open({ hours: 5, rules: { inviteHours: 2 } })).to.equal('invite-too-long');
    expect(await open({ hours: 2, rules: { inviteHours: 2 } })).to.equal('notice');
  });

  it('refuses rules that loosen the preset', async () => {
    expect(await open({ hours: 1, rules: { selfView: 'shown' } })).to.equal('policy-loosened');
  });

  it('[R11] refuses a server outside the EEA, and one that nobody answers for', async () => {
    const attempt = async (servers: readonly object[], countries: readonly string[] = []) => {
      const { guestLink } = await createInvite({ base: location.href });
      const room = new Room({ invite: new URL(guestLink).hash, config: { ...config, servers, countries } });
      await room.start();
      return room.state.phase === 'failed' ? room.state.code : room.state.phase;
    };
    const abroad = [{ role: 'signaling', operator: 'Host', country: 'US' }];
    expect(await attempt(abroad)).to.equal('server-country-refused');
    // A site chooses among the adequacy decisions that there are (Art. 45 GDPR); it cannot make one.
    expect(await attempt(abroad, ['US'])).to.equal('notice');
    const farther = [{ role: 'signaling', operator: 'Host', country: 'RU' }];
    expect(await attempt(farther, ['RU'])).to.equal('server-country-refused');
    expect(await attempt([{ role: 'signaling', country: 'DE' }])).to.equal('server-undeclared');
    expect(await attempt([{ role: 'signaling', operator: 'Host' }])).to.equal('server-undeclared');
    expect(await attempt([{ role: 'stun', urls: ['stun:stun.example'], operator: 'S', country: 'DE' }])).to.equal(
      'server-undeclared',
    );
  });
});

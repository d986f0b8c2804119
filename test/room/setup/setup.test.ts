/** What a room refuses before it asks a person anything. */
import { expect } from '@open-wc/testing';
import type { PolicyName } from '../../../src/policy.ts';
import { ConsultError } from '../../../src/errors.ts';
import { createInvite as createOfAnyEnd } from '../../../src/e2ee/admission/invite-token.ts';
import { createInvite } from '../../../src/invite.ts';
import { Room } from '../../../src/room/room.ts';

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
      // One hour of clock difference is tolerated.
      expect(await open({ policy, hours: hours + 2 })).to.equal('invite-too-long');
    });

  it('refuses an invite that lives longer than a tighter rule of the site allows', async () => {
    expect(await open({ hours: 5, rules: { inviteHours: 2 } })).to.equal('invite-too-long');
    expect(await open({ hours: 2, rules: { inviteHours: 2 } })).to.equal('notice');
  });

  it('refuses rules that loosen the preset', async () => {
    expect(await open({ hours: 1, rules: { selfView: 'shown' } })).to.equal('policy-loosened');
  });

  it('refuses an unknown policy instead of opening under a laxer one', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config, policy: 'gewaltschuz' as PolicyName });
    await room.start();
    expect(room.state).to.include({ phase: 'failed', code: 'configuration-invalid' });
  });

  for (const end of ['discard', 'leave'] as const)
    it(`does not open and fires no event when ${end}() is called while it starts`, async () => {
      const { guestLink } = await createInvite({ base: location.href });
      const room = new Room({ invite: new URL(guestLink).hash, config });
      const heard: string[] = [];
      for (const type of ['change', 'phase', 'error']) room.addEventListener(type, () => heard.push(type));
      const started = room.start();
      room[end]();
      await started;
      expect(room.state.phase).to.equal('idle');
      expect(heard).to.deep.equal([]);
    });

  it('can be discarded silently while it shows the notice, and no longer once the notice is accepted', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const opened = async (): Promise<Room> => {
      const room = new Room({ invite: new URL(guestLink).hash, config });
      await room.start();
      return room;
    };
    const consent = { notice: { version: '1', hash: 'h', lang: 'de' }, at: 1 };
    const room = await opened();
    room.discard();
    room.acceptNotice(consent);
    room.leave();
    expect(room.state.phase).to.equal('notice');
    const another = await opened();
    another.acceptNotice(consent);
    expect(() => another.discard())
      .to.throw(ConsultError)
      .with.property('code', 'wrong-phase');
    another.leave();
    expect(another.state.phase).to.equal('ended');
  });

  it('[R11] refuses a server outside the EEA, and one without a declared operator', async () => {
    const attempt = async (servers: readonly object[], countries: readonly string[] = []) => {
      const { guestLink } = await createInvite({ base: location.href });
      const room = new Room({ invite: new URL(guestLink).hash, config: { ...config, servers, countries } });
      await room.start();
      return room.state.phase === 'failed' ? room.state.code : room.state.phase;
    };
    const abroad = [{ role: 'signaling', operator: 'Host', country: 'US' }];
    expect(await attempt(abroad)).to.equal('server-country-refused');
    // A site chooses among the existing adequacy decisions (Art. 45 GDPR); it cannot make one.
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

it('says from which address a configuration is missing, without what may be secret in it', async () => {
  const { guestLink } = await createInvite({ base: location.href });
  const room = new Room({ invite: new URL(guestLink).hash, configUrl: '/nowhere.json?key=secret' });
  await room.start();
  expect(room.state).to.include({
    phase: 'failed',
    code: 'configuration-unavailable',
    detail: `404: ${location.origin}/nowhere.json`,
  });
});

describe('a site that never answers', () => {
  const { fetch } = globalThis;
  const { timeout } = AbortSignal;
  afterEach(() => {
    globalThis.fetch = fetch;
    AbortSignal.timeout = timeout;
  });

  for (const [what, given, phase] of [
    ['fails where it has the configuration', {}, 'failed'],
    ['opens all the same where only its time is missing', { config }, 'notice'],
  ] as const)
    it(what, async () => {
      const waits: number[] = [];
      AbortSignal.timeout = (wait) => {
        waits.push(wait);
        return timeout.call(AbortSignal, 1);
      };
      globalThis.fetch = (_url, { signal } = {}) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason as DOMException)),
        );
      const { guestLink } = await createInvite({ base: location.href });
      const room = new Room({ invite: new URL(guestLink).hash, ...given });
      await room.start();
      expect([room.state.phase, waits[0]]).to.deep.equal([phase, 20_000]);
      if (room.state.phase === 'failed') expect(room.state.code).to.equal('configuration-unavailable');
      else room.discard();
    });
});

describe('a device whose clock is wrong', () => {
  const { fetch } = globalThis;
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  /** @param off hours by which the device is ahead of the site */
  async function opened(off: number, o: { readonly hours: number; readonly given: 'as object' | 'by address' }) {
    const site = (): number => Date.now() - off * HOUR;
    globalThis.fetch = async () =>
      new Response(JSON.stringify({ ...config, policy: 'beratung' }), {
        headers: { Date: new Date(site()).toUTCString() },
      });
    const { guestLink } = await createOfAnyEnd({ base: location.href, expires: new Date(site() + o.hours * HOUR) });
    const room = new Room({
      invite: new URL(guestLink).hash,
      signaling: 'broadcast:',
      ...(o.given === 'as object' ? { config } : {}),
    });
    await room.start();
    return room;
  }

  for (const given of ['as object', 'by address'] as const)
    for (const off of [-30, -3, 3, 30])
      it(`is let in by the clock of the site, and told, when it is ${off} hours off (configuration ${given})`, async () => {
        const { state } = await opened(off, { hours: 2, given });
        expect(state.phase).to.equal('notice');
        expect('problems' in state && state.problems.map(({ code }) => code)).to.deep.equal(['clock-wrong']);
      });

  it('is refused by the clock of the site when the invite is over or too early there', async () => {
    const over = (await opened(-3, { hours: -1, given: 'by address' })).state;
    expect(over).to.include({ phase: 'failed', code: 'invite-expired' });
    const early = (await opened(30, { hours: 60, given: 'by address' })).state;
    expect(early).to.include({ phase: 'failed', code: 'invite-too-long' });
  });

  it('is not told anything when its clock is minutes off', async () => {
    const { state } = await opened(0.1, { hours: 2, given: 'by address' });
    expect('problems' in state && state.problems).to.deep.equal([]);
  });
});

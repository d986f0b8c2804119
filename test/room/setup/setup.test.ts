/** What a room refuses before anybody is asked anything. */
import { expect } from '@open-wc/testing';
import { parsePublicConfiguration } from '../../../src/configuration.ts';
import type { PolicyName } from '../../../src/policy.ts';
import { ConsultError } from '../../../src/errors.ts';
import { createInvite } from '../../../src/invite.ts';
import { agree } from '../../../src/room/setup/configuration-check.ts';
import { compareConfigurations } from '../../../src/room/setup/setup.ts';
import { Room } from '../../../src/room/room.ts';
import { Backoff } from '../../../src/signaling/backoff.ts';

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

  it('refuses a policy that nobody knows, and does not open under a laxer one', async () => {
    const { guestLink } = await createInvite({ base: location.href });
    const room = new Room({ invite: new URL(guestLink).hash, config, policy: 'gewaltschuz' as PolicyName });
    await room.start();
    expect(room.state).to.include({ phase: 'failed', code: 'configuration-invalid' });
  });

  for (const end of ['discard', 'leave'] as const)
    it(`does not open any more after «${end}», and says nothing`, async () => {
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

  it('is let go quietly while the notice is shown, and is not let go any more when something has begun', async () => {
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

describe('a signalling server on another origin', () => {
  const signaling = new URL('wss://server.example/signal');
  const shown = parsePublicConfiguration(config);
  const own = globalThis.fetch;
  /** What the server does with one request after the other; the last of them with every further one. */
  let answers: (() => Promise<Response>)[] = [];
  let asked: string[] = [];
  const says =
    (body: unknown, status = 200) =>
    () =>
      Promise.resolve(Response.json(body, { status }));
  const silent = () => Promise.reject(new TypeError('Failed to fetch'));
  const codeOf = (promise: Promise<void>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof ConsultError ? error.code : 'other'),
    );

  beforeEach(() => {
    asked = [];
    globalThis.fetch = (url) => {
      asked.push(String(url instanceof Request ? url.url : url));
      return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? silent();
    };
  });
  afterEach(() => {
    globalThis.fetch = own;
  });

  it('opens where it says the same as the page', async () => {
    answers = [says(config)];
    expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('none');
    expect(asked).to.deep.equal(['https://server.example/config']);
  });

  it('does not open where it says something else, or nothing that is a configuration', async () => {
    for (const other of [{ ...config, operator: { name: 'Andere Stelle', country: 'DE' } }, { colour: 'red' }]) {
      answers = [says(other)];
      expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('configuration-mismatch');
    }
  });

  it('is not called different where it does not answer', async () => {
    for (const answer of [silent, says({}, 503)]) {
      answers = [answer];
      expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('signaling-unreachable');
    }
  });

  it('that does not answer is told once and asked again', async () => {
    answers = [silent, says({}, 503), silent, says(config)];
    const { signal } = new AbortController();
    let told = 0;
    await agree({ signaling, shown, signal, backoff: new Backoff({ base: 1 }), onUnreachable: () => (told += 1) });
    expect([asked.length, told]).to.deep.equal([4, 1]);
  });

  it('is not asked any more once the person left', async () => {
    answers = [silent];
    const left = new AbortController();
    const backoff = new Backoff({ base: 3_600_000, cap: 3_600_000 });
    let waiting: Promise<void> = Promise.resolve();
    await new Promise<void>((told) => {
      waiting = agree({ signaling, shown, signal: left.signal, backoff, onUnreachable: told });
    });
    left.abort();
    expect(await codeOf(waiting)).to.equal('signaling-unreachable');
    expect(asked.length).to.equal(1);
  });
});

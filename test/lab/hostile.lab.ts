/**
 * A guest that wants the call to run over the declared relay without asking: it got credentials in some other way, says
 * that the relay's address is its own, and hides from its own copy of our code what it does.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Person, Seen } from '../e2e/stage.ts';
import { credentialsFor } from '../../src/server/turn.ts';
import { rtpFrom } from './capture.ts';
import { until as eventually } from '../support/until.ts';
import { acknowledgeBoth, both, flowing, framesOn, Lab, SECRET, timed, TURN_URL, until } from './lab.ts';

/** In the guest's page, before anything else of it. Stands alone: it is sent there as text. */
function relaySecretly(): void {
  const wish = new URLSearchParams(location.search);
  const [as, username, credential] = ['as', 'username', 'credential'].map((name) => wish.get(name) ?? '');
  const turn = { urls: 'turn:10.77.9.1:3478?transport=udp', username: username ?? '', credential: credential ?? '' };
  const disguised: object[] = [];
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceServers: [turn] });
      disguised.length = 0;
    }
    /** Candidates wait for the relayed one, so that it travels with them. */
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
      if (type !== 'icecandidate' || typeof listener !== 'function')
        return super.addEventListener(type, listener as never);
      const waiting: Event[] = [];
      const release = (): void => {
        for (const one of waiting.splice(0)) listener(one);
      };
      super.addEventListener('icecandidate', (event) => {
        const { candidate } = event;
        if (candidate?.type === 'relay') {
          const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
          const line = candidate.candidate.replace(/typ relay.*/u, `typ ${as ?? ''}`);
          disguised.push({ candidate: line, sdpMid, sdpMLineIndex, usernameFragment });
        } else if (candidate) waiting.push(event);
        // Where a direct way is found first, the browser gathers no further: then nothing comes to wait for.
        if (disguised.length > 0) release();
        else setTimeout(release, 1_000);
      });
    }
    /** To its own copy of our code every path looks direct. */
    override async getStats(): Promise<RTCStatsReport> {
      const clean = new Map<string, object>();
      (await super.getStats()).forEach((stat: { id: string; type: string }) => {
        const candidate = stat.type.endsWith('-candidate');
        const direct = { candidateType: 'host', address: '10.77.2.2', ip: '', url: '', relayProtocol: '' };
        clean.set(stat.id, candidate ? { ...stat, ...direct } : stat);
      });
      return clean as unknown as RTCStatsReport;
    }
  };
  const { stringify } = JSON;
  JSON.stringify = ((value: { type?: string; body?: { candidates?: object[] } } | null, ...rest: []) => {
    const { candidates } = value?.type === 'candidates' ? (value.body ?? {}) : {};
    if (candidates) candidates.push(...disguised);
    return stringify(value, ...rest);
  }) as typeof stringify;
}

/** What the guest asks of its own page: the disguise, and credentials that the relay takes. */
function wish(as: string): string {
  const { username, credential } = credentialsFor({ urls: [TURN_URL] }, SECRET, Date.now());
  return String(new URLSearchParams({ as, username, credential }));
}

const seeRefusal = (host: Person): Promise<void> =>
  host.see(() => (window as unknown as { seen: Seen }).seen.errors.includes('relay-undeclared'));

describe('[R7] a guest that smuggles in a relay', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  for (const [as, browser] of [
    ['host', 'chromium'],
    ['srflx', 'chromium'],
    ['prflx', 'firefox'],
  ] as const)
    it(`is refused by ${browser} as "${as}", which asks for consent instead of sending media`, async (t) => {
      lab.network.forward('no');
      const capture = await lab.network.capture();
      const people = await lab.meet({
        browsers: [browser, 'chromium'],
        guest: { before: relaySecretly },
        search: wish(as),
      });
      const [host, guest] = people;
      await acknowledgeBoth(people);
      // To the guest's own copy all is well: the relay carries it, and it sends.
      await until(guest, { connection: 'connected', path: 'direct' });
      const refused = await timed(() => seeRefusal(host));
      await until(host, { relay: { step: 'asked', ours: 'open' } });
      assert.ok(rtpFrom(capture.file, '10.77.2.2') > 0, 'the guest sent over the relay');
      assert.equal(rtpFrom(capture.file, '10.77.1.2'), 0, 'the host did not');
      assert.ok(!(await host.seen()).phases.includes('active'));
      t.diagnostic(`refused ${String(refused)} ms after the guest thought itself connected`);
    });

  it('is cut off when it does so during a direct call', async (t) => {
    lab.network.forward('yes');
    const people = await lab.meet({ guest: { before: relaySecretly }, search: wish('host') });
    const [host] = people;
    await acknowledgeBoth(people);
    await framesOn(people);
    await both(people, { path: 'direct' });
    const capture = await lab.network.capture();
    lab.network.forward('no');
    t.diagnostic(`refused ${String(await timed(() => seeRefusal(host)))} ms after the direct way was gone`);
    await until(host, { relay: { step: 'asked', ours: 'open' } });
    // What was on its way, encrypted, until the change was read; how long that takes is the machine's affair. The capture may write down
    // a second later what passes.
    let before = -1;
    const late = await eventually(
      () => rtpFrom(capture.file, '10.77.1.2'),
      (now) => {
        const isOver = now === before;
        before = now;
        return isOver;
      },
      'the end of what the host sends over the relay',
      { every: 2_000 },
    );
    t.diagnostic(`${String(late)} packets of the host's sound and picture at the relay`);
    assert.ok(late < 200, `${String(late)} packets`);
    lab.network.forward('yes');
    await until(host, { path: 'direct' });
    await flowing(people);
  });
});

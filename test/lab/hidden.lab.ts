/**
 * [R7] turned round: policy `gewaltschutz`, where an address could betray a place of refuge, relays on purpose
 * (protocol.md §6, §10).
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Person } from '../e2e/stage.ts';
import { acknowledgeBoth, agree, both, framesOn, Lab, timed } from './lab.ts';

/**
 * In the page: everything that it learns of the other side's addresses, and everything that it would tell of its own.
 */
function listen(): void {
  const learnt: string[] = [];
  Object.assign(window, { learnt });
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      learnt.push(JSON.stringify(candidate));
      return super.addIceCandidate(candidate ?? undefined);
    }
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      learnt.push(description.sdp ?? '');
      return super.setRemoteDescription(description);
    }
  };
}

async function learnt(person: Person): Promise<string> {
  return person.page.evaluate(async () => {
    const { learnt, seen } = window as unknown as { learnt: string[]; seen: { peers: RTCPeerConnection[] } };
    const stats: string[] = [];
    for (const peer of seen.peers)
      (await peer.getStats()).forEach((stat: { type: string }) => {
        if (stat.type === 'remote-candidate') stats.push(JSON.stringify(stat));
      });
    return [...learnt, ...stats].join('\n');
  });
}

describe('[R7] the policy gewaltschutz', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open('gewaltschutz');
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  for (const browsers of [
    ['chromium', 'chromium'],
    ['firefox', 'chromium'],
  ] as const)
    it(`asks immediately and reveals no address: host in ${browsers[0]}, guest in ${browsers[1]}`, async (t) => {
      // A direct way exists, and is not taken.
      lab.network.forward('yes');
      const capture = await lab.network.capture();
      const people = await lab.meet({ browsers, host: { before: listen }, guest: { before: listen } });
      const [host, guest] = people;
      await both(people, { connection: 'connecting' });
      const asked = await timed(() => Promise.all(people.map((person) => person.find('accept-button'))));
      t.diagnostic(`asked after ${String(asked)} ms`);
      assert.ok(asked < 5_000, 'before a direct attempt could have failed');
      assert.equal(capture.packets(), 0);
      await acknowledgeBoth(people);
      await agree(people);
      await both(people, { connection: 'connected', path: 'relay' });
      await framesOn(people);
      for (const [person, foreign] of [
        [host, '10.77.2.'],
        [guest, '10.77.1.'],
      ] as const) {
        const all = await learnt(person);
        assert.ok(all.includes('typ relay'), 'relayed candidates were told');
        assert.ok(!all.includes(foreign), `an address of the other side was told: ${all}`);
        assert.ok(!/typ (host|srflx|prflx)/u.test(all), 'only relayed candidates were told');
      }
    });
});

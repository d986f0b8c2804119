/** protocol.md §10: the probe for a direct path beside a relay. */
import { expect } from '@open-wc/testing';
import { DirectProbe, type ProbeDescription } from '../../src/peer/direct-probe.ts';

interface Probed {
  readonly descriptions: ProbeDescription[];
  readonly results: readonly string[];
}

/** Two probes in one page, the offerer first; `pass` may change a description on its way. */
async function probe(pass: (description: ProbeDescription) => ProbeDescription | null): Promise<Probed> {
  const descriptions: ProbeDescription[] = [];
  const ends: DirectProbe[] = [];
  const results = await Promise.all(
    [0, 1].map(
      (index) =>
        new Promise<string>((resolve) => {
          ends[index] = new DirectProbe({
            iceServers: [],
            relayAddresses: [],
            send: (description) => {
              descriptions.push(description);
              const passed = pass(description);
              if (passed) void ends[1 - index]?.receive(passed);
            },
            onResult: resolve,
          });
          if (index === 1) void ends[0]?.offer();
        }),
    ),
  );
  return { descriptions, results };
}

describe('[R7] the probe for a direct path', () => {
  it('finds a direct path with one description each way, without media', async () => {
    const { descriptions, results } = await probe((description) => description);
    // At one end at least: where the other's check overtakes the lookup of its mDNS name, Firefox hides the address.
    expect(results).to.include('found');
    expect(descriptions.map(({ kind }) => kind)).to.deep.equal(['offer', 'answer']);
    for (const { sdp } of descriptions) expect(sdp.match(/^m=\w+/gmu)).to.deep.equal(['m=application']);
  });

  it('finds none when no candidate arrives', async () => {
    const { results } = await probe(({ kind, sdp }) => ({ kind, sdp: sdp.replaceAll(/^a=candidate:.*\r\n/gmu, '') }));
    expect(results).to.deep.equal(['none', 'none']);
  }).timeout(30_000);

  it('refuses a description with media', async () => {
    const end = new DirectProbe({ iceServers: [], relayAddresses: [], send: () => {}, onResult: () => {} });
    const print = `sha-256 ${Array.from({ length: 32 }, () => '0A').join(':')}`;
    const sdp = `v=0\r\na=fingerprint:${print}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\n`;
    const error = await end.receive({ kind: 'offer', sdp }).catch((thrown: unknown) => thrown);
    expect((error as { code: string }).code).to.equal('session-description-refused');
    end.close();
  });

  it('reports once, and ignores descriptions, after close()', async () => {
    const results: string[] = [];
    const end = new DirectProbe({
      iceServers: [],
      relayAddresses: [],
      send: () => {},
      onResult: (way) => results.push(way),
    });
    end.close();
    end.close();
    await end.receive({ kind: 'offer', sdp: 'not a description' });
    expect(results).to.deep.equal(['none']);
  });
});

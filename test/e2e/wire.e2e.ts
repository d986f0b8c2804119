/**
 * Packets captured by tshark contain no name, session description, candidate, chat line or invite, and media payloads
 * look random. The test first proves that its search finds plain text. The layer below the browsers' own transport
 * encryption is covered by `test/e2ee/frames/frame-media.test.ts`, which reads the frames themselves.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { entropy, readRtp, startCapture, webSocketMessages, type Captured, type Rtp } from './capture.ts';
import { meet } from './meet.ts';
import { makeRoom, openWindow, type Person, type Seen } from './stage.ts';

const CHAT = 'Ich habe heute zum ersten Mal davon erzählt';

/** Everything legible: raw bytes, unmasked WebSocket messages, and their base64url contents decoded. */
function readable({ datagrams, streams }: Captured): string {
  const messages = streams.flatMap(webSocketMessages);
  // Without the site's static files, which are the same for every visitor.
  const said = streams.filter((stream) => !stream.toString('latin1', 0, 10).startsWith('HTTP/1.1 2'));
  const carried = messages.flatMap((message) =>
    [...message.toString('latin1').matchAll(/[\w-]{40,}/gu)].map(([text]) => Buffer.from(text, 'base64url')),
  );
  const all = [...datagrams.map(({ payload }) => payload), ...said, ...messages, ...carried];
  return Buffer.concat(all).toString('latin1');
}
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Local ports of a page's peer connections. */
const portsOf = (person: Person): Promise<readonly number[]> =>
  person.page.evaluate(async () => {
    const ports: number[] = [];
    for (const peer of (window as unknown as { seen: Seen }).seen.peers)
      (await peer.getStats()).forEach((stat: { type: string; port?: number }) => {
        if (stat.type === 'local-candidate' && stat.port) ports.push(stat.port);
      });
    return ports;
  });

/** RTP between these ports, by source. */
function rtpOf({ datagrams }: Captured, ports: readonly number[]): ReadonlyMap<number, readonly Rtp[]> {
  const sources = new Map<number, Rtp[]>();
  for (const { from, to, payload } of datagrams) {
    const rtp = ports.includes(from) && ports.includes(to) ? readRtp(payload) : null;
    if (rtp) sources.set(rtp.ssrc, [...(sources.get(rtp.ssrc) ?? []), rtp]);
  }
  return sources;
}

interface Media {
  /** Payload types of Opus and VP8, and the header extension ids that were agreed to. */
  readonly opus: number;
  readonly vp8: number;
  readonly extensions: readonly number[];
}
const mediaOf = (person: Person): Promise<Media> =>
  person.page.evaluate(() => {
    const { peers } = (window as unknown as { seen: Seen }).seen;
    const sdp = peers.find(({ connectionState }) => connectionState === 'connected')?.remoteDescription?.sdp ?? '';
    const type = (name: string): number => Number(new RegExp(`a=rtpmap:(\\d+) ${name}/`, 'iu').exec(sdp)?.[1]);
    return {
      opus: type('opus'),
      vp8: type('vp8'),
      extensions: [...sdp.matchAll(/^a=extmap:(\d+)/gmu)].map(([, id]) => Number(id)),
    };
  });

describe('captured packets', () => {
  const server = useServer();
  const browsers = useBrowsers();

  it('[R4] contain no name, session description, candidate, chat line or invite', async (t) => {
    const { port } = new URL(server.address);
    const capture = await startCapture(t, `udp or tcp port ${port}`);
    const links = await makeRoom(server.address);
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.firefox, links.guest),
    ]);
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    await host.page.evaluate(
      (text) =>
        (document.querySelector('consult-room') as unknown as { room: { sendChat(text: string): void } }).room.sendChat(
          text,
        ),
      CHAT,
    );
    await guest.see(
      () =>
        (document.querySelector('consult-room') as unknown as { room: { state: { chat: unknown[] } } }).room.state.chat
          .length > 0,
    );
    const ports = [...(await portsOf(host)), ...(await portsOf(guest))];
    const [media, theirs] = [await mediaOf(host), await mediaOf(guest)];
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    // The same search must find such texts when they are sent in clear.
    const loud = `${server.address}?name=Lautsprecher-${encodeURIComponent('v=0')}-candidate:`;
    await fetch(loud);
    const captured = await capture.stop();
    await Promise.all([host.leave(), guest.leave()]);

    const words = readable(captured);
    for (const found of ['Lautsprecher', 'candidate:', '"type":"join"', '"type":"message"'])
      assert.ok(words.includes(found), found);
    const quiet = words.replaceAll(/GET [^\r]*Lautsprecher[^\r]*/gu, '');
    const secret = new URL(links.guest).hash.slice('#consult='.length);
    const bytes = Buffer.from(secret, 'base64url').subarray(18, 50).toString('latin1');
    for (const hidden of [
      'Sonnenschein',
      'Berger',
      'Schwester',
      CHAT,
      'v=0\r\n',
      'a=fingerprint',
      'candidate:',
      'ice-ufrag',
      secret,
      bytes,
    ])
      assert.ok(!quiet.includes(asBytes(hidden)) && !quiet.includes(hidden), hidden);

    // RTP headers are in clear: none reveals who speaks, and audio packets have one length whatever is said.
    const sources = [...rtpOf(captured, ports).values()];
    assert.ok(sources.length >= 4, `${String(sources.length)} sources`);
    for (const packets of sources)
      for (const id of packets.flatMap(({ extensions }) => extensions))
        assert.ok(media.extensions.includes(id) || theirs.extensions.includes(id), String(id));
    const sound = sources.filter(([packet]) => packet?.type === media.opus || packet?.type === theirs.opus);
    assert.equal(sound.length, 2);
    for (const packets of sound) {
      // The counter in the header takes another byte when it passes 255 and 65,535: frames sent, not words said (RFC
      // 9605 §4.3).
      const lengths = packets.slice(10).map(({ payload }) => payload.length);
      const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
      assert.ok(longest - shortest <= 2, `lengths: ${[...new Set(lengths)].join(', ')}`);
      assert.deepEqual(
        lengths,
        lengths.toSorted((one, other) => one - other),
      );
    }
    for (const packets of sources) {
      const payload = Buffer.concat(packets.map((packet) => packet.payload));
      if (payload.length > 20_000) assert.ok(entropy(payload) > 7.9, String(entropy(payload)));
    }
  });
});

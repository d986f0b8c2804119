/**
 * The look ahead, with a real STUN server and with one that says nothing: before anybody waits, people see what is
 * likely [R7].
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { freePort } from '../support/free-port.ts';
import { useBrowsers } from './fixtures.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, startServer, type Seen, type Server } from './stage.ts';

/** Firefox asks no server on loopback from any other address, so the machine's own is used where there is one. */
const ADDRESS =
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';

async function answers(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  // A binding request without attributes (RFC 8489 §5).
  const request = Buffer.from(`000100002112a442${'ab'.repeat(12)}`, 'hex');
  socket.send(request, port, ADDRESS);
  const reply = await Promise.race([
    once(socket, 'message').then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
  ]);
  socket.close();
  return reply;
}

describe('the path forecast in the device check', () => {
  const browsers = useBrowsers();
  const servers: Server[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'consult-room-'));
  let stun: ChildProcess;
  let silent: Socket | undefined;
  let [stunPort, silentPort] = [0, 0];

  before(async () => {
    stunPort = await freePort();
    const flags = ['-n', '--no-cli', '--no-tls', '--no-dtls', '--stun-only', '--log-file=stdout'];
    const own = [`--listening-ip=${ADDRESS}`, `--listening-port=${String(stunPort)}`];
    // It would stand still once nobody reads what it says.
    stun = spawn('turnserver', [...flags, ...own, `--pidfile=${join(folder, 'pid')}`], { stdio: 'ignore' });
    for (let tries = 0; !(await answers(stunPort)); tries++) assert.ok(tries < 50, 'the STUN server does not answer');
    silent = createSocket('udp4');
    silent.bind(0, ADDRESS);
    await once(silent, 'listening');
    silentPort = silent.address().port;
  });

  after(async () => {
    if (stun.exitCode === null && stun.kill()) await once(stun, 'exit');
    silent?.close();
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function site(name: string, stunUrls: readonly string[]): Promise<Server> {
    const operator = 'Demo-Beratungsstelle';
    const file = join(folder, `${name}.json`);
    const declared = [
      { role: 'signaling', operator, country: 'DE' },
      ...stunUrls.map((url) => ({ role: 'stun', urls: [url], operator, country: 'DE' })),
      { role: 'relay', urls: ['turn:127.0.0.1:3478'], operator, country: 'DE', secret: 'a secret of this test alone' },
    ];
    writeFileSync(file, JSON.stringify({ operator: { name: operator, country: 'DE' }, servers: declared }));
    const server = await startServer({ env: { CONSULT_ROOM_CONFIG: file } });
    servers.push(server);
    return server;
  }

  for (const name of browserNames)
    for (const [what, words, urls] of [
      [
        'a server that answers',
        'gelingt eine direkte Verbindung wahrscheinlich',
        () => [`stun:${ADDRESS}:${String(stunPort)}`],
      ],
      [
        'a server that is silent',
        'gelingt eine direkte Verbindung eher nicht',
        () => [`stun:${ADDRESS}:${String(silentPort)}`],
      ],
      // Nothing is said where nothing can be told.
      ['no server', '', () => []],
    ] as const)
      it(`[R7] shows "${words}" in ${name} with ${what}`, async () => {
        const server = await site(`${name}-${what}`, urls());
        const browser = browsers[name];
        const guest = await openWindow(browser, (await makeRoom(server.address)).guest);
        await guest.seePhase('notice');
        assert.equal((await guest.seen()).peers, 0, 'no STUN request before the notice is accepted');
        await guest.click('accept-button');
        await guest.seePhase('devices');
        const text = await guest.page.waitForFunction(
          () => {
            const element = document.querySelector('consult-room')?.shadowRoot?.querySelector('device-check');
            const room = document.querySelector('consult-room') as unknown as {
              room: { state: { forecast?: string } };
            };
            const { forecast = 'unasked' } = room.room.state;
            if (forecast === 'unasked' || forecast === 'looking') return false;
            return `${forecast} ${element?.shadowRoot?.querySelector('.forecast')?.textContent ?? ''}`;
          },
          { timeout: PATIENCE, polling: POLLING },
        );
        const said = String(await text.jsonValue());
        if (words === '') assert.equal(said, 'unknown ');
        else assert.ok(said.includes(words));
        // Only STUN is configured, without a relay, and the connection is closed again.
        const peers = await guest.page.evaluate(() =>
          (window as unknown as { seen: Seen }).seen.peers.map((peer) => ({
            urls: (peer.getConfiguration().iceServers ?? []).flatMap((entry) => entry.urls),
            state: peer.signalingState,
          })),
        );
        assert.deepEqual(peers, urls().length > 0 ? [{ urls: urls(), state: 'closed' }] : []);
        await guest.picture(`forecast-${name}-${what.replaceAll(' ', '-')}`);
        await guest.leave();
      });
});

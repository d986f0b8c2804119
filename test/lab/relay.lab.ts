/** The relay gate between two hosts that may or may not reach each other, with a real coturn and a capture at its port. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { acknowledge } from '../e2e/meet.ts';
import { openWindow, type Person } from '../e2e/stage.ts';
import { findBrowser, launchOptions } from '../support/browsers.ts';
import { createInvite } from '../../src/e2ee/invite.ts';
import { Network, SERVER } from './network.ts';

const PORT = 8787;
const ADDRESS = `http://${SERVER}:${String(PORT)}/`;
const SECRET = 'a secret of this test alone';
const CONFIG = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle', country: 'DE' },
    {
      role: 'relay',
      urls: [`turn:${SERVER}:3478?transport=udp`],
      addresses: [SERVER],
      operator: 'Rechenzentrum',
      country: 'DE',
      secret: SECRET,
    },
  ],
};

type Question = { readonly step: string; readonly ours?: string };

describe('[R7] [R8] [R9] the relay gate in a network', () => {
  let network: Network;
  const browsers: Browser[] = [];

  before(async () => {
    network = new Network();
    const config = join(network.folder, 'config.json');
    writeFileSync(config, JSON.stringify(CONFIG));
    const site = network.start(
      's',
      process.execPath,
      'dist/server/cli.js',
      '--config',
      config,
      '--static',
      'dist/demo',
      '--host',
      SERVER,
      '--port',
      String(PORT),
    );
    network.start(
      's',
      'turnserver',
      '-n',
      '--use-auth-secret',
      `--static-auth-secret=${SECRET}`,
      '--realm=lab',
      `--listening-ip=${SERVER}`,
      `--relay-ip=${SERVER}`,
      '--min-port=49152',
      '--max-port=49400',
      '--no-tls',
      '--no-dtls',
      '--no-cli',
      '--log-file=stdout',
      `--pidfile=${join(network.folder, 'turn.pid')}`,
      `--userdb=${join(network.folder, 'turn.db')}`,
    );
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: site.stdout! }).on('line', (line) => line.includes('http') && resolve());
      site.once('exit', (code) => reject(new Error(`the server ended: ${String(code)}`)));
    });
    // Only a relay that answers proves anything by its silence.
    await network.answers(SERVER, 3478);
    for (const host of ['a', 'b']) {
      const options = launchOptions('chromium');
      const args = [...(options.args ?? []), `--unsafely-treat-insecure-origin-as-secure=${ADDRESS.slice(0, -1)}`];
      browsers.push(
        await puppeteer.launch({
          ...options,
          args,
          executablePath: network.wrapper(host, findBrowser('chromium')!),
          pipe: true,
        }),
      );
    }
  });

  after(async () => {
    for (const browser of browsers) await browser.close();
    await network.close();
  });

  async function arrive(): Promise<readonly [Person, Person]> {
    const links = await createInvite({ base: `${ADDRESS}room.html` });
    const host = await openWindow(browsers[0]!, links.hostLink);
    const guest = await openWindow(browsers[1]!, links.guestLink);
    await host.arrive({ name: 'Frau Berger' });
    await guest.arrive({ name: 'Mia Sonnenschein' });
    await host.click('admit-button');
    return [host, guest];
  }

  const question = (person: Person): Promise<Question> =>
    person.page.evaluate(
      () =>
        (
          document.querySelector('consult-room') as unknown as {
            room: { state: { participants?: readonly { relay: Question }[] } };
          }
        ).room.state.participants?.[0]?.relay ?? { step: 'gone' },
    );
  async function until(person: Person, step: string): Promise<void> {
    await person.page.waitForFunction(
      (wanted) =>
        (
          document.querySelector('consult-room') as unknown as {
            room: { state: { participants?: readonly { relay: Question }[] } };
          }
        ).room.state.participants?.[0]?.relay.step === wanted,
      { timeout: 30_000 },
      step,
    );
  }
  const path = (person: Person): Promise<string | undefined> =>
    person.page.evaluate(
      () =>
        (
          document.querySelector('consult-room') as unknown as {
            room: { state: { participants?: readonly { path: string }[] } };
          }
        ).room.state.participants?.[0]?.path,
    );
  async function leave(...people: readonly Person[]): Promise<void> {
    for (const person of people) await person.leave();
  }

  it('[R7] where a direct way exists it is taken, and not one packet reaches the relay', async () => {
    network.forward('yes');
    const capture = await network.capture();
    const [host, guest] = await arrive();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    assert.equal(await path(host), 'direct');
    assert.equal(capture.packets(), 0);
    await leave(guest, host);
  });

  for (const decliner of ['host', 'guest'] as const)
    it(`[R9] where none exists both are asked, and when the ${decliner} declines no packet ever reaches the relay`, async (t) => {
      network.forward('no');
      const capture = await network.capture();
      const [host, guest] = await arrive();
      const start = Date.now();
      await Promise.all([until(host, 'asked'), until(guest, 'asked')]);
      t.diagnostic(`asked after ${String(Date.now() - start)} ms`);
      await Promise.all([host.find('accept-button'), guest.find('accept-button')]);
      const [declining, other] = decliner === 'host' ? [host, guest] : [guest, host];
      await other.click('accept-button');
      assert.equal((await question(declining)).step, 'asked');
      await declining.click('decline-button');
      await Promise.all([until(host, 'declined'), until(guest, 'declined')]);
      assert.equal(capture.packets(), 0);
      await leave(guest, host);
    });

  it('[R8] one says yes and the other nothing: nothing happens', async () => {
    network.forward('no');
    const capture = await network.capture();
    const [host, guest] = await arrive();
    await Promise.all([until(host, 'asked'), until(guest, 'asked')]);
    await host.click('accept-button');
    await host.page.waitForFunction(
      () =>
        (
          document.querySelector('consult-room') as unknown as {
            room: { state: { participants: readonly { relay: Question }[] } };
          }
        ).room.state.participants[0]?.relay.ours === 'yes',
    );
    assert.deepEqual(await question(guest), { step: 'asked', ours: 'open', theirs: 'yes' });
    assert.equal(capture.packets(), 0);
    await leave(guest, host);
  });

  it('[R8] [R10] both say yes: the call runs over the relay, which sees only ciphertext; withdrawing ends it', async (t) => {
    network.forward('no');
    const capture = await network.capture();
    const [host, guest] = await arrive();
    await Promise.all([until(host, 'asked'), until(guest, 'asked')]);
    await Promise.all([host.click('accept-button'), guest.click('accept-button')]);
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
    assert.equal(await path(host), 'relay');
    assert.equal(await path(guest), 'relay');
    const seen = readFileSync(capture.file).toString('latin1');
    assert.ok(capture.packets() > 100);
    for (const secret of ['Sonnenschein', 'Frau Berger', 'v=0\r\n', 'fingerprint', 'declaration'])
      assert.ok(!seen.includes(secret), `the relay saw «${secret}»`);

    const start = Date.now();
    await host.page.evaluate(() =>
      (document.querySelector('consult-room') as unknown as { room: { withdrawRelay(): void } }).room.withdrawRelay(),
    );
    await Promise.all([until(host, 'withdrawn'), until(guest, 'withdrawn')]);
    await host.page.waitForFunction(() =>
      (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.every(
        ({ signalingState }) => signalingState === 'closed',
      ),
    );
    t.diagnostic(`closed ${String(Date.now() - start)} ms after withdrawing`);
    assert.ok(Date.now() - start < 1_000);
    await leave(guest, host);
  });
});

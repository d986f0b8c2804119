/**
 * The relay's own check: what the real coturn makes of credentials as `src/server/turn.ts` mints them. Whom the server
 * mints for is proved in `test/server/turn.node.test.ts`: two signatures, of people admitted to this room, once.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { credentialsFor, passwordFor } from '../../src/server/turn.ts';
import { CREDENTIAL_LIFETIME } from '../../src/wire/wire-parts.ts';
import { Lab, SECRET, TURN_URL } from './lab.ts';

interface Gathered {
  readonly relayed: number;
  readonly errors: readonly number[];
}

describe('[R8] the relay', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  after(() => lab.close());

  /** What a browser on a host gets from the relay with these credentials. */
  async function gather(username: string, credential: string): Promise<Gathered> {
    const page = await (await lab.browser('a', 'chromium')).newPage();
    const gathered = await page.evaluate(
      async (server) => {
        const peer = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
        let relayed = 0;
        const errors: number[] = [];
        peer.onicecandidateerror = ({ errorCode }) => errors.push(errorCode);
        const done = new Promise<void>((resolve) => {
          peer.onicecandidate = ({ candidate }) => {
            if (candidate?.type === 'relay') relayed++;
            if (!candidate) resolve();
          };
        });
        peer.createDataChannel('gather');
        await peer.setLocalDescription();
        await done;
        peer.close();
        return { relayed, errors };
      },
      { urls: TURN_URL, username, credential },
    );
    await page.close();
    return gathered;
  }

  it('accepts credentials that the server issued', async () => {
    const { username, credential } = credentialsFor({ urls: [TURN_URL] }, SECRET, Date.now());
    assert.deepEqual(await gather(username, credential), { relayed: 1, errors: [] });
  });

  it('refuses expired credentials', async () => {
    const past = Date.now() - CREDENTIAL_LIFETIME - 2_000;
    const { username, credential } = credentialsFor({ urls: [TURN_URL] }, SECRET, past);
    const { relayed, errors } = await gather(username, credential);
    assert.equal(relayed, 0);
    assert.ok(errors.includes(401), String(errors));
  });

  it('refuses credentials with a changed expiry or of another secret, and requests without any', async () => {
    const { username, credential } = credentialsFor({ urls: [TURN_URL] }, SECRET, Date.now());
    const [expiry, random] = username.split(':');
    const wrong = [
      [`${String(Number(expiry) + 3600)}:${random ?? ''}`, credential],
      [username, passwordFor(username, 'another secret')],
      [username, randomBytes(20).toString('base64')],
      ['guest', 'guest'],
    ] as const;
    const all = await Promise.all(wrong.map(([name, word]) => gather(name, word)));
    for (const [index, { relayed, errors }] of all.entries()) {
      assert.equal(relayed, 0, wrong[index]?.[0]);
      assert.ok(errors.includes(401), String(errors));
    }
  });
});

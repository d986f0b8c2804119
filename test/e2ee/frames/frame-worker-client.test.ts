/** The page's side of the frame worker: it starts or says why not, keeps no key bytes, and fails closed. */
import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { frameWorkerFactory } from '../../../src/e2ee/frames/frame-worker-factory.ts';
import { supportsFrameEncryption } from '../../../src/e2ee/frames/frame-support.ts';
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { importBaseKey } from '../../../src/e2ee/frames/sframe.ts';
import { ConsultError } from '../../../src/errors.ts';
import { enter, member } from './frame-calls.ts';

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (error: unknown) {
    return error instanceof ConsultError ? error.code : (error as Error).name;
  }
}

const text = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);

describe('the frame cipher', () => {
  const open: FrameWorkerClient[] = [];
  const keep = (cipher: FrameWorkerClient): FrameWorkerClient => {
    open.push(cipher);
    return cipher;
  };
  afterEach(() => {
    for (const cipher of open.splice(0)) cipher.close();
  });

  it('is supported here', () => {
    expect(supportsFrameEncryption()).to.equal(true);
  });

  it('reports a worker that a content security policy blocked', async () => {
    const policy = `<meta http-equiv="Content-Security-Policy" content="worker-src 'none'" />`;
    const frame = await fixture<HTMLIFrameElement>(html`<iframe srcdoc=${policy}></iframe>`);
    if (frame.contentDocument?.readyState !== 'complete' || !frame.contentDocument.querySelector('meta'))
      await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const { Worker: BlockedWorker } = frame.contentWindow as unknown as { readonly Worker: typeof Worker };
    const url = URL.createObjectURL(new Blob(['postMessage({ type: "ready" })'], { type: 'text/javascript' }));
    const started = async (): Promise<void> => {
      await keep(new FrameWorkerClient({ createWorker: () => new BlockedWorker(url) })).ready;
    };
    expect(await codeOf(started())).to.equal('worker-blocked');
    URL.revokeObjectURL(url);
  });

  it('reports a file at `workerUrl` that does not run', async () => {
    const workerUrl = 'data:text/javascript,not a script';
    const createWorker = await frameWorkerFactory(workerUrl);
    expect(await codeOf(keep(new FrameWorkerClient({ createWorker })).ready)).to.equal('worker-blocked');
  });

  it('overwrites the bytes of a base key, which cannot be exported', async () => {
    const cipher = keep(await member(0, { keys: 'none' }));
    const baseKey = new Uint8Array(32).fill(9);
    const installed = cipher.installEpoch({ epoch: 1n, ownLeaf: 0, leaves: [0, 1], baseKey });
    expect([...baseKey].every((byte) => byte === 0)).to.equal(true);
    await installed;
    const key = await importBaseKey(new Uint8Array(32).fill(9));
    expect(key.extractable).to.equal(false);
    // Firefox says InvalidAccessError, Chromium NotSupportedError.
    expect(await codeOf(crypto.subtle.exportKey('raw', key))).to.match(/InvalidAccess|not ?supported/iu);
  });

  it('installs an epoch although its worker dies before it answers', async () => {
    const workers: Worker[] = [];
    const createFrameWorker = await frameWorkerFactory();
    const cipher = keep(
      new FrameWorkerClient({
        createWorker: () => {
          const worker = createFrameWorker();
          workers.push(worker);
          return worker;
        },
      }),
    );
    await cipher.ready;
    const lost = oneEvent(cipher, 'lost');
    // Kept back from the first worker: it dies with the question.
    const [first] = workers;
    first!.postMessage = () => undefined;
    const installed = cipher.installEpoch({
      epoch: 1n,
      ownLeaf: 0,
      leaves: [0, 1],
      baseKey: new Uint8Array(32).fill(9),
    });
    const switched = installed.then(() => cipher.switchSender(1n));
    // When the question is on its way; what an engine fires where a worker breaks.
    await importBaseKey(new Uint8Array(32));
    first!.dispatchEvent(new ErrorEvent('error'));
    await lost;
    await switched;
    expect(workers.length).to.equal(2);
    expect((await cipher.sealData(text('hallo'))).length).to.be.greaterThan(0);
  });

  it('seals data channel messages, and opens them on the sender’s link only', async () => {
    const [alice, bob] = [keep(await member(0)), keep(await member(1))];
    bob.openLink('from alice', 0);
    bob.openLink('from carol', 2);
    const sealed = await alice.sealData(text('ich bin da'));
    expect(new TextDecoder('latin1').decode(sealed)).to.not.include('ich bin da');
    expect(await codeOf(bob.openData('from carol', sealed.slice()))).to.equal('message-invalid');
    expect(await bob.openData('of a link that has ended', sealed.slice())).to.equal(null);
    expect(new TextDecoder().decode((await bob.openData('from alice', sealed.slice()))!)).to.equal('ich bin da');
    expect(await codeOf(bob.openData('from alice', sealed.slice()))).to.equal('message-invalid');
    const under = bob.openData('from alice', (await alice.sealData(text('noch unterwegs'))).slice());
    bob.close();
    expect(await under).to.equal(null);
  });

  it('seals nothing without a key or after close()', async () => {
    const cipher = keep(await member(0, { keys: 'none' }));
    expect(await codeOf(cipher.sealData(text('zu früh')))).to.equal('encryption-unavailable');
    await enter(cipher, { epoch: 1n, ownLeaf: 0 });
    expect(await codeOf(cipher.sealData(text('jetzt')))).to.equal('none');
    cipher.close();
    expect(await codeOf(cipher.sealData(text('zu spät')))).to.equal('encryption-unavailable');
  });

  it('leaves no key of an ended group to the next, not even one under way', async () => {
    const cipher = keep(await member(0));
    const late = cipher.installEpoch({ epoch: 2n, ownLeaf: 0, leaves: [0, 1], baseKey: new Uint8Array(32).fill(1) });
    cipher.reset();
    await late;
    await cipher.switchSender(2n);
    expect(await codeOf(cipher.sealData(text('in der alten Gruppe')))).to.equal('encryption-unavailable');
    await enter(cipher, { epoch: 1n, ownLeaf: 0, seed: 50 });
    expect(await codeOf(cipher.sealData(text('in der neuen')))).to.equal('none');
  });

  it('never issues a counter twice under one key, with concurrent requests and restarted groups', async () => {
    const cipher = keep(await member(0));
    const seen = new Set<string>();
    for (const _ of [1, 2, 3]) {
      const sealed = await Promise.all(Array.from({ length: 50 }, () => cipher.sealData(text('x'))));
      // The header: a configuration byte, then the key id and the counter (RFC 9605 §4.3).
      for (const bytes of sealed) seen.add(bytes.subarray(0, bytes.length - 17).join(' '));
      cipher.reset();
      await enter(cipher, { epoch: 1n, ownLeaf: 0 });
    }
    expect(seen.size).to.equal(150);
  });
});

/** Starts the workers, gives them their keys in the way their own library does, and passes tasks to one at a time. */
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { Answer, Task } from './drive.ts';

declare global {
  interface Window {
    measure(name: string, task: Task): Promise<number>;
    ready: Promise<void>;
  }
}

const worker = (file: string, name: string): Worker => new Worker(`/frames/${file}.js`, { type: 'module', name });

async function startOwn(): Promise<void> {
  const cipher = new FrameWorkerClient({ createWorker: () => worker('own-worker', 'own') });
  await cipher.ready;
  const baseKey = crypto.getRandomValues(new Uint8Array(32));
  await cipher.installEpoch({ epoch: 1n, ownLeaf: 0, leaves: [0, 1], baseKey });
  await cipher.switchSender(1n);
  cipher.openLink('loop', 0);
  Object.assign(window, { cipher });
}

/**
 * The messages that livekit-client's `E2EEManager` sends, with the defaults of its `KeyProvider` but for the key's
 * size.
 */
async function startLivekit(name: string, keySize: number): Promise<void> {
  const livekit = worker('livekit-worker', name);
  const told = (kind: string): Promise<void> =>
    new Promise((resolve) => {
      livekit.addEventListener('message', ({ data }: MessageEvent<{ kind: string }>) => {
        if (data.kind === kind) resolve();
      });
    });
  const material = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits', 'deriveKey']);
  const keyProviderOptions = {
    sharedKey: false,
    ratchetSalt: 'LKFrameEncryptionKey',
    ratchetWindowSize: 8,
    failureTolerance: 10,
    keyringSize: 16,
    keySize,
  };
  const enabled = told('enable');
  livekit.postMessage({ kind: 'init', data: { keyProviderOptions, loglevel: 4 } });
  const participantIdentity = 'bench';
  livekit.postMessage({
    kind: 'setKey',
    data: { participantIdentity, isPublisher: true, key, keyIndex: 0, updateCurrentKeyIndex: true },
  });
  livekit.postMessage({ kind: 'enable', data: { enabled: true, participantIdentity } });
  await enabled;
}

function ask(name: string, question: Task | 'hello'): Promise<Answer> {
  const channel = new BroadcastChannel(name);
  return new Promise((resolve) => {
    channel.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      channel.close();
      resolve(data);
    });
    channel.postMessage(question);
  });
}

/** A worker that still loads hears nothing. */
async function hello(name: string): Promise<void> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), 100);
  });
  if ((await Promise.race([ask(name, 'hello'), late])) === null) await hello(name);
}

window.measure = async (name, task) => {
  const answer = await ask(name, task);
  if (answer.kind !== 'measured') throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer.microseconds;
};

async function start(): Promise<void> {
  await Promise.all([startOwn(), startLivekit('livekit-256', 256), startLivekit('livekit-128', 128)]);
  worker('plain-worker', 'webcrypto');
  worker('plain-worker', 'transform-stream');
  for (const name of ['own', 'livekit-256', 'livekit-128', 'webcrypto', 'transform-stream']) await hello(name);
}

window.ready = start();

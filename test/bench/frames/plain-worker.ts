/**
 * The two yardsticks, with a 256-bit key: WebCrypto one call after the other with nothing around it, and the least that
 * any transform built the usual way must do: a `TransformStream` between two pipes, AES-GCM, nonce behind the
 * ciphertext.
 */
import { ownName, serve, type Frame, type Path } from './drive.ts';

const NONCE = 12;
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const additionalData = Uint8Array.of(2, 0, 0, 0, 1, 2, 3, 4);
let counter = 0;

function nextNonce(): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(NONCE);
  new DataView(nonce.buffer).setUint32(8, counter++);
  return nonce;
}

const fixedNonce = new Uint8Array(NONCE);

/** One nonce for all: these frames protect nothing, and nothing is put together or taken apart. */
const raw: Path = async (frames, direction) => {
  const algorithm = { name: 'AES-GCM', iv: fixedNonce, additionalData };
  for (const frame of frames) {
    frame.data =
      direction === 'encode'
        ? await crypto.subtle.encrypt(algorithm, key, frame.data)
        : await crypto.subtle.decrypt(algorithm, key, frame.data);
  }
  return [...frames];
};

async function seal(frame: Frame): Promise<ArrayBuffer> {
  const iv = nextNonce();
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, frame.data);
  const sealed = new Uint8Array(ciphertext.byteLength + NONCE);
  sealed.set(new Uint8Array(ciphertext));
  sealed.set(iv, ciphertext.byteLength);
  return sealed.buffer;
}

function open({ data }: Frame): Promise<ArrayBuffer> {
  const end = data.byteLength - NONCE;
  const iv = new Uint8Array(data, end);
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, new Uint8Array(data, 0, end));
}

const piped: Path = async (frames, direction) => {
  const out: Frame[] = [];
  const source = new ReadableStream<Frame>({
    start(controller) {
      for (const frame of frames) controller.enqueue(frame);
      controller.close();
    },
  });
  const transform = new TransformStream<Frame, Frame>({
    async transform(frame, controller) {
      frame.data = await (direction === 'encode' ? seal(frame) : open(frame));
      controller.enqueue(frame);
    },
  });
  await source.pipeThrough(transform).pipeTo(new WritableStream({ write: (frame) => void out.push(frame) }));
  return out;
};

serve(ownName, ownName === 'webcrypto' ? raw : piped);

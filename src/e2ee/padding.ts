/**
 * Padding before encryption, so that lengths tell little: every plaintext is padded to one of few lengths (ISO/IEC 7816-4: 0x80, then
 * zeros).
 */
type Bytes = Uint8Array<ArrayBuffer>;

/** Lengths of padded messages, in bytes. The largest holds a whole admission; a longer plaintext is a mistake. */
export const LENGTH_CLASSES = [256, 1024, 4096, 16_384, 49_152] as const;

/**
 * Lengths of padded audio frames, in bytes. Chromium's constant bit rate gives 80, Firefox's variable one up to about 270; the others
 * are for other settings.
 */
export const AUDIO_CLASSES = [128, 320, 640, 1280] as const;

/** @returns null where the plaintext exceeds the largest class */
export function padMessage(plaintext: Uint8Array): Bytes | null {
  const length = LENGTH_CLASSES.find((size) => size > plaintext.length);
  return length === undefined ? null : padTo(length, plaintext);
}

/**
 * Pads audio frames, never to a smaller class than an earlier frame: with a variable bit rate, classes that alternate would tell speech
 * from silence (RFC 6562).
 */
export class AudioPadding {
  #class = 0;

  pad(frame: Uint8Array): Bytes {
    const fitting = AUDIO_CLASSES.findIndex((size) => size > frame.length);
    this.#class = Math.max(this.#class, fitting < 0 ? AUDIO_CLASSES.length - 1 : fitting);
    // Opus makes no frame beyond the largest class; such a frame gets one byte of padding, so that `unpad` needs no second rule.
    return padTo(Math.max(AUDIO_CLASSES[this.#class] ?? 0, frame.length + 1), frame);
  }
}

/** @returns null where the bytes do not end in padding */
export function unpad(padded: Uint8Array): Bytes | null {
  const end = padded.lastIndexOf(0x80);
  if (end < 0) return null;
  for (let index = end + 1; index < padded.length; index++) if (padded[index] !== 0) return null;
  return new Uint8Array(padded.subarray(0, end));
}

function padTo(length: number, bytes: Uint8Array): Bytes {
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

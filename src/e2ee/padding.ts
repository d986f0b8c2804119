/** Lengths that tell little: messages are padded to one of few before they are encrypted. */
type Bytes = Uint8Array<ArrayBuffer>;

/** In bytes. The largest holds a whole admission; a longer plaintext is a mistake. */
export const LENGTH_CLASSES = [256, 1024, 4096, 16_384, 49_152] as const;

/**
 * ISO/IEC 7816-4: 0x80, then zeros, up to the next class.
 *
 * @returns null where the plaintext exceeds the largest class
 */
export function pad(plaintext: Uint8Array): Bytes | null {
  const length = LENGTH_CLASSES.find((size) => size > plaintext.length);
  if (length === undefined) return null;
  const padded = new Uint8Array(length);
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  return padded;
}

/** @returns null where the padding is none of {@link pad} */
export function unpad(padded: Uint8Array): Bytes | null {
  const end = padded.lastIndexOf(0x80);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) return null;
  return new Uint8Array(padded.subarray(0, end));
}

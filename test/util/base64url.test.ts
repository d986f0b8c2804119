/** One spelling of bytes, by the engine's own coder and by ours alike (RFC 4648 §5, §10). */
import { expect } from '@open-wc/testing';
import { fromBase64Url, nativeCodec, portableCodec, toBase64Url } from '../../src/util/base64url.ts';
import { utf8 } from '../../src/e2ee/bytes.ts';
import { ConsultError } from '../../src/errors.ts';

/** RFC 4648 §10, without padding. */
const VECTORS = [
  ['', ''],
  ['f', 'Zg'],
  ['fo', 'Zm8'],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg'],
  ['fooba', 'Zm9vYmE'],
  ['foobar', 'Zm9vYmFy'],
] as const;

const codecs = [portableCodec, ...(nativeCodec ? [nativeCodec] : [])];

describe('base64url', () => {
  it('encodes the RFC’s vectors, with each coder', () => {
    for (const codec of codecs)
      for (const [text, coded] of VECTORS) {
        expect(codec.encode(utf8(text))).to.equal(coded);
        expect(codec.decode(coded)).to.deep.equal(utf8(text));
      }
  });

  it('round-trips every byte and length, with equal results from both coders', () => {
    for (let length = 0; length < 520; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
      for (const codec of codecs) {
        expect(codec.encode(bytes)).to.equal(portableCodec.encode(bytes));
        expect(codec.decode(codec.encode(bytes))).to.deep.equal(bytes);
      }
    }
    // More than fits into the arguments of one call.
    const long = new Uint8Array(200_000).fill(0xfb);
    for (const codec of codecs) expect(codec.decode(codec.encode(long))).to.deep.equal(long);
  });

  it('refuses a second spelling with bits after the last byte', () => {
    for (const codec of codecs) for (const text of ['Zh', 'Zm9', 'Zm9vYh']) expect(codec.decode(text)).to.equal(null);
  });

  it('refuses characters outside the alphabet, padding and blanks included', () => {
    for (const text of ['Zg==', 'Zm8=', 'Zm 9v', 'Zm9v\n', '+/+/', 'Zm9vY', 'Zä', 'Zh'])
      expect(() => fromBase64Url(text), text).to.throw(ConsultError);
    expect(fromBase64Url(toBase64Url(utf8('Grüße')))).to.deep.equal(utf8('Grüße'));
  });
});

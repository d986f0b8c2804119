/** RFC 9605, Appendix C: the official vectors. */
import { expect } from '@open-wc/testing';
import { fc } from '../../support/property.ts';
import {
  decryptFrame,
  deriveKey,
  encryptFrame,
  HEADER_LIMIT,
  importBaseKey,
  keyLabel,
  nonceOf,
  readHeader,
  SUITE_ID,
  writeHeader,
} from '../../../src/e2ee/frames/sframe.ts';

interface HeaderVector {
  readonly kid: number;
  readonly ctr: number;
  readonly encoded: string;
}
interface SframeVector {
  readonly cipher_suite: number;
  readonly kid: number;
  readonly ctr: number;
  readonly base_key: string;
  readonly sframe_key_label: string;
  readonly sframe_salt_label: string;
  readonly sframe_salt: string;
  readonly metadata: string;
  readonly nonce: string;
  readonly pt: string;
  readonly ct: string;
}

const bytes = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array): string => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe('RFC 9605 Appendix C', () => {
  let vectors: { readonly header: readonly HeaderVector[]; readonly sframe: readonly SframeVector[] };
  // Beyond 2^53 − 1 a JSON number is not the number in the document, and no counter of ours gets there.
  const exact = ({ kid, ctr }: HeaderVector): boolean => Number.isSafeInteger(kid) && Number.isSafeInteger(ctr);

  before(async () => {
    vectors = (await (
      await fetch(new URL('../../vectors/rfc9605-sframe.json', import.meta.url))
    ).json()) as typeof vectors;
  });

  it('C.1: writes and reads every header', () => {
    const checked = vectors.header.filter(exact);
    expect(checked.length).to.be.greaterThan(150);
    for (const { kid, ctr, encoded } of checked) {
      const target = new Uint8Array(HEADER_LIMIT);
      expect(hex(target.subarray(0, writeHeader(target, 0, kid, ctr)))).to.equal(encoded);
      expect(readHeader(bytes(encoded))).to.deep.equal({ kid, ctr, length: encoded.length / 2 });
    }
  });

  it('C.1: refuses headers beyond its counter range', () => {
    const beyond = vectors.header.filter((vector) => !exact(vector));
    expect(beyond.length).to.be.greaterThan(50);
    for (const { encoded } of beyond) expect(readHeader(bytes(encoded))).to.equal(null);
  });

  it('C.3: AES_256_GCM_SHA512_128 derives, encrypts and decrypts', async () => {
    const own = vectors.sframe.filter(({ cipher_suite: suite }) => suite === SUITE_ID);
    expect(own.length).to.equal(1);
    for (const v of own) {
      expect(hex(keyLabel('key', v.kid))).to.equal(v.sframe_key_label);
      expect(hex(keyLabel('salt', v.kid))).to.equal(v.sframe_salt_label);
      const key = await deriveKey(await importBaseKey(bytes(v.base_key)), v.kid);
      expect(hex(key.salt)).to.equal(v.sframe_salt);
      expect(hex(nonceOf(key.salt, v.ctr))).to.equal(v.nonce);
      const metadata = bytes(v.metadata);
      const frame = await encryptFrame(key, { ctr: v.ctr, metadata, plaintext: bytes(v.pt) });
      expect(hex(frame)).to.equal(v.ct);
      const header = readHeader(frame);
      const plaintext = header && (await decryptFrame(key, { header, metadata, frame }));
      expect(plaintext && hex(new Uint8Array(plaintext))).to.equal(v.pt);
    }
  });

  it('C.3: reads the headers of other suites and accepts none of their ciphertexts', async () => {
    const others = vectors.sframe.filter(({ cipher_suite: suite }) => suite !== SUITE_ID);
    expect(others.length).to.equal(4);
    for (const v of others) {
      const frame = bytes(v.ct);
      const header = readHeader(frame);
      expect(header).to.include({ kid: v.kid, ctr: v.ctr });
      const key = await deriveKey(await importBaseKey(bytes(v.base_key)), v.kid);
      expect(header && (await decryptFrame(key, { header, metadata: bytes(v.metadata), frame }))).to.equal(null);
    }
  });

  it('C.3: writes the same in engines without resizable buffers', async () => {
    const [v] = vectors.sframe.filter(({ cipher_suite: suite }) => suite === SUITE_ID);
    const key = await deriveKey(await importBaseKey(bytes(v!.base_key)), v!.kid);
    const seal = (prefix: Uint8Array): Promise<Uint8Array> =>
      encryptFrame(key, { ctr: v!.ctr, metadata: bytes(v!.metadata), plaintext: bytes(v!.pt), prefix });
    const transfer = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer');
    expect(transfer).to.not.equal(undefined);
    for (const prefix of [new Uint8Array(0), Uint8Array.of(0x11)]) {
      const longer = await seal(prefix);
      Reflect.deleteProperty(ArrayBuffer.prototype, 'transfer');
      try {
        expect(hex(await seal(prefix))).to.equal(hex(longer));
        expect(hex(longer)).to.equal(hex(prefix) + v!.ct);
      } finally {
        Reflect.defineProperty(ArrayBuffer.prototype, 'transfer', transfer!);
      }
    }
  });

  it('§4.4.3: keeps nonce, header and metadata of concurrent frames apart', async () => {
    const key = await deriveKey(await importBaseKey(new Uint8Array(32).fill(3)), 0x1234);
    const all = Array.from({ length: 300 }, (_, ctr) => ({
      ctr,
      metadata: Uint8Array.of(ctr % 4),
      plaintext: new Uint8Array(ctr * 7).fill(ctr),
    }));
    const alone: string[] = [];
    for (const one of all) alone.push(hex(await encryptFrame(key, one)));
    const together = await Promise.all(all.map((one) => encryptFrame(key, one)));
    expect(together.map(hex)).to.deep.equal(alone);
    const opened = await Promise.all(
      together.map((frame, ctr) => {
        const header = readHeader(frame);
        expect(header?.ctr).to.equal(ctr);
        return decryptFrame(key, { header: header!, metadata: all[ctr]!.metadata, frame });
      }),
    );
    expect(opened.map((plaintext) => plaintext && hex(new Uint8Array(plaintext)))).to.deep.equal(
      all.map(({ plaintext }) => hex(plaintext)),
    );
  });

  it('round-trips every header', () => {
    const value = fc.maxSafeNat();
    fc.assert(
      fc.property(value, value, fc.nat(8), (kid, ctr, offset) => {
        const target = new Uint8Array(HEADER_LIMIT + 8);
        const length = writeHeader(target, offset, kid, ctr);
        expect(readHeader(target, offset)).to.deep.equal({ kid, ctr, length });
      }),
    );
  });

  it('parses any bytes to a header or none, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (data) => {
        const header = readHeader(data);
        if (header) expect(header.length).to.be.within(1, Math.min(data.length, HEADER_LIMIT));
      }),
    );
  });
});

/** Wycheproof's cases through our own wrappers. Where a wrapper is stricter than an algorithm, the case must be refused. */
import { decryptGcm, encryptGcm, importGcmKey } from '../../src/e2ee/aes-gcm.ts';
import { concat, hkdfExpand, hkdfExtract } from '../../src/e2ee/bytes.ts';
import { deriveBytes, importBaseKey } from '../../src/e2ee/frames/sframe.ts';
import { agree, importEcdhKey } from '../../src/e2ee/mls/ecdh.ts';
import { verifyRaw } from '../../src/e2ee/mls/leaf-key.ts';
import { mlKemDecapsulate, mlKemEncapsulate, mlKemKeyPair } from '../../src/e2ee/mls/ml-kem.ts';
import { fromBase64Url } from '../../src/util/base64url.ts';
import { fromHex, isTrue, loadVectors, orNull, toHex, type VectorCase } from './vectors.ts';

interface Test {
  readonly tcId: number;
  readonly flags?: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface File<G, T extends Test> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[];
}

/** Runs every case of a file; all of them must come out as Wycheproof says, or as `expected` says. */
function fileCase<G, T extends Test>(o: {
  readonly file: string;
  readonly what: string;
  readonly count: number;
  /** @returns the output in hexadecimal, null where the input was refused */
  run(test: T, group: G): Promise<string | null>;
  /** @returns the expected output, null where the input must be refused */
  expected(test: T, group: G): string | null;
}): VectorCase {
  return {
    name: `${o.file}: ${o.what}`,
    run: async () => {
      const { testGroups } = await loadVectors<File<G, T>>(`wycheproof/${o.file}_test.json`);
      let count = 0;
      for (const group of testGroups)
        for (const test of group.tests) {
          const [actual, expected] = [await o.run(test, group), o.expected(test, group)];
          isTrue(
            actual === expected,
            `${o.file} ${String(test.tcId)} (${test.flags?.join() ?? ''}): ${String(actual)}`,
          );
          count++;
        }
      isTrue(count === o.count, `${o.file}: ${String(count)} cases`);
    },
  };
}

const ifValid = ({ result }: Test, output: string): string | null => (result === 'valid' ? output : null);

type KeyGen = Test & { readonly seed: string; readonly ek: string };
type Encaps = Test & { readonly ek: string; readonly m: string; readonly c: string; readonly K: string };
type Decaps = Test & { readonly seed: string; readonly c: string; readonly K: string };
type Ecdh = Test & {
  readonly public: { readonly x: string; readonly y: string };
  readonly private: { readonly d: string };
  readonly shared: string;
};
type Ecdsa = Test & { readonly msg: string; readonly sig: string };
type Gcm = Test & {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
};
type Hkdf = Test & {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
};

const mlKem: readonly VectorCase[] = [
  fileCase<object, KeyGen>({
    file: 'mlkem_1024_keygen_seed',
    what: 'generates the keys of a seed',
    count: 4,
    run: (test) => orNull(() => toHex(mlKemKeyPair(fromHex(test.seed)).publicKey)),
    expected: (test) => ifValid(test, test.ek),
  }),
  fileCase<object, Encaps>({
    file: 'mlkem_1024_encaps',
    what: 'encapsulates, and refuses keys with a coefficient at or above the modulus',
    count: 18,
    run: (test) =>
      orNull(() => {
        const { secret, ciphertext } = mlKemEncapsulate(fromHex(test.ek), fromHex(test.m));
        return toHex(ciphertext) + toHex(secret);
      }),
    expected: (test) => ifValid(test, test.c + test.K),
  }),
  fileCase<object, Decaps>({
    file: 'mlkem_1024',
    what: 'decapsulates, with implicit rejection',
    count: 13,
    run: (test) => orNull(() => toHex(mlKemDecapsulate(mlKemKeyPair(fromHex(test.seed)).secretKey, fromHex(test.c)))),
    expected: (test) => ifValid(test, test.K),
  }),
];

/** A coordinate or scalar of at least 48 bytes, big-endian. */
const fixed = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = fromBase64Url(text);
  return bytes.length < 48 ? concat(new Uint8Array(48 - bytes.length), bytes) : bytes;
};

const p384: readonly VectorCase[] = [
  fileCase<object, Ecdh>({
    file: 'ecdh_secp384r1_webcrypto',
    what: 'agrees on a secret, and refuses points off the curve',
    count: 17,
    run: (test) =>
      orNull(async () => {
        const { privateKey } = await importEcdhKey(fixed(test.private.d));
        return toHex(await agree(privateKey, concat(Uint8Array.of(4), fixed(test.public.x), fixed(test.public.y))));
      }),
    expected: (test) => ifValid(test, test.shared),
  }),
  fileCase<{ readonly publicKey: { readonly uncompressed: string } }, Ecdsa>({
    file: 'ecdsa_secp384r1_sha384_p1363',
    what: 'verifies signatures, and answers false to every other one',
    count: 43,
    run: async (test, { publicKey }) =>
      String(await verifyRaw(fromHex(publicKey.uncompressed), fromHex(test.msg), fromHex(test.sig))),
    expected: ({ result }) => String(result === 'valid'),
  }),
];

/** Ours are 96-bit nonces and 256-bit keys alone. */
const isOurs = ({ iv, key }: Gcm): boolean => iv.length === 24 && key.length === 64;

const aead: readonly VectorCase[] = [
  fileCase<object, Gcm>({
    file: 'aes_gcm',
    what: 'encrypts, and refuses other nonces and keys',
    count: 127,
    run: (test) =>
      orNull(async () => {
        const parameters = { iv: fromHex(test.iv), additionalData: fromHex(test.aad) };
        const key = await importGcmKey(fromHex(test.key));
        const sealed = toHex(new Uint8Array(await encryptGcm(key, parameters, fromHex(test.msg))));
        return test.result === 'valid' ? sealed : String(sealed === test.ct + test.tag);
      }),
    expected: (test) => {
      if (!isOurs(test)) return null;
      return test.result === 'valid' ? test.ct + test.tag : 'false';
    },
  }),
  fileCase<object, Gcm>({
    file: 'aes_gcm',
    what: 'decrypts, and refuses changed tags',
    count: 127,
    run: async (test) => {
      const open = async (): Promise<string | null> => {
        const parameters = { iv: fromHex(test.iv), additionalData: fromHex(test.aad) };
        const opened = await decryptGcm(await importGcmKey(fromHex(test.key)), parameters, fromHex(test.ct + test.tag));
        return opened && toHex(new Uint8Array(opened));
      };
      // A changed tag is an answer, no error.
      return isOurs(test) ? open() : orNull(open);
    },
    expected: (test) => (isOurs(test) ? ifValid(test, test.msg) : null),
  }),
];

const hkdf: readonly VectorCase[] = [
  fileCase<object, Hkdf>({
    file: 'hkdf_sha384',
    what: 'extracts and expands, and refuses lengths beyond 255 blocks',
    count: 52,
    run: (test) =>
      orNull(async () =>
        toHex(
          await hkdfExpand(await hkdfExtract(fromHex(test.salt), fromHex(test.ikm)), fromHex(test.info), test.size),
        ),
      ),
    expected: (test) => ifValid(test, test.okm),
  }),
  fileCase<object, Hkdf>({
    file: 'hkdf_sha512',
    what: 'derives frame keys, whose salt is empty',
    count: 52,
    run: (test) =>
      test.salt === ''
        ? orNull(async () =>
            toHex(await deriveBytes(await importBaseKey(fromHex(test.ikm)), fromHex(test.info), test.size)),
          )
        : Promise.resolve('another salt'),
    expected: (test) => (test.salt === '' ? ifValid(test, test.okm) : 'another salt'),
  }),
];

export const wycheproofCases: readonly VectorCase[] = [...mlKem, ...p384, ...aead, ...hkdf];

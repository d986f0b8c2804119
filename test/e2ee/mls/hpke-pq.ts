/** The official vector of draft-ietf-hpke-pq for MLKEM1024-P384, HKDF-SHA384, AES-256-GCM, base mode: exactly our suite. */
import { Aes256Gcm, CipherSuite, HkdfSha384, type KemInterface } from '@hpke/core';
import { importEcdhKey } from '../../../src/e2ee/mls/ecdh.ts';
import { decapsulate, deriveSeed, encapsulate, KEM_ID, publicKeyOf } from '../../../src/e2ee/mls/hybrid-kem.ts';
import { hybridKem } from '../../../src/e2ee/mls/suite.ts';
import { fromHex, isSame, isTrue, loadVectors, toHex, type VectorCase } from '../vectors.ts';

interface HpkeVector {
  readonly kem_id: number;
  readonly info: string;
  readonly ikmE: string;
  readonly ikmR: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly shared_secret: string;
  readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
}

const buffer = (hex: string): ArrayBuffer => fromHex(hex).buffer;

/** The sender's randomness of the vector: 32 bytes for ML-KEM, 48 for the scalar of P-384. */
async function ephemeralOf({ ikmE }: HpkeVector) {
  const bytes = fromHex(ikmE);
  isTrue(bytes.length === 80, 'ikmE has 80 bytes');
  return { message: bytes.slice(0, 32), ecdh: await importEcdhKey(bytes.slice(32)) };
}

/** HPKE with our KEM, whose encapsulation draws what the vector drew. */
function suiteOf(vector: HpkeVector): CipherSuite {
  const kem = hybridKem();
  const encap: KemInterface['encap'] = async ({ recipientPublicKey }) => {
    const key = new Uint8Array(await kem.serializePublicKey(recipientPublicKey as CryptoKey));
    const { sharedSecret, enc } = await encapsulate(key, await ephemeralOf(vector));
    return { sharedSecret: sharedSecret.buffer, enc: enc.buffer };
  };
  return new CipherSuite({ kem: { ...kem, encap }, kdf: new HkdfSha384(), aead: new Aes256Gcm() });
}

export async function hpkePqCases(): Promise<readonly VectorCase[]> {
  const { vectors } = await loadVectors<{ vectors: readonly HpkeVector[] }>('hpke-pq-mlkem1024-p384.json');
  const [vector] = vectors;
  if (!vector) throw new Error('no vector');
  const context = { info: buffer(vector.info) };
  return [
    {
      name: 'derives the key pair of the vector (DeriveKeyPair)',
      run: () => {
        isTrue(vector.kem_id === KEM_ID, 'KEM id');
        isSame(deriveSeed(fromHex(vector.ikmR)), vector.skRm, 'skRm');
        isSame(publicKeyOf(fromHex(vector.skRm)), vector.pkRm, 'pkRm');
      },
    },
    {
      name: 'decapsulates the ciphertext of the vector',
      run: async () =>
        isSame(await decapsulate(fromHex(vector.skRm), fromHex(vector.enc)), vector.shared_secret, 'shared secret'),
    },
    {
      name: 'encapsulates to the ciphertext of the vector',
      run: async () => {
        const { enc, sharedSecret } = await encapsulate(fromHex(vector.pkRm), await ephemeralOf(vector));
        isSame(enc, vector.enc, 'enc');
        isSame(sharedSecret, vector.shared_secret, 'shared secret');
      },
    },
    {
      name: 'opens what the sender of the vector sealed, and exports its secrets',
      run: async () => {
        const suite = suiteOf(vector);
        const recipientKey = await suite.kem.importKey('raw', buffer(vector.skRm), false);
        const recipient = await suite.createRecipientContext({ ...context, recipientKey, enc: buffer(vector.enc) });
        for (const { aad, ct, pt } of vector.encryptions)
          isSame(new Uint8Array(await recipient.open(buffer(ct), buffer(aad))), pt, 'plaintext');
        for (const { exporter_context: from, L, exported_value: value } of vector.exports)
          isSame(new Uint8Array(await recipient.export(buffer(from), L)), value, 'exported value');
      },
    },
    {
      name: 'seals what the sender of the vector sealed, and exports its secrets',
      run: async () => {
        const suite = suiteOf(vector);
        const recipientPublicKey = await suite.kem.importKey('raw', buffer(vector.pkRm), true);
        const sender = await suite.createSenderContext({ ...context, recipientPublicKey });
        isTrue(toHex(new Uint8Array(sender.enc)) === vector.enc, 'enc');
        for (const { aad, ct, pt } of vector.encryptions)
          isSame(new Uint8Array(await sender.seal(buffer(pt), buffer(aad))), ct, 'ciphertext');
        for (const { exporter_context: from, L, exported_value: value } of vector.exports)
          isSame(new Uint8Array(await sender.export(buffer(from), L)), value, 'exported value');
      },
    },
  ];
}

/** The official vector of draft-ietf-hpke-pq for MLKEM1024-P384, HKDF-SHA384, AES-256-GCM, base mode: exactly our suite. */
import { decryptGcm, encryptGcm, importGcmKey } from '../../../src/e2ee/aes-gcm.ts';
import { importEcdhKey } from '../../../src/e2ee/mls/ecdh.ts';
import { decapsulate, deriveSeed, encapsulate, KEM_ID, publicKeyOf } from '../../../src/e2ee/mls/hybrid-kem.ts';
import { exportFrom, receiveWith, sendTo, type HpkeContext } from '../../../src/e2ee/mls/hpke.ts';
import { fromHex, isSame, isTrue, loadVectors, type VectorCase } from '../vectors.ts';

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

/** The sender's randomness of the vector: 32 bytes for ML-KEM, 48 for the scalar of P-384. */
async function ephemeralOf({ ikmE }: HpkeVector) {
  const bytes = fromHex(ikmE);
  isTrue(bytes.length === 80, 'ikmE has 80 bytes');
  return { message: bytes.slice(0, 32), ecdh: await importEcdhKey(bytes.slice(32)) };
}

/** ComputeNonce (RFC 9180 §5.2): the vector's later messages have the sequence numbers that this library never uses. */
function parametersAt({ nonce }: HpkeContext, sequence: number, aad: string) {
  const iv = nonce.slice();
  new DataView(iv.buffer).setUint32(8, new DataView(iv.buffer).getUint32(8) ^ sequence);
  return { iv, additionalData: fromHex(aad) };
}

async function checkExports(context: HpkeContext, { exports }: HpkeVector): Promise<void> {
  isTrue(exports.length > 0, 'the vector has exports');
  for (const { exporter_context: from, L, exported_value: value } of exports)
    isSame(await exportFrom(context, fromHex(from), L), value, 'exported value');
}

export async function hpkePqCases(): Promise<readonly VectorCase[]> {
  const { vectors } = await loadVectors<{ vectors: readonly HpkeVector[] }>('hpke-pq-mlkem1024-p384.json');
  const [vector] = vectors;
  if (!vector) throw new Error('no vector');
  const info = fromHex(vector.info);
  return [
    {
      name: 'derives the key pair of the vector (DeriveKeyPair)',
      run: async () => {
        isTrue(vector.kem_id === KEM_ID, 'KEM id');
        isSame(deriveSeed(fromHex(vector.ikmR)), vector.skRm, 'skRm');
        isSame(await publicKeyOf(fromHex(vector.skRm)), vector.pkRm, 'pkRm');
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
        const context = await receiveWith(fromHex(vector.skRm), fromHex(vector.enc), info);
        const key = await importGcmKey(context.key);
        for (const [sequence, { aad, ct, pt }] of vector.encryptions.entries()) {
          const opened = await decryptGcm(key, parametersAt(context, sequence, aad), fromHex(ct));
          isTrue(opened !== null, 'authentic');
          isSame(new Uint8Array(opened ?? []), pt, 'plaintext');
        }
        await checkExports(context, vector);
      },
    },
    {
      name: 'seals what the sender of the vector sealed, and exports its secrets',
      run: async () => {
        const context = await sendTo(fromHex(vector.pkRm), info, await ephemeralOf(vector));
        isSame(context.enc, vector.enc, 'enc');
        const key = await importGcmKey(context.key);
        for (const [sequence, { aad, ct, pt }] of vector.encryptions.entries()) {
          const sealed = await encryptGcm(key, parametersAt(context, sequence, aad), fromHex(pt));
          isSame(new Uint8Array(sealed), ct, 'ciphertext');
        }
        await checkExports(context, vector);
      },
    },
  ];
}

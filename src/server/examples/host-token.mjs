/**
 * A host token, as the backend of a site makes it for a counsellor who has signed in there: `node host-token.mjs
 * private-key.pem https://beratung.example`. Make the key pair with `openssl ecparam -name secp384r1 -genkey -noout |
 * openssl pkcs8 -topk8 -nocrypt`; the public part (`openssl pkey -pubout`) goes into the server's `--hosts` file.
 */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { SignJWT } from 'jose';

const [, , file, audience] = process.argv;
const key = createPrivateKey(readFileSync(file));
const algorithm = { prime256v1: 'ES256', secp384r1: 'ES384' }[key.asymmetricKeyDetails.namedCurve];
const token = await new SignJWT({})
  .setProtectedHeader({ alg: algorithm })
  .setAudience(audience)
  .setJti(randomUUID())
  .setIssuedAt()
  .setExpirationTime('5m')
  .sign(key);
process.stdout.write(`${token}\n`);

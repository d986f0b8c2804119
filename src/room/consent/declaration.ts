/** Declarations of who is in the room [R13]. An acknowledgement names the hash of the declaration it acknowledges. */
import { toBase64Url } from '../../util/base64url.ts';
import { concat, lp, sha384, u32, utf8 } from '../../e2ee/bytes.ts';
import type { Occupants } from '../state/state.ts';
import type { Declaration } from '../messages/messages.ts';

/** SHA-384 over all fields of a declaration, base64url. */
async function declarationHash({ people, closed, noRecording, nonce }: Declaration): Promise<string> {
  const fields = [
    u32(people.length),
    ...people.map(utf8),
    utf8(String(closed)),
    utf8(String(noRecording)),
    utf8(nonce),
  ];
  return toBase64Url(await sha384(concat(utf8('consult-room v1 declaration'), ...fields.map(lp))));
}

/** A declaration as it is sent, and as it is shown. */
export interface Declared {
  readonly declaration: Declaration;
  readonly occupants: Occupants;
}

/** @param people everyone in the room beside the speaker */
export async function declare(people: readonly string[]): Promise<Declared> {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const declaration: Declaration = { people: [...people], closed: true, noRecording: true, nonce };
  return { declaration, occupants: await occupantsOf(declaration) };
}

export async function occupantsOf(declaration: Declaration): Promise<Occupants> {
  return { people: declaration.people, hash: await declarationHash(declaration) };
}

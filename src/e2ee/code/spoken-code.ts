/**
 * The spoken code of a room (protocol.md §14): nine characters in three groups, such as `K7M-2QX-9TD`, to be read out on the telephone. The
 * first group, the locator, finds the room and is no secret; the other six, 30 bits, are the password of the exchange.
 */
import { ConsultError } from '../../errors.ts';
import { concat, hkdfExpand, label, u32, type Bytes } from '../bytes.ts';

export interface SpokenCode {
  /** 3 characters, 15 bits. */
  readonly locator: string;
  /** 6 characters, 30 bits. */
  readonly secret: string;
}

/** Crockford's base 32: without I, L, O and U, which look like 1, 0 and V. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WHOLE = /^[0-9A-HJKMNP-TV-Z]{9}$/u;
const LOCATOR = 3;
const LENGTH = 9;
const GROUPS = /.{3}/gu;

/** What people type for a character that the alphabet lacks. */
const LIKE: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', U: 'V' };

/** The code of a room; each index gives another one. @param root `codeRoot` of the host's invite */
export async function deriveCode(root: Bytes, index: number): Promise<SpokenCode> {
  const bytes = await hkdfExpand(root, concat(label('spoken code'), u32(index)), 6);
  // 45 of the 48 bits.
  let rest = bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 3n;
  let text = '';
  for (let place = 0; place < LENGTH; place++, rest >>= 5n) text = (ALPHABET[Number(rest & 31n)] ?? '') + text;
  return split(text);
}

/** `K7M-2QX-9TD` */
export const formatCode = ({ locator, secret }: SpokenCode): string =>
  [locator, ...(secret.match(GROUPS) ?? [])].join('-');

/**
 * Reads a code as people type it: in any case, with any separators, and with the letters that look or sound like one of the alphabet.
 *
 * @throws {ConsultError} `code-invalid`
 */
export function parseCode(typed: string): SpokenCode {
  const text = tidyCode(typed);
  if (!WHOLE.test(text)) throw new ConsultError('code-invalid');
  return split(text);
}

/** The characters of the alphabet in what was typed so far, as they are meant; any others where nothing was meant by them. */
function tidyCode(typed: string): string {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{P}\p{Cf}]/gu, '');
  return letters.replaceAll(/[OILU]/gu, (letter) => LIKE[letter] ?? letter);
}

const split = (text: string): SpokenCode => ({ locator: text.slice(0, LOCATOR), secret: text.slice(LOCATOR) });

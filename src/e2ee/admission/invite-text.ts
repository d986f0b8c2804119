/**
 * Finds the token of an invite in a link as it arrives: mail programs wrap lines, encode `#` and `=`, and take what follows a link for
 * a part of it. Pure text; the checksum of `invite-token.ts` decides which reading is right, so no reading can invent an invite.
 */

/**
 * `consult=` with its sign in any encoding: percent (RFC 3986 §2.1), once or more often, full width, or as a character reference of
 * HTML. Pasted behind one that was there, it stands twice.
 */
const NAME =
  /(?:consult(?:\s|%20|%0[ad])*(?:=|\uff1d|%(?:25)*ef%(?:25)*bc%(?:25)*9d|%(?:25)*3d|&equals;|&#61;|&#x3d;))+/iu;

/** `#` before it, in any of these encodings. */
const SIGN = /(?:#|%(?:25)*23|&num;|&#35;|&#x23;)+\/?$/iu;

/** 102 bytes (protocol.md §1). */
const GUEST_LETTERS = 136;

/** A token without its name: its first two bytes are the version and the role. */
const BARE = /^\W*AW[cgM][\w-]{100}/u;

/** What may stand between `#` and `consult=`. */
const AT_START = /^(?:[#!/\s]|%(?:25)*2[03f]|%0[ad]|&num;)*$/iu;

/** Letters after `consult=` that make it an invite and not a parameter of the site's own. */
const LONG = /^(?:[\w-]|\s|%[0-9a-f]{2}){40}/iu;

export interface Located {
  /** A fragment that begins with the invite; for {@link readings}. */
  readonly text: string;
  /** The address without it. */
  readonly rest: string;
}

/**
 * Looks for an invite in an address: in the fragment, or where a mail scanner has encoded the `#`, in path or query.
 *
 * @param address an absolute URL
 */
export function locateInvite(address: string): Located | null {
  const [page = '', ...fragments] = address.split('#');
  const fragment = fragments.join('#');
  if (BARE.test(fragment) || isNamed(fragment)) return { text: `#${fragment}`, rest: page };
  const name = NAME.exec(page);
  if (!name) return null;
  const [before, text] = [page.slice(0, name.index), `#${page.slice(name.index)}`];
  if (SIGN.test(before)) return { text, rest: before.replace(SIGN, '') };
  // A query of ours has lost its `#` altogether; one of the site's stays.
  const query = /[?&](?:amp;)*$/u.exec(before);
  return query && LONG.test(text.slice(1 + name[0].length)) ? { text, rest: before.slice(0, query.index) } : null;
}

function isNamed(fragment: string): boolean {
  const name = NAME.exec(fragment);
  if (!name) return false;
  return AT_START.test(fragment.slice(0, name.index)) || LONG.test(fragment.slice(name.index + name[0].length));
}

/**
 * How a text can be read as a token, the likeliest reading first; empty where there is none.
 *
 * @param text a token, a fragment or a whole link
 */
export function readings(text: string): readonly string[] {
  const name = NAME.exec(text);
  // Another fragment or another query is no token.
  if (!name && /^#|[=/]/u.test(text) && !BARE.test(text)) return [];
  const rest = withSigns(decode(name ? text.slice(name.index + name[0].length) : text));
  // What a quoted-printable mail (RFC 2045 §6.7) or the quotation of one puts at the ends of lines.
  const joined = rest
    .replaceAll(/=?(?:[\r\n]|\\[rn])+(?:[ \t]*[>|])*/gu, '')
    // Tags and references that break long words in HTML, `+` for blanks in a form's encoding, and the escapes of Markdown.
    .replaceAll(
      /<\/?(?:wbr|br|span|b|i|u|font)\b[^<>]*>|&(?:shy|nbsp|zwnj|zwj|zerowidthspace|#\d{1,5}|#x[0-9a-f]{1,4});/giu,
      '',
    )
    .replaceAll(/[\s+\\\p{Cf}\p{Cc}]/gu, '');
  const word = rest.trim().split(/\s/u, 1)[0] ?? '';
  const found = [joined, word].flatMap(spellings).flatMap(runs);
  return [...new Set(found)];
}

/** Percent encoding is taken off as often as it was put on; what is no text then ends the token. */
function decode(text: string): string {
  const once = text.replaceAll(/%(?:25)+/gu, '%');
  return once
    .replaceAll(/(?:%[0-9a-f]{2})+/giu, (encoded) => {
      try {
        return decodeURIComponent(encoded);
      } catch {
        return '\n.';
      }
    })
    .normalize('NFKC');
}

/** The two signs of a token, where they became character references of HTML, once or more often, or quoted-printable octets. */
function withSigns(text: string): string {
  return text
    .replaceAll(/&(?:amp;)+/giu, '&')
    .replaceAll(/&(?:#0*45|#x0*2d|hyphen|dash);|=2d/giu, '-')
    .replaceAll(/&(?:#0*95|#x0*5f|lowbar|underbar);|=5f/giu, '_');
}

/** Word processors turn `-` into other dashes, and two of them into a long one. */
function spellings(text: string): readonly string[] {
  const plain = text.replaceAll(/[\u2010-\u2012\u2212]/gu, '-');
  return /[\u2013-\u2015]/u.test(plain)
    ? ['--', '-'].map((dashes) => plain.replaceAll(/[\u2013-\u2015]/gu, dashes))
    : [plain];
}

/** The letters of a token from the first on, up to what cannot belong to it; and without what stuck to it at either end. */
function runs(text: string): readonly string[] {
  const [, run] = /^[^\w-]*([\w-]+)/u.exec(text) ?? [];
  if (run === undefined) return [];
  // `=3D` is `=` in a quoted-printable mail that was not decoded.
  const starts = /^3D/iu.test(run) ? [run, run.slice(2)] : [run];
  return starts.flatMap((start) => [
    start,
    // A token ends in a letter or digit: a dash behind it is of the sentence, a line under it of Markdown.
    start.replace(/[-_]+$/u, ''),
    ...(start.length > GUEST_LETTERS ? [start.slice(0, GUEST_LETTERS)] : []),
  ]);
}

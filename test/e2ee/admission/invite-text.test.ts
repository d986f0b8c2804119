/** protocol.md §1: links as mail programs, scanners and word processors hand them on. */
import { expect } from '@open-wc/testing';
import { fc } from '../../support/property.ts';
import { locateInvite } from '../../../src/e2ee/admission/invite-text.ts';
import { createInvite, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { codeOf, ORIGIN } from '../people.ts';

const make = () => createInvite({ base: `${ORIGIN}/room.html`, expires: new Date(Date.now() + 3_600_000) });
const tokenOf = (link: string): string => link.slice(link.indexOf('=') + 1);
const wrapped = (token: string, by: string): string => token.match(/.{1,60}/gu)!.join(by);

const referenced = (token: string, dash: string, line: string): string =>
  token.replaceAll('-', dash).replaceAll('_', line);

/** What arrives of `#consult=TOKEN`, by what did it. */
const ARRIVALS: Readonly<Record<string, (token: string) => string>> = {
  'as it was sent': (token) => `#consult=${token}`,
  'with a full stop behind it': (token) => `#consult=${token}.`,
  'with a comma and words behind it': (token) => `#consult=${token}, bis morgen`,
  'with words behind it': (token) => `#consult=${token} bis morgen`,
  'with encoded words behind it': (token) => `#consult=${token}%20bis%20morgen`,
  'in brackets': (token) => `#consult=${token})`,
  'in pointed brackets': (token) => `#consult=${token}>`,
  'in encoded pointed brackets': (token) => `#consult=${token}%3E`,
  'in pointed brackets as character references': (token) => `#consult=${token}&gt;`,
  'in quotation marks': (token) => `#consult=${token}"`,
  'in German quotation marks, encoded': (token) => `#consult=${token}%E2%80%9C`,
  'with an exclamation mark': (token) => `#consult=${token}!`,
  'with the end of a tag': (token) => `#consult=${token}</a>`,
  'with a parameter for counting clicks': (token) => `#consult=${token}&utm_source=mail`,
  'with a query of such parameters': (token) => `#consult=${token}?fbclid=abc`,
  'wrapped into lines': (token) => `#consult=${wrapped(token, '\r\n')}`,
  'wrapped into lines, encoded': (token) => `#consult=${wrapped(token, '%0D%0A')}`,
  'wrapped and quoted in an answer': (token) => `#consult=${wrapped(token, '\n> ')}`,
  'with soft line breaks of quoted-printable': (token) => `#consult=3D${wrapped(token, '=\r\n')}`,
  'with blanks inside': (token) => `#consult=${wrapped(token, ' ')}`,
  'with encoded blanks inside': (token) => `#consult=${wrapped(token, '%20')}`,
  'with invisible characters inside': (token) => `#consult=${wrapped(token, '\u{AD}\u{200B}')}`,
  'with places to break in HTML inside': (token) => `#consult=${wrapped(token, '<wbr>')}`,
  'with line breaks of HTML inside': (token) => `#consult=${wrapped(token, '<br />')}`,
  'with marks of a searched word inside': (token) => `#consult=${wrapped(token, '<span class="hit">')}</span>`,
  'with soft hyphens as character references inside': (token) => `#consult=${wrapped(token, '&shy;')}`,
  'with blanks in the encoding of forms inside': (token) => `#consult=${wrapped(token, '+')}`,
  'with words in the encoding of forms behind it': (token) => `#consult=${token}+bis+morgen`,
  'with the escapes of Markdown': (token) => `#consult=${token.replaceAll(/[-_]/gu, String.raw`\$&`)}`,
  'with its sign in full width': (token) => `#consult\uff1d${token}`,
  'with its sign in full width, encoded': (token) => `#consult%EF%BC%9D${token}`,
  'with its name pasted twice': (token) => `#consult=consult=${token}`,
  'with blanks before it': (token) => `#consult= ${token}`,
  'with its sign encoded': (token) => `#consult%3D${token}`,
  'with its sign encoded twice': (token) => `#consult%253D${token}`,
  'with its sign as a character reference': (token) => `#consult&#61;${token}`,
  'with its fragment sign twice': (token) => `#%23consult=${token}`,
  'in capital letters before the sign': (token) => `#CONSULT=${token}`,
  'with dashes of a word processor': (token) => `#consult=${token.replaceAll('-', '\u{2011}')}`,
  'with long dashes of a word processor': (token) => `#consult=${token.replaceAll(/--?/gu, '\u{2013}')}`,
  'with its dashes as character references': (token) => `#consult=${referenced(token, '&#45;', '&#95;')}`,
  'with its dashes as hexadecimal references': (token) => `#consult=${referenced(token, '&#x2D;', '&#x5f;')}`,
  'with its dashes as named references': (token) => `#consult=${referenced(token, '&hyphen;', '&lowbar;')}`,
  'with its dashes as references, twice': (token) => `#consult=${referenced(token, '&amp;#45;', '&amp;#95;')}`,
  'with its dashes as quoted-printable octets': (token) => `#consult=3D${referenced(token, '=2D', '=5F')}`,
  'with spaces of no width as character references inside': (token) => `#consult=${wrapped(token, '&ZeroWidthSpace;')}`,
  'with soft hyphens as references, twice': (token) => `#consult=${wrapped(token, '&amp;shy;')}`,
  'wrapped and quoted with lines at the side': (token) => `#consult=${wrapped(token, '\n| ')}`,
  'wrapped into lines, as a string of a program': (token) => `#consult=${wrapped(token, String.raw`\n`)}`,
  'with a long dash and words behind it': (token) => `#consult=${token}\u{2014} bis morgen`,
  'with a hyphen behind it': (token) => `#consult=${token}-`,
  'between the underscores of Markdown': (token) => `#consult=${token}__`,
  'without its name': (token) => `#${token}`,
  'as a whole link': (token) => `${ORIGIN}/room.html#consult=${token}.`,
  'as a link whose fragment sign a scanner encoded': (token) => `${ORIGIN}/room.html%23consult=${token}`,
  'as a link whose signs a scanner encoded': (token) => `${ORIGIN}/room.html%23consult%3D${token}`,
  'as a link whose signs were encoded twice': (token) => `${ORIGIN}/room.html%2523consult%253D${token}`,
  'as a link with an encoded fragment in its query': (token) => `${ORIGIN}/room.html?lang=de%23consult=${token}`,
};

describe('the text of an invite', () => {
  it('never ends in a sign that mail programs cut off', async () => {
    for (let count = 0; count < 300; count++) {
      const { hostLink, guestLink } = await make();
      for (const link of [hostLink, guestLink]) expect(link).to.match(/[A-Za-z0-9]$/u);
    }
  });

  for (const [how, arrive] of Object.entries(ARRIVALS)) {
    it(`opens the room when it arrives ${how}`, async () => {
      // Long dashes cannot be told apart where both lengths occur in one token: take one that has single ones only.
      let links = await make();
      while (/--|^[^-]*$/u.test(tokenOf(links.guestLink)) || tokenOf(links.hostLink).includes('--'))
        links = await make();
      for (const link of Object.values(links)) {
        // Words stick to a wrapped host token only where both happen at once; each alone is read.
        const { role } = await parseInvite(arrive(tokenOf(link)), { origin: ORIGIN });
        expect(role).to.equal(link === links.hostLink ? 'host' : 'guest');
      }
    });
  }

  it('is damaged, and nothing else, when letters of it are missing or changed', async () => {
    const { guestLink } = await make();
    const token = tokenOf(guestLink);
    for (const arrive of Object.values(ARRIVALS)) {
      expect(await codeOf(parseInvite(arrive(token.slice(0, -4)), { origin: ORIGIN }))).to.equal('invite-damaged');
      const changed = `${token.slice(0, 70)}${token[70] === 'x' ? 'y' : 'x'}${token.slice(71)}`;
      expect(await codeOf(parseInvite(arrive(changed), { origin: ORIGIN }))).to.equal('invite-damaged');
    }
  });

  it('is found in the address however it arrives, and leaves nothing of itself behind', async () => {
    const token = tokenOf((await make()).guestLink);
    for (const arrive of Object.values(ARRIVALS)) {
      for (const whole of [token, token.slice(0, 60), token.slice(0, -1)]) {
        const arrived = arrive(whole);
        // A cut token without its name is no invite to anybody.
        if (!/consult/iu.test(arrived) && whole.length < 110) continue;
        const address = arrived.startsWith('#') ? `${ORIGIN}/room.html${arrived}` : arrived;
        expect(locateInvite(address)?.rest, address).to.be.oneOf([
          `${ORIGIN}/room.html`,
          `${ORIGIN}/room.html?lang=de`,
        ]);
      }
    }
  });

  it('leaves the fragments, queries and paths of the page alone', () => {
    const jwt = `eyJ${toBase64Url(new Uint8Array(200))}.${toBase64Url(new Uint8Array(200))}`;
    for (const own of [
      '',
      '#',
      '#kontakt',
      '#other=1',
      '#/rooms?consult=yes',
      `#access_token=${jwt}`,
      `#${jwt}`,
      '?consult=1',
      '/consult-room.html',
      '/consult=1/page',
    ])
      expect(locateInvite(`${ORIGIN}${own}`), own).to.equal(null);
  });

  it('is read or refused, and never hangs, whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (text) => {
        locateInvite(`${ORIGIN}/${text}`);
        expect(await codeOf(parseInvite(`#consult%3D${text}`, { origin: ORIGIN }))).to.match(/^invite-/u);
      }),
      { numRuns: 200 },
    );
  });
});

/** Checks that a browser, led by the page, asks no other site for anything. */
import { finding, type Finding } from './findings.ts';
import { tagsOf, type Tag } from './markup.ts';
import type { Page } from './page-checks.ts';

/** Attributes from which a browser loads of itself, of whatever element (HTML, SVG 2). */
const LOADED = ['src', 'poster', 'background', 'data', 'classid', 'codebase', 'archive', 'dynsrc', 'lowsrc', 'ping'];
/** `href` of these is loaded, too; that of others is a link that people follow. */
const LOADED_BY_HREF = ['image', 'use', 'feimage', 'script', 'link'];
/** Relations of a link that a browser follows of itself; the others are for people and programs. */
const FETCHED =
  /^(?:stylesheet|icon|apple-touch-icon(?:-precomposed)?|apple-touch-startup-image|mask-icon|fluid-icon|manifest|preload|modulepreload|prefetch|preconnect|dns-prefetch|prerender|compression-dictionary|import)$/u;

const IN_STYLE = /(?:url\(\s*["']?|@import\s+["']|image-set\(\s*["']|src\(\s*["'])((?:https?:)?\/\/[^"')\s]+)/giu;
/** What a script in the page loads, as far as its text says so. */
const IN_SCRIPT =
  /(?:\b(?:import|from)\s*|\b(?:import|importScripts|fetch|WebSocket|EventSource|sendBeacon|(?:Shared)?Worker|addModule|importModule)\s*\(\s*|\.open\(\s*["'`][A-Za-z]+["'`]\s*,\s*|\.(?:src|srcset|poster)\s*=\s*|\bsetAttribute\(\s*["'`](?:src|srcset|poster)["'`]\s*,\s*)["'`]((?:(?:https?|wss?):)?\/\/[^"'`\s]+)/gu;
const IN_JSON = /"((?:https?:)?\/\/[^"\s]+)"/gu;

export function checkThirdParties({ url, html, headers }: Page, own: readonly URL[]): Finding {
  const tags = tagsOf(html);
  const base = tags.find(({ name, of }) => name === 'base' && of('href') !== '')?.of('href');
  const root = base !== undefined && URL.canParse(base, url.href) ? new URL(base, url) : url;
  const foreign = [
    ...tags.flatMap(addressesOf),
    ...allOf(html, IN_STYLE),
    ...linkedBy(headers.get('Link') ?? ''),
    ...(base === undefined ? [] : [base]),
  ]
    .filter((address) => URL.canParse(address, root.href))
    .map((address) => new URL(address, root))
    .filter(({ protocol, host }) => /^(?:https?|wss?):$/u.test(protocol) && !own.some((one) => one.host === host));
  const hosts = [...new Set(foreign.map(({ host }) => host))];
  return hosts.length === 0
    ? finding('third-parties.none', 'good')
    : finding('third-parties.found', 'bad', hosts.join(', '));
}

const allOf = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, address = '']) => address);

function addressesOf(tag: Tag): readonly string[] {
  const { name, of } = tag;
  const found = LOADED.map(of).filter((value) => value !== '');
  if (LOADED_BY_HREF.includes(name) && (name !== 'link' || isLoaded(of('rel'))))
    found.push(...[of('href'), of('xlink:href')].filter((value) => value !== ''));
  for (const set of [of('srcset'), of('imagesrcset')]) found.push(...candidatesOf(set));
  found.push(...allOf(of('style'), IN_STYLE));
  if (name === 'meta' && of('http-equiv').toLowerCase() === 'refresh')
    found.push(...allOf(of('content'), /url\s*=\s*["']?([^"'\s]+)/giu));
  if (name === 'script')
    found.push(...allOf(tag.text, /^(?:importmap|speculationrules)$/iu.test(of('type')) ? IN_JSON : IN_SCRIPT));
  // A page within the page.
  if (name === 'iframe' && of('srcdoc') !== '') found.push(...tagsOf(of('srcdoc')).flatMap(addressesOf));
  return found;
}

const isLoaded = (rel: string): boolean =>
  rel
    .toLowerCase()
    .split(/\s+/u)
    .some((one) => FETCHED.test(one));

/** The addresses of `srcset` (HTML §4.8.4.2.1). */
const candidatesOf = (set: string): readonly string[] =>
  set
    .split(/,\s+|\s+[\d.]+[wxh]\s*,?\s*/u)
    .map((one) => one.trim().split(/\s+/u)[0] ?? '')
    .filter((one) => one !== '');

/** The addresses that a header `Link` (RFC 8288 §3) tells the browser to load. */
const linkedBy = (header: string): readonly string[] =>
  [...header.matchAll(/<([^>]+)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)/gu)]
    .filter(([, , parameters = '']) => {
      const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/iu.exec(parameters) ?? [];
      return isLoaded(quoted ?? bare ?? '');
    })
    .map(([, address = '']) => address);

/** Checks of the headers of the page: what they say, not only that they are there. */
import { finding, type Finding } from './findings.ts';
import type { Page } from './page-checks.ts';

/** Seconds: less is forgotten between two appointments. */
const SHORTEST_HSTS = 30 * 24 * 60 * 60;

/** By name: whether a value protects. Browsers ignore what they cannot read, and go on as if there were no header. */
const NEEDED: Readonly<Record<string, (value: string) => boolean>> = {
  // The last policy that a browser knows counts (Referrer Policy §8.1); all others tell other sites where someone was.
  'Referrer-Policy': (value) => ['no-referrer', 'same-origin'].includes(list(value).findLast(isReferrerPolicy) ?? ''),
  // The first value counts (Fetch §3.6.1).
  'X-Content-Type-Options': (value) => list(value)[0] === 'nosniff',
  'Permissions-Policy': (value) => permissionsOf(value) !== null,
};
/** The first header counts (RFC 6797 §8.1). */
const HSTS = (value: string): boolean =>
  Number(/^[^,]*?(?:^|;)\s*max-age\s*=\s*"?(\d+)/iu.exec(value)?.[1] ?? 0) >= SHORTEST_HSTS;

const list = (value: string): readonly string[] => value.split(',').map((one) => one.trim().toLowerCase());
const isReferrerPolicy = (value: string): boolean =>
  /^(?:no-referrer|same-origin|unsafe-url|no-referrer-when-downgrade|(?:strict-)?origin(?:-when-cross-origin)?)$/u.test(
    value,
  );

export function checkHeaders({ url, headers }: Page): readonly Finding[] {
  const permissions = permissionsOf(headers.get('Permissions-Policy') ?? '');
  const off = ['camera', 'microphone']
    .map((name) => ({ name, allowed: permissions?.get(name) }))
    .filter(({ allowed }) => allowed && !['self', '*', `"${url.origin}"`].some((one) => allowed.includes(one)));
  const needed = Object.entries(url.protocol === 'https:' ? { ...NEEDED, 'Strict-Transport-Security': HSTS } : NEEDED);
  const missing = needed.filter(([name]) => !headers.has(name));
  const weak = needed.filter(([name, protects]) => headers.has(name) && !protects(headers.get(name) ?? ''));
  const found: Finding[] = [];
  for (const { name, allowed = [] } of off.slice(0, 1))
    found.push(finding('headers.camera-off', 'bad', `${name}=(${allowed.join(' ')})`));
  if (missing.length > 0) found.push(finding('headers.lacking', 'warning', missing.map(([name]) => name).join(', ')));
  if (weak.length > 0)
    found.push(
      finding('headers.weak', 'warning', weak.map(([name]) => `${name}: ${headers.get(name) ?? ''}`).join('; ')),
    );
  return found.length > 0 ? found : [finding('headers.complete', 'good')];
}

const ITEM = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s"(),;=]+)`;
const PARAMETERS = String.raw`(?:;\s*[a-z*][\w.*-]*(?:=${ITEM})?)*`;
const LIST = String.raw`${ITEM}${PARAMETERS}(?:\s+${ITEM}${PARAMETERS})*`;
const MEMBER = new RegExp(
  String.raw`^\s*([a-z*][\w.*-]*)(?:=(?:\(\s*(${LIST})?\s*\)|(${ITEM})))?${PARAMETERS}\s*(?:,|$)`,
  'u',
);

/**
 * Who may use what: a dictionary of lists (RFC 9651 §3.2, Permissions Policy §5.2), in which the last of two equal keys counts.
 *
 * @returns null where it is none, and so ignored as a whole
 */
function permissionsOf(value: string): ReadonlyMap<string, readonly string[]> | null {
  const found = new Map<string, readonly string[]>();
  for (let rest = value; rest.trim() !== '';) {
    const [all, name = '', inner, item] = MEMBER.exec(rest) ?? [];
    if (all === undefined) return null;
    // A key without a value is `true`, which names nobody.
    const list = all.includes('=(') ? [...(inner ?? '').matchAll(new RegExp(`(${ITEM})${PARAMETERS}`, 'gu'))] : null;
    found.set(name, list ? list.map(([, source = '']) => source) : [item ?? '']);
    rest = rest.slice(all.length);
  }
  return found;
}

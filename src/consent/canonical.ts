/**
 * One spelling of a JSON value, so that a signature covers its meaning and not its spaces: RFC 8785 for what receipts hold. They hold no
 * numbers, and so none of that document's rules on them is needed.
 */

export type Plain = string | boolean | null | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** Keys in the order of their UTF-16 code units (RFC 8785 §3.2.3), no spaces, absent members left out. */
export function canonical(value: Plain): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter((entry): entry is [string, Plain] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

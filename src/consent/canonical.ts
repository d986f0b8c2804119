/**
 * JSON Canonicalization Scheme (RFC 8785): one spelling for each value, so that a signature covers the meaning and
 * not the whitespace. Receipts contain no numbers, so the number rules of RFC 8785 §3.2.2.3 are left out.
 */

export type Plain = string | boolean | null | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** Sorts keys by UTF-16 code units (RFC 8785 §3.2.3), writes no whitespace and omits absent members. */
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

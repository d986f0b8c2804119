/**
 * ICE candidates (RFC 8839 §5.1), parsed strictly and rewritten in one spelling. The engine never gets the other
 * side's bytes: it accepts more spellings than it writes, and a candidate that it reads differently than we do would
 * bypass the relay gate.
 */
export interface Candidate {
  readonly foundation: string;
  readonly component: number;
  readonly transport: 'udp' | 'tcp';
  readonly priority: number;
  /** IPv4, IPv6 (RFC 5952) or a `….local` name, in one spelling. */
  readonly address: string;
  readonly port: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  /** In the order in which they are written; those that no engine needs are left out. */
  readonly extensions: readonly (readonly [name: string, value: string])[];
}

/** Seven fields separated by one blank, the type only in its place: a foundation may be called `typ` too. */
const LINE =
  /^candidate:(?<foundation>[\dA-Za-z+/]{1,32}) (?<component>[12]) (?<transport>udp|tcp|UDP|TCP) (?<priority>[1-9]\d{0,9}) (?<address>[!-~]+) (?<port>\d{1,5}) typ (?<type>[a-z]+)(?<rest>(?: [!-~]+ [!-~]+)*)$/u;
const TYPES: readonly Candidate['type'][] = ['host', 'srflx', 'prflx', 'relay'];
/** RFC 8445 §5.1.2.1. */
const HIGHEST_PRIORITY = 2 ** 31 - 1;
/**
 * The `name value` pairs that are kept, each with its allowed values: the direction of TCP (RFC 6544 §4.5), the ICE
 * session of a candidate (RFC 8840 §4.3, and Chromium's `generation`), and Chromium's cost of the sender's network.
 */
const EXTENSIONS: readonly (readonly [name: string, value: RegExp])[] = [
  ['tcptype', /^(?:active|passive|so)$/u],
  ['generation', /^\d{1,5}$/u],
  ['ufrag', /^[\dA-Za-z+/]{4,256}$/u],
  ['network-cost', /^\d{1,3}$/u],
];

/** @returns null for anything but a candidate in a browser's spelling, and for a host name that needs a DNS lookup */
export function readCandidate(line: string): Candidate | null {
  const fields = LINE.exec(line)?.groups;
  const type = TYPES.find((known) => known === fields?.['type']);
  const address = readAddress(fields?.['address'] ?? '');
  const extensions = readExtensions(fields?.['rest'] ?? '');
  const [component, priority, port] = ['component', 'priority', 'port'].map((name) => Number(fields?.[name]));
  if (!fields || !type || !address || !extensions || !component || !priority || port === undefined) return null;
  // Firefox writes it as RFC 8839 does, Chromium as RFC 8866 would.
  const transport = fields['transport']?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  if (port > 65_535 || priority > HIGHEST_PRIORITY) return null;
  if ((transport === 'tcp') !== extensions.some(([name]) => name === 'tcptype')) return null;
  return { foundation: fields['foundation'] ?? '', component, transport, priority, address, port, type, extensions };
}

/**
 * The related address (`raddr`) is never sent and never trusted: for a relayed candidate it is the participant's own
 * address. Engines still require the field.
 */
export function writeCandidate(candidate: Candidate): string {
  const { foundation, component, transport, priority, address, port, type, extensions } = candidate;
  const place = [foundation, component, transport, priority, address, port, 'typ', type].join(' ');
  const related = type === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  return `candidate:${place}${related}${extensions.map(([name, value]) => ` ${name} ${value}`).join('')}`;
}

/**
 * @returns null where a known extension has a value that is not allowed. Unknown ones are ignored (RFC 8839 §5.1) and
 *   dropped.
 */
function readExtensions(rest: string): Candidate['extensions'] | null {
  const words = rest.split(' ').slice(1);
  const read: (readonly [string, string])[] = [];
  for (const [name, allowed] of EXTENSIONS) {
    const index = words.findIndex((word, place) => place % 2 === 0 && word === name);
    if (index === -1) continue;
    const value = words[index + 1] ?? '';
    if (!allowed.test(value)) return null;
    read.push([name, value]);
  }
  return read;
}

/**
 * An IP address in its one spelling, or the mDNS name by which browsers hide their own address in the local network
 * (draft-ietf-mmusic-mdns-ice-candidates §3.1). Null for others: an IPv4 address that one resolver reads as octal is
 * a host name to another.
 */
function readAddress(address: string): string | null {
  if (/^[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}\.local$/u.test(address)) return address.toLowerCase();
  if (/^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/u.test(address))
    return address.split('.').every((byte) => Number(byte) < 256) ? address : null;
  if (!/^[\dA-Fa-f:.]*:[\dA-Fa-f:.]*$/u.test(address) || !URL.canParse(`http://[${address}]/`)) return null;
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  // 0000::/8 is assigned to no host (RFC 4291 §2.4): an address in it is an IPv4 address, mapped, compatible or
  // translated.
  return /^[\da-f]{3,4}:/u.test(short) ? short : null;
}

/**
 * One spelling per address, for comparison: lower case, IPv6 without brackets, zone and zero runs, and IPv4 within
 * IPv6 as IPv4, whether mapped (RFC 4291 §2.5.5.2) or behind a NAT64 (RFC 6052 §2.1).
 */
export function normalise(address: string): string {
  const bare = address
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/gu, '')
    .replace(/%.*$/u, '');
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]/`)) return bare;
  const short = new URL(`http://[${bare}]/`).hostname.replace(/^\[|\]$/gu, '');
  const [, high, low] = /^(?:::ffff:|64:ff9b::)(?:([\da-f]{1,4}):)?([\da-f]{1,4})$/u.exec(short) ?? [];
  if (low === undefined) return short;
  const [left, right] = [Number.parseInt(high ?? '0', 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}

/**
 * URLs of STUN and TURN servers (RFC 7064, RFC 7065), as every browser takes them. Firefox takes no `stuns:`. A URL that `RTCPeerConnection`
 * refuses would throw in the middle of a session, so it is refused when the configuration is read. Shared by browser
 * and server.
 */
export interface IceUrl {
  readonly scheme: 'stun' | 'turn' | 'turns';
  /** A host name or IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** From the client to the server. */
  readonly transport: 'udp' | 'tcp';
}

const HOST = '(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}\\])';
/** No slashes, no query; only hints to editors, because it does not check names and ports. */
export const STUN_URL = new RegExp(`^stun:${HOST}(?::\\d{1,5})?$`, 'u');
export const TURN_URL = new RegExp(`^turns?:${HOST}(?::\\d{1,5})?(?:\\?transport=(?:udp|tcp))?$`, 'u');

/** Octets of a host name and of one label (RFC 1035 §2.3.4). */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
/** RFC 7064 §3.2, RFC 7065 §3.2. */
const DEFAULT_PORT = { stun: 3478, turn: 3478, turns: 5349 } as const;
/** Ports from 1024 on that browsers block (Fetch §2.9, seen in Firefox 153 also for ICE servers). */
const BLOCKED_PORTS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);
/** Of the ports below 1024, Chromium uses only these for TURN. */
const LOW_PORTS: ReadonlySet<number> = new Set([53, 80, 443]);

/** @returns null for a URL that some browser refuses; {@link iceUrlProblem} says why */
export function parseIceUrl(url: string): IceUrl | null {
  const [, scheme, host = '', port, transport] =
    /^(stun|turns?):(\[[^\]]*\]|[^:?[\]/@#]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/u.exec(url) ?? [];
  if (!isScheme(scheme) || !isHost(host)) return null;
  if (transport !== undefined && scheme.startsWith('stun')) return null;
  const number = port === undefined ? DEFAULT_PORT[scheme] : Number(port);
  if (!isPort(number)) return null;
  return {
    scheme,
    host: host.replace(/^\[|\]$/gu, ''),
    port: number,
    transport: transport === 'tcp' || (transport === undefined && scheme.endsWith('s')) ? 'tcp' : 'udp',
  };
}

/** Whether a text is an IP address in its usual spelling: four decimal bytes, or IPv6 without a zone. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || (text.includes(':') && URL.canParse(`http://[${text}]/`));
}

/** @returns what is wrong with a URL of these schemes, in words; null where nothing is */
export function iceUrlProblem(url: string, schemes: 'stun' | 'turn'): string | null {
  const example = schemes === 'stun' ? 'stun:host:port' : 'turn:host:port?transport=udp';
  if (!new RegExp(`^${schemes}s?:`, 'u').test(url)) return `an address such as ${example}`;
  if (url.includes('//')) return `no slashes: ${example}`;
  if (url.startsWith('stuns:')) return 'stun: instead of stuns:, which Firefox refuses';
  if (schemes === 'stun' && url.includes('?')) return 'no "?" after a stun: address';
  if (parseIceUrl(url)) return null;
  const [, port] = /:(\d+)(?:\?|$)/u.exec(url) ?? [];
  if (port !== undefined && parseIceUrl(url.replace(`:${port}`, ''))) return `browsers refuse port ${port}`;
  return `an address such as ${example}`;
}

/** Global, unique local and link-local addresses (RFC 4291 §2.4, RFC 4193): Firefox refuses others. */
const UNICAST = /^\[(?:[23][\da-f]{3}|f[cd][\da-f]{2}|fe[89ab][\da-f]):/u;

const isPort = (port: number): boolean =>
  LOW_PORTS.has(port) || (port >= 1024 && port <= 65_535 && !BLOCKED_PORTS.has(port));

const isScheme = (scheme: string | undefined): scheme is IceUrl['scheme'] =>
  scheme !== undefined && Object.hasOwn(DEFAULT_PORT, scheme);

function isHost(host: string): boolean {
  if (!new RegExp(`^${HOST}$`, 'u').test(host)) return false;
  if (host.startsWith('['))
    return host === '[::1]' || (URL.canParse(`http://${host}/`) && UNICAST.test(new URL(`http://${host}/`).hostname));
  if (host.length > LONGEST_NAME) return false;
  if (host.split('.').some((label) => label === '' || label.length > LONGEST_LABEL || /^-|-$/u.test(label)))
    return false;
  // A name that ends in a number is an IPv4 address, which some parsers also read in octal or with fewer parts.
  return !/(?:^|\.)\d+$/u.test(host) || (isIpv4(host) && !/^(?:0|22[4-9]|2[3-5]\d)\./u.test(host));
}

function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/u.test(byte) && Number(byte) < 256);
}

/** IP addresses of clients: parsed strictly, because limits and loopback checks compare them. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Where the server reads a client's address: from the connection, or from the `X-Forwarded-For` that its own proxy
 * writes.
 */
export type AddressSource = 'connection' | 'x-forwarded-for';

/** A network that counts as one client. */
export interface Network {
  readonly name: string;
  /** How many times the limit of one client it may use. */
  readonly share: number;
}

/** The network of all that is not an IP address: `unknown`, obfuscated identifiers (RFC 7239 §6), garbage. */
const UNREADABLE: readonly Network[] = [{ name: 'unreadable', share: 1 }];

/** The last entry of the header is the one that the nearest proxy wrote; a client can invent all others. */
export function clientAddress(request: IncomingMessage, from: AddressSource): string {
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').at(-1)?.trim();
  return (from === 'x-forwarded-for' && forwarded) || (request.socket.remoteAddress ?? '');
}

/**
 * Parses an address as proxies write it: with a port, in brackets, in quotes (RFC 7239 §4), or IPv4 within IPv6.
 *
 * @returns null for anything else
 */
export function parseAddress(text: string): Address | null {
  const bare = text.trim().replace(/^"(.*)"$/u, '$1');
  const [, inBrackets] = /^\[([^\]]+)\](?::\d{1,5})?$/u.exec(bare) ?? [];
  const [, beforePort] = /^(\d+(?:\.\d+){3}):\d{1,5}$/u.exec(bare) ?? [];
  const address = inBrackets ?? beforePort ?? bare;
  // Four decimal parts only: other parsers read octal and shorter forms differently.
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  return ipaddr.IPv6.isValid(address) ? withoutMapping(ipaddr.IPv6.parse(address)) : null;
}

/** IPv4 within IPv6, mapped (RFC 4291 §2.5.5.2) or behind a NAT64 (RFC 6052 §2.1), is the IPv4 address. */
function withoutMapping(address: ipaddr.IPv6): Address {
  const range = address.range();
  return range === 'ipv4Mapped' || range === 'rfc6052' ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

export const isLoopback = (text: string): boolean =>
  // As a proxy on this machine connects, for everyone.
  text === '127.0.0.1' || parseAddress(text)?.range() === 'loopback';

/**
 * The networks in which an address is counted. One IPv6 customer has a /64 at least, often a /56 or /48 (RFC 6177):
 * single addresses would count nothing, and one that rotates its networks gets twice or four times the limit.
 */
export function networksOf(text: string): readonly Network[] {
  const address = parseAddress(text);
  if (!address) return UNREADABLE;
  if (address.kind() === 'ipv4') return [{ name: address.toString(), share: 1 }];
  return [prefix(address, 64, 1), prefix(address, 56, 2), prefix(address, 48, 4)];
}

function prefix(address: Address, bits: number, share: number): Network {
  const network = address.toByteArray().map((byte, index) => (index < bits / 8 ? byte : 0));
  return { name: `${ipaddr.fromByteArray(network).toString()}/${String(bits)}`, share };
}

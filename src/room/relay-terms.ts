/**
 * What both people of a pair agree to when they allow a relay (protocol.md §10): the declared relays and the version of the
 * explanation, independent of the language that each of them reads it in.
 */
import type { PublicConfiguration, RelayServer } from '../configuration.ts';
import { concat, label, lp, sha384, u32, utf8, type Bytes } from '../e2ee/bytes.ts';

/** Rises when what the explanation says changes, in any language. */
export const RELAY_TERMS_VERSION = '1';

export function relaysOf({ servers }: PublicConfiguration): readonly RelayServer[] {
  return servers.filter((server): server is RelayServer => server.role === 'relay');
}

/** SHA-384 over version, operator, country, URLs and addresses of every declared relay. */
export function relayTermsHash(configuration: PublicConfiguration): Promise<Bytes> {
  const list = (items: readonly string[]): Bytes => concat(u32(items.length), ...items.map((item) => lp(utf8(item))));
  const relays = relaysOf(configuration).map(({ operator, country, urls, addresses }) =>
    concat(list([operator, country]), list(urls), list(addresses)),
  );
  return sha384(concat(label('relay terms'), lp(utf8(RELAY_TERMS_VERSION)), ...relays.map(lp)));
}

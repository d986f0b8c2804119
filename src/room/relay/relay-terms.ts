/**
 * The terms that two participants consent to when they allow a relay (protocol.md §10): the declared relays and the
 * version of the explanation, independent of the language each of them reads.
 */
import type { PublicConfiguration, RelayServer } from '../../configuration.ts';
import type { Policy } from '../../policy.ts';
import { concat, label, lp, sha384, u32, utf8, type Bytes } from '../../e2ee/bytes.ts';

/**
 * Version of the explanation, increased with every change of its content in any language. A test pins the hash of every
 * sentence of the question, so that no wording changes under an old version.
 */
export const RELAY_TERMS_VERSION = '4';

/** The relays that the site declares. */
export function relaysOf({ servers }: PublicConfiguration): readonly RelayServer[] {
  return servers.filter((server): server is RelayServer => server.role === 'relay');
}

/**
 * SHA-384 over the version, the purpose, and operator, country, URLs and addresses of every declared relay. The purpose
 * is part of it because hiding one's address is another question than enabling a connection: a yes to one is no answer
 * to the other.
 */
export function relayTermsHash(configuration: PublicConfiguration, purpose: Policy['relay']): Promise<Bytes> {
  const list = (items: readonly string[]): Bytes => concat(u32(items.length), ...items.map((item) => lp(utf8(item))));
  const relays = relaysOf(configuration).map(({ operator, country, urls, addresses }) =>
    concat(list([operator, country]), list(urls), list(addresses)),
  );
  return sha384(concat(label('relay terms'), lp(utf8(RELAY_TERMS_VERSION)), lp(utf8(purpose)), ...relays.map(lp)));
}

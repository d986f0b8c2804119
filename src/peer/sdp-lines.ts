/**
 * Allow list of the description lines that a call needs (RFC 8866 §5, RFC 8829 §5.2), as browsers write them. All
 * others are cut in both directions: engines accept more spellings than they write, and one that reads `a=Candidate:`
 * as a candidate would bypass the relay gate.
 */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  // Of the session and of each section
  'group',
  'msid-semantic',
  'mid',
  'msid',
  'sendrecv',
  'sendonly',
  'recvonly',
  'inactive',
  'bundle-only',
  // ICE and DTLS; candidates are sent separately, through the relay gate
  'ice-ufrag',
  'ice-pwd',
  'ice-options',
  'fingerprint',
  'setup',
  // RTP
  'rtcp',
  'rtcp-mux',
  'rtcp-rsize',
  'rtcp-fb',
  'rtpmap',
  'fmtp',
  'extmap',
  'ssrc',
  'ssrc-group',
  'ptime',
  'maxptime',
  // Data channels
  'sctp-port',
  'max-message-size',
]);

/**
 * Whether a line may pass: a known kind in its one spelling, without a control character at which another parser
 * could split it.
 */
export function isKnownLine(line: string): boolean {
  if (/\p{Cc}/u.test(line)) return false;
  const [, attribute] = /^a=([a-z-]+)(?::|$)/u.exec(line) ?? [];
  return attribute === undefined ? /^[vostcbm]=/u.test(line) : ATTRIBUTES.has(attribute);
}

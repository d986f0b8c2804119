/**
 * The lines of a description that a call needs (RFC 8866 §5, RFC 8829 §5.2), as browsers write them. All others are cut in both
 * directions: a list of what may pass, because engines read more spellings than they write, and a candidate that one of them
 * accepts as `a=Candidate:` would come past the relay gate.
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
  // ICE and DTLS; candidates travel apart, through the relay gate
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

/** Whether a line may pass: one of a known kind in its one spelling, with no control character that another parser could split at. */
export function isKnownLine(line: string): boolean {
  if (/\p{Cc}/u.test(line)) return false;
  const [, attribute] = /^a=([a-z-]+)(?::|$)/u.exec(line) ?? [];
  return attribute === undefined ? /^[vostcbm]=/u.test(line) : ATTRIBUTES.has(attribute);
}

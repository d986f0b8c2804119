/**
 * Rules for session descriptions (protocol.md §7): one SHA-256 fingerprint, the same in all sections and for the
 * lifetime of the connection; no header extension that reveals who is speaking; Opus at a constant bit rate. They
 * apply in both directions.
 */
import { ConsultError } from '../errors.ts';
import { isKnownLine } from './sdp-lines.ts';

/**
 * RTP header extensions that a call needs: demultiplexing in a bundle (RFC 9143) and congestion control. All others
 * would only be visible on the wire in clear, audio levels (RFC 6464, RFC 6465) above all.
 */
const NEEDED_EXTENSIONS: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
];

const EXTENSION = /^a=extmap:\d+(?:\/\w+)? (?<uri>\S+)/u;

export function neededExtension(uri: string): boolean {
  return NEEDED_EXTENSIONS.includes(uri);
}

function lines(sdp: string): readonly string[] {
  return sdp.split(/\r?\n/u).filter((line) => line !== '');
}

const join = (kept: readonly string[]): string => `${kept.join('\r\n')}\r\n`;

/**
 * A description as it is sent: without candidates, lines and header extensions that a call does not need, and without
 * attributes of payloads that no section offers, which Firefox leaves in when codecs are chosen and Chromium refuses.
 */
export function outgoing(sdp: string): string {
  let payloads: ReadonlySet<string> = new Set();
  const kept = lines(sdp).filter((line) => {
    const [, offered] = /^m=\w+ \d+ \S+ (.*)$/u.exec(line) ?? [];
    if (offered !== undefined) payloads = new Set(offered.split(' '));
    const [, payload] = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /u.exec(line) ?? [];
    if (payload !== undefined && !payloads.has(payload)) return false;
    return isKnownLine(line) && keepsExtension(line);
  });
  return join(kept.map(withoutAddress));
}

/** Addresses are sent only as candidates, through the relay gate (RFC 8839 §4.1.3: 0.0.0.0 and port 9 until then). */
function withoutAddress(line: string): string {
  return line
    .replace(/^c=IN IP[46] .*$/u, 'c=IN IP4 0.0.0.0')
    .replace(/^a=rtcp:\d+.*$/u, 'a=rtcp:9 IN IP4 0.0.0.0')
    .replace(/^m=(\w+) [1-9]\d* /u, 'm=$1 9 ');
}

/** Milliseconds of sound in a packet: of two people, and of many, who send each packet to each other (RFC 7587 §3). */
export type PacketTime = 20 | 60;

/**
 * A received description as the engine gets it: with the same cuts, and the bit rate and packet time of our own sender.
 */
export function incoming(sdp: string, packetTime: PacketTime = 20): string {
  return withPacketTime(voice(outgoing(sdp)), packetTime);
}

/** `ptime` (RFC 8866 §6.4) of the sound: what we send, whatever the other side said. */
function withPacketTime(sdp: string, packetTime: PacketTime): string {
  const others = lines(sdp).filter((line) => !/^a=(?:max)?ptime:/iu.test(line));
  return join(
    others.flatMap((line) =>
      packetTime !== 20 && /^a=rtpmap:\d+ opus\/48000/iu.test(line) ? [line, `a=ptime:${String(packetTime)}`] : [line],
    ),
  );
}

function keepsExtension(line: string): boolean {
  const uri = EXTENSION.exec(line)?.groups?.['uri'];
  return uri === undefined || neededExtension(uri);
}

/**
 * What our own sender does with every Opus payload, whatever the other side asked for (RFC 7587 §6.1): packet lengths of
 * variable-rate speech reveal what is said (RFC 6562), and each member sends its voice to each other, so that a rate that
 * the other side chose, or a second channel, would be multiplied. 32 kbit/s carry a voice at full bandwidth
 * (RFC 6716 §2.1.1); Chromium doubles them in packets of 60 ms.
 */
const VOICE = ['maxaveragebitrate=32000', 'cbr=1', 'usedtx=0'];

/** Of what the other side says, what tells how to reach it well. */
const ITS_OWN = /^\s*(?:minptime|useinbandfec)=\d+\s*$/u;

function voice(sdp: string): string {
  const all = lines(sdp);
  const opus = new Set(all.flatMap((line) => /^a=rtpmap:(\d+) opus\/48000/iu.exec(line)?.[1] ?? []));
  const described = new Set<string>();
  const changed = all.map((line) => {
    const [, payload, parameters] = /^a=fmtp:(\d+) (.*)$/u.exec(line) ?? [];
    if (payload === undefined || parameters === undefined || !opus.has(payload)) return line;
    described.add(payload);
    const others = parameters.split(';').filter((parameter) => ITS_OWN.test(parameter));
    return `a=fmtp:${payload} ${[...others, ...VOICE].join(';')}`;
  });
  const missing = [...opus].filter((payload) => !described.has(payload));
  return join(
    changed.flatMap((line) => {
      const payload = missing.find((candidate) => line.startsWith(`a=rtpmap:${candidate} `));
      return payload === undefined ? [line] : [line, `a=fmtp:${payload} ${VOICE.join(';')}`];
    }),
  );
}

/**
 * The one DTLS fingerprint of a description, lower case.
 *
 * @throws {ConsultError} `session-description-refused` for none, another hash than SHA-256, or two that differ
 */
export function fingerprintOf(sdp: string): string {
  const all = lines(sdp).flatMap((line) => /^a=fingerprint:(?<rest>.*)$/u.exec(line)?.groups?.['rest'] ?? []);
  const [first] = all;
  const value = first?.trim().toLowerCase() ?? '';
  if (!/^sha-256 [0-9a-f]{2}(:[0-9a-f]{2}){31}$/u.test(value)) throw refused('fingerprint');
  if (all.some((other) => other.trim().toLowerCase() !== value)) throw refused('two fingerprints');
  return value;
}

/** The media sections in order, such as `audio`, `video`, `video`, `application`. */
export function sectionsOf(sdp: string): readonly string[] {
  return lines(sdp).flatMap((line) => /^m=(\w+) /u.exec(line)?.[1] ?? []);
}

export const refused = (detail: string, cause?: unknown): ConsultError =>
  new ConsultError('session-description-refused', { detail, cause });

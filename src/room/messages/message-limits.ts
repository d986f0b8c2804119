/** Limits of what participants send each other; `messages.ts` enforces them, interfaces show them. */

/** Limits that both ends enforce, in bytes unless stated otherwise. */
export const LIMITS = {
  /** A session description; Chromium's with three m-lines has about 5 kB. */
  sdp: 24 * 1024,
  candidate: 1024,
  /** Number of candidates in one batch. */
  candidates: 64,
  /** Names and roles, in characters. */
  name: 64,
  /** Number of people that one side may declare in its room. */
  occupants: 12,
  /** A chat line, in characters. */
  chat: 4000,
  /** Number of interpreters that the host may name; the room has eight places beside the host's. */
  interpreters: 8,
  /** A signed delegation in base64url, in characters; it has some 500. */
  delegation: 1024,
} as const;

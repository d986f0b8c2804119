/**
 * The safety code (protocol.md §11): `MLS-Exporter("consult-room v1 safety", roomId ‖ epoch authenticator, 16) mod 10^30`,
 * six groups of five digits, which are the same in every language and can be read aloud.
 *
 * 10^30 is just below 2^100; 16 bytes reduced to it are uniform to within 2^-28.
 */
export const SAFETY_LABEL = 'consult-room v1 safety';

const GROUPS = 6;
const DIGITS = 5;

/** @param exported 16 bytes of the exporter */
export function safetyCode(exported: Uint8Array): readonly string[] {
  const value = exported.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % 10n ** BigInt(GROUPS * DIGITS);
  const digits = value.toString().padStart(GROUPS * DIGITS, '0');
  return Array.from({ length: GROUPS }, (_, group) => digits.slice(group * DIGITS, (group + 1) * DIGITS));
}

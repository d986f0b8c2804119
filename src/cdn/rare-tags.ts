/** Tags of the elements of `rare-elements.ts`, for the first view, which does not have them; the build compares the two. */
export const RARE_TAGS = [
  'appointment-sheet',
  'connection-report',
  'consent-receipts',
  'device-menu',
  'host-tools',
  'recording-guard',
  'relay-consent-dialog',
  'room-chat',
  'room-code',
  'room-invite',
  'safety-code',
  'server-report',
] as const;

/** Those that stand somewhere and are not there yet. */
export const MISSING = RARE_TAGS.map((tag) => `${tag}:not(:defined)`).join();

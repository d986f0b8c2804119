/** The promises of the library. Tests name the promise that they prove as `[R8]`. */
export const requirements = {
  R1: 'Nothing happens before the notice is accepted; a pseudonym is enough; consent is versioned, receipted and can be withdrawn',
  R2: 'The site hosts the service itself, and the notice names the real operator and servers',
  R3: 'Nothing is stored by default; what a server holds in memory has a deletion clock',
  R4: 'Contents are end-to-end encrypted, also against our own server and relay',
  R5: 'A link is enough: no account, no cookie, no identifier that outlives the session',
  R6: 'The library cannot make a sound or interrupt, and reconnects by itself',
  R7: 'Media goes directly from person to person; without consent there is no relay candidate',
  R8: 'Where direct fails, a relay is offered; both people of a pair must accept',
  R9: 'Declining a relay is final and calm, and no packet reaches the relay',
  R10: 'Only algorithms that TR-02102-1 recommends, the key agreement hybrid',
  R11: 'Every server is declared with operator and country; no third party is ever asked',
  R12: 'Metadata lives for minutes, never over 90 days; logs hold no address, name or room',
  R13: 'Each side names everyone in its room and each other side acknowledges before media flows',
  R14: 'When someone comes in, camera and microphone pause until declared again',
  R15: 'Privacy in the room: background blur, hidden self-view, pause, quick exit',
  R16: 'No recording by either side: agreed, blocked in the page, and honest about its limits',
  R17: 'Groups of up to nine, every rule for each pair',
  R18: 'When quality drops, people decide; never silently',
} as const satisfies Readonly<Record<string, string>>;

export type RequirementId = keyof typeof requirements;
export const requirementIds = Object.keys(requirements) as readonly RequirementId[];

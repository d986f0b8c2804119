/** The invite travels in the fragment, which browsers send to no server; it leaves the address bar as soon as it is read. */

/** Only what the room reads (`src/e2ee/admission/invite-token.ts`): another fragment would be taken away for nothing. */
const INVITE = /^#consult=/u;

/** Whether the address bar holds an invite now. */
export function holdsInvite(): boolean {
  return INVITE.test(location.hash);
}

/** Takes the fragment that holds an invite out of the address bar, so that nobody reads it over a shoulder or finds it in the history. */
export function takeInvite(): string | undefined {
  if (!holdsInvite()) return undefined;
  const fragment = location.hash;
  history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
}

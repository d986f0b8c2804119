/** What a session shows and says where something is out of the ordinary, as one part; `action-failed` stands for an error until it is there. */
export { DirectOffer } from '../elements/consult-room/direct-offer.ts';
export { QualityChoice } from '../elements/consult-room/quality-choice.ts';
export { renderHandOverWord } from '../elements/consult-room/screens/hand-over-word.ts';
export { renderHostWord } from '../elements/consult-room/screens/host-word.ts';
export { renderNoConnection } from '../elements/consult-room/screens/no-connection-screen.ts';
export { renderPaused } from '../elements/consult-room/screens/paused-screen.ts';
export { renderRelayPending } from '../elements/consult-room/screens/relay-pending-screen.ts';
export { renderRelayState } from '../elements/consult-room/screens/relay-state.ts';
export { de as texts } from '../locales/de.ts';

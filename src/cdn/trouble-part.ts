/** What a session shows when someone opens a panel, and shows and says where something is out of the ordinary, as one part; `action-failed` stands for an error until it is there. */
import { DirectOffer } from '../elements/consult-room/direct-offer.ts';
import { QualityChoice } from '../elements/consult-room/quality-choice.ts';
import { renderHandOverWord } from '../elements/consult-room/screens/hand-over-word.ts';
import { renderHostWord } from '../elements/consult-room/screens/host-word.ts';
import { renderNoConnection } from '../elements/consult-room/screens/no-connection-screen.ts';
import { renderPaused } from '../elements/consult-room/screens/paused-screen.ts';
import { renderRelayPending } from '../elements/consult-room/screens/relay-pending-screen.ts';
import { renderRelayState } from '../elements/consult-room/screens/relay-state.ts';
import { renderSidePanel } from '../elements/consult-room/screens/side-panel.ts';
import { renderDeclarations } from '../elements/room-occupants-notice/declarations.ts';
import type { LateScreens } from './late-screens.ts';

export { de as texts } from '../locales/de.ts';
export { icons } from '../ui/icons.ts';
export const screens: LateScreens = {
  DirectOffer,
  QualityChoice,
  renderDeclarations,
  renderHandOverWord,
  renderHostWord,
  renderNoConnection,
  renderPaused,
  renderRelayPending,
  renderRelayState,
  renderSidePanel,
};

/**
 * The CDN entry: the first view and nothing else. Everything later comes from the folder of this file, while people read the notice.
 */
import { define } from '../define.ts';
import { awaitGerman } from '../ui/texts.ts';
import { whenIdle } from '../util/when-idle.ts';
import { loadElements, loadRest } from './elements-part.ts';
import { FirstRoom } from './first-room.ts';

awaitGerman(loadElements);
define(FirstRoom);
// Where it fails, the room tries again, and says so when the elements are needed.
whenIdle(() => void loadRest().catch(() => undefined));

export { define } from '../define.ts';
export { loadTexts, registerTexts } from '../ui/texts.ts';
export { FirstRoom as ConsultRoom, loadElements };

/** In the entry, what `consult-room.styles.ts` is elsewhere: without the styles of a call, which come with its screens (vite.config.ts). */
import { calm } from '../elements/consult-room/calm.styles.ts';
import { layout } from '../elements/consult-room/layout.styles.ts';
import { print } from '../elements/consult-room/print.styles.ts';
import { problems } from '../elements/consult-room/problems.styles.ts';
import { scene } from '../elements/consult-room/scene.styles.ts';
import { smallExit } from '../elements/quick-exit/small-exit.styles.ts';

export const styles = [layout, scene, smallExit, calm, problems, print];

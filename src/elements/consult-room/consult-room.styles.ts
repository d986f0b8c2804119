import { smallExit } from '../quick-exit/small-exit.styles.ts';
import { calm } from './calm.styles.ts';
import { layout } from './layout.styles.ts';
import { print } from './print.styles.ts';
import { problems } from './problems.styles.ts';
import { scene } from './scene.styles.ts';
import { session } from './session.styles.ts';

/** By subject; what comes later may narrow down what came before. */
export const styles = [layout, scene, smallExit, calm, problems, session, print];

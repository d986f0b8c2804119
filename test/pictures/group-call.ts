/**
 * `npm run group-call [-- SCENE] [--people 9]`: groups in real browsers against the built demo. Pictures of one guest's
 * phone go to `dist/pictures/group-call`, to be looked at. Ends with an error where the scene does not hold.
 *
 * - `together` (default, of 4 to 9; else 6): the last comes late, stops and covers nobody's picture, and all hear and see
 *   each of the others.
 * - `round` (9): all come in silent and without a picture, and each speaks in turn: nine voices and pictures at once are
 *   more than the one machine carries on which they all run here.
 * - `changes` (6): one leaves, three come, and all hear and see each of the others.
 * - `interpreter` (4): twenty pictures a second of the interpreter arrive at everyone, also beside a shared screen.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { inGroup } from './group.ts';
import { SCENES } from './group-scenes.ts';

const { values, positionals } = parseArgs({ options: { people: { type: 'string' } }, allowPositionals: true });
const [name = 'together'] = positionals;
const scene = SCENES[name];
assert.ok(scene, `a scene is one of ${Object.keys(SCENES).join(', ')}`);
const people = Number(values.people ?? scene.people);
assert.ok(people >= 4 && people <= 9, '--people is 4 to 9');
await inGroup((windows) => scene.play(windows, people), scene.camera);

/**
 * `node --import ./test/support/typescript.mjs FILE.ts`: Node runs the sources as they are, on every Node we support
 * (type stripping is native only from Node 22.18 on).
 */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);

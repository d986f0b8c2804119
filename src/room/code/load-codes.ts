import { part } from '../../util/part.ts';

/** @throws {ConsultError} `part-unavailable` */
export const loadCodes = part(() => import('./code-exchange-part.ts'));

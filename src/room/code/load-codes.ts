import { part } from '../../util/part.ts';

/** What the page of a host needs for its spoken code. @throws {ConsultError} `part-unavailable` */
export const loadHostCode = part(() => import('./host-code.ts'));

/** What pages without a room need for spoken codes. @throws {ConsultError} `part-unavailable` */
export const loadCodes = part(() => import('./code-exchange-part.ts'));

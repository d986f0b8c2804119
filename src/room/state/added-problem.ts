/** A problem that an interface found out itself. */
import { ConsultError, ERROR_CODES, type ErrorCode } from '../../errors.ts';
import type { RoomInput } from './actions.ts';

/** @throws {ConsultError} `argument-invalid` for anything but a code that does not end the session */
export function addedProblem(code: ErrorCode): RoomInput {
  if (!Object.hasOwn(ERROR_CODES, code) || ERROR_CODES[code].fatal)
    throw new ConsultError('argument-invalid', { detail: `addProblem: ${code}` });
  return { type: 'problem', code };
}

/** Tells invalid input, which is dropped with its code, from faults of this library, which must not be disguised as invalid input. */
import { ConsultError, type ErrorCode } from '../../errors.ts';

/**
 * The code to report for an error that a handler of received messages threw. Anything but a `ConsultError` is a fault of
 * ours: it goes to the console with its stack, and is never reported as invalid input of the other side.
 *
 * @param fault the code of a fault of ours
 */
export function codeOfHandlerError(error: unknown, fault: ErrorCode = 'action-failed'): ErrorCode {
  if (error instanceof ConsultError) return error.code;
  // The only place where a developer can see it: no user action waits for the result.
  // oxlint-disable-next-line no-console
  console.error(error);
  return fault;
}

/** Code and detail of an error that ends the room, as with {@link codeOfHandlerError}. */
export function failureOf(error: unknown): { readonly code: ErrorCode; readonly detail?: string } {
  const code = codeOfHandlerError(error);
  return error instanceof ConsultError && error.detail !== '' ? { code, detail: error.detail } : { code };
}

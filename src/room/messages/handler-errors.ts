/** Tells invalid input, which is dropped with its code, from faults of this library, which must not be disguised as invalid input. */
import { ConsultError, type ErrorCode } from '../../errors.ts';

/**
 * The code to report for an error that a handler of received messages threw. Anything but a `ConsultError` is a fault of
 * ours: it goes to the console with its stack, and is reported as `action-failed`.
 */
export function codeOfHandlerError(error: unknown): ErrorCode {
  if (error instanceof ConsultError) return error.code;
  // The only place where a developer can see it: no user action waits for the result.
  // oxlint-disable-next-line no-console
  console.error(error);
  return 'action-failed';
}

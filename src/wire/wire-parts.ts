/** Validators shared by the messages to the server (`wire.ts`) and between browsers (`room/messages/messages.ts`). */
import * as v from 'valibot';
import { ConsultError } from '../errors.ts';
import { P384_SPKI } from '../util/p384-spki.ts';

/** Limit of one text message on the WebSocket, in bytes: the largest seal class in base64url, and its frame. */
export const MESSAGE_LIMIT = 72 * 1024;

/** Limit of a message of the exchange behind a spoken code (protocol.md §14), in characters of base64url. */
export const CODE_DATA_LIMIT = 512;

/**
 * Milliseconds from the receipt of relay credentials, in which a browser may allocate; coturn does not check later
 * (protocol.md §10).
 */
export const CREDENTIAL_LIFETIME = 10 * 60 * 1000;

export const base64url = (maximum: number) => v.pipe(v.string(), v.maxLength(maximum), v.regex(/^[A-Za-z0-9_-]*$/u));
export const exactly = (bytes: number) =>
  v.pipe(v.string(), v.length(Math.ceil((bytes * 4) / 3)), v.regex(/^[A-Za-z0-9_-]+$/u));
/** The public key of a host or its delegate. */
export const hostSpki = v.pipe(v.string(), v.regex(P384_SPKI));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Milliseconds since the epoch, as far as dates reach (ECMA-262 §21.4.1.1): nothing later could be written as one. */
export const time = /* @__PURE__ */ v.pipe(count, v.maxValue(8.64e15));
/** The same in seconds. */
export const timeInSeconds = /* @__PURE__ */ v.pipe(count, v.maxValue(8.64e12));

/** @throws {ConsultError} `message-invalid` */
export function json(data: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'not JSON', cause: error });
  }
}

/** @throws {ConsultError} `message-invalid` */
export function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  // Names the issue's path, never its input, which may contain a name.
  if (!result.success)
    throw new ConsultError('message-invalid', { detail: v.getDotPath(result.issues[0]) ?? 'message' });
  return result.output;
}

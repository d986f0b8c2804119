/**
 * Receives what one participant sends over the data channel, such as chat lines. The frame worker decrypts it, so the
 * number of unanswered requests to the worker is limited: a flood must not delay frames.
 */
import { type ErrorCode } from '../../errors.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import { parseData, type ChannelMessage } from '../messages/messages.ts';

/** Messages of one link that the worker has not answered yet; only a flood reaches this number. */
const IN_FLIGHT = 64;

export interface DataReceiverOptions {
  /** Null for what cannot be read and comes again. */
  open(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null>;
  onData(message: ChannelMessage): void;
  onProblem(code: ErrorCode): void;
}

export class DataReceiver {
  readonly #o: DataReceiverOptions;
  #inFlight = 0;
  #before: Promise<void> = Promise.resolve();

  constructor(o: DataReceiverOptions) {
    this.#o = o;
  }

  /** Decrypts and parses one message. Never rejects: what is wrong with it is reported. */
  receive(sealed: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#inFlight >= IN_FLIGHT) return Promise.resolve(this.#o.onProblem('message-invalid'));
    this.#inFlight++;
    const opened = this.#o.open(sealed);
    // Handled in its turn, which may come later.
    opened.catch(() => undefined);
    this.#before = this.#read(this.#before, opened);
    return this.#before;
  }

  /** In the order of arrival: a short message may be decrypted before a long one ahead of it. */
  async #read(before: Promise<void>, opened: Promise<Uint8Array<ArrayBuffer> | null>): Promise<void> {
    await before;
    try {
      const bytes = await opened;
      if (bytes) this.#o.onData(parseData(bytes));
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
    } finally {
      this.#inFlight--;
    }
  }
}

/** What one participant sends us alone, such as chat lines: opened by the worker, of which no flood may ask more than it answers. */
import { asConsultError, type ErrorCode } from '../../errors.ts';
import { parseData, type DataMessage } from '../messages/messages.ts';

/** Messages of one link that the worker has not answered yet; more come only from somebody who floods. */
const IN_FLIGHT = 64;

export interface DataReceiverOptions {
  open(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  onData(message: DataMessage): void;
  onProblem(code: ErrorCode): void;
}

export class DataReceiver {
  readonly #o: DataReceiverOptions;
  #inFlight = 0;

  constructor(o: DataReceiverOptions) {
    this.#o = o;
  }

  async take(sealed: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#inFlight >= IN_FLIGHT) return this.#o.onProblem('message-invalid');
    this.#inFlight++;
    try {
      this.#o.onData(parseData(await this.#o.open(sealed)));
    } catch (error: unknown) {
      this.#o.onProblem(asConsultError(error, 'message-invalid').code);
    } finally {
      this.#inFlight--;
    }
  }
}

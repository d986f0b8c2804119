/** Runs asynchronous steps one at a time, in the order in which they were queued. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `step` once all earlier steps have settled, also those that failed.
   *
   * @returns the step's result, or its error
   */
  run<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/**
 * Answers at once, but not as often as it is asked: what is asked for within a pause is done together, once, at its end. So nobody goes
 * without an answer, and nobody can make us say more than the server lets one connection say.
 */
interface Pause {
  timer: ReturnType<typeof setTimeout>;
  /** What is done at its end; null while nobody has asked. */
  then: (() => void) | null;
}

export class Pace {
  readonly #pause: number;
  /** By what is answered; those that nobody asks for any more are forgotten. */
  readonly #pauses = new Map<string, Pause>();
  #closed = false;

  /** @param pause milliseconds between two answers about the same */
  constructor(pause: number) {
    this.#pause = pause;
  }

  /** @param later what is done where this has to wait; of several the newest stands for all */
  ask(what: string, now: () => void, later: () => void = now): void {
    if (this.#closed) return;
    const pause = this.#pauses.get(what);
    if (pause) {
      pause.then = later;
      return;
    }
    this.#begin(what);
    now();
  }

  /** The next one is answered at once. */
  forget(what: string): void {
    clearTimeout(this.#pauses.get(what)?.timer);
    this.#pauses.delete(what);
  }

  /** Nothing that waits is done any more. */
  close(): void {
    this.#closed = true;
    for (const what of this.#pauses.keys()) this.forget(what);
  }

  #begin(what: string): void {
    this.#pauses.set(what, { timer: setTimeout(() => this.#end(what), this.#pause), then: null });
  }

  #end(what: string): void {
    const then = this.#pauses.get(what)?.then;
    this.#pauses.delete(what);
    if (!then) return;
    this.#begin(what);
    then();
  }
}

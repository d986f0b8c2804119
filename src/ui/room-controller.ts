/** Connects an element to the room through context; re-renders only when the element's slice of the state changes. */
import { ContextConsumer } from '@lit/context';
import type { LitElement, ReactiveController } from 'lit';
import { roomContext } from '../context.ts';
import type { RoomInterface, RoomState } from '../room/room.ts';

/** Selects the slice of the state that an element shows. */
export type Selector<T> = (state: RoomState) => T;

/** Shallow equality: a selector may combine several parts of a snapshot into a new object. */
export function sameSlice(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && Object.is(right.get(key), value));
}

export class RoomController<T> implements ReactiveController {
  readonly #host: LitElement;
  readonly #select: Selector<T>;
  readonly #consumer: ContextConsumer<typeof roomContext, LitElement>;
  #room: RoomInterface | undefined;
  #slice: T | undefined;
  #listening = new AbortController();

  constructor(host: LitElement, select: Selector<T>) {
    this.#host = host;
    this.#select = select;
    this.#consumer = new ContextConsumer(host, {
      context: roomContext,
      subscribe: true,
      callback: (room) => this.#follow(room),
    });
    host.addController(this);
  }

  /** The room, once a provider answered. */
  get room(): RoomInterface | undefined {
    return this.#room;
  }

  /** The selected slice of the present snapshot; undefined without a room. */
  get value(): T | undefined {
    return this.#slice;
  }

  hostConnected(): void {
    // The consumer has asked already. A provider that wakes up later announces itself; ask again then.
    if (this.#room) return;
    const { signal } = this.#listening;
    document.addEventListener(
      'context-provider',
      (event) => {
        if ('context' in event && event.context === roomContext && !this.#room)
          queueMicrotask(() => this.#askAgain(signal));
      },
      { capture: true, signal },
    );
  }

  /** A selector may read the host's own properties, which may have changed. */
  hostUpdate(): void {
    if (this.#room) this.#slice = this.#select(this.#room.state);
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
    this.#room = undefined;
  }

  #askAgain(signal: AbortSignal): void {
    if (!signal.aborted && !this.#room) this.#consumer.hostConnected();
  }

  #follow(room: RoomInterface | undefined): void {
    if (room === this.#room) return;
    this.#listening.abort();
    this.#listening = new AbortController();
    this.#room = room;
    this.#take();
    if (!room) {
      if (this.#host.isConnected) this.hostConnected();
      return;
    }
    room.addEventListener('change', () => this.#take(), { signal: this.#listening.signal });
  }

  #take(): void {
    const next = this.#room ? this.#select(this.#room.state) : undefined;
    if (sameSlice(this.#slice, next)) return;
    this.#slice = next;
    this.#host.requestUpdate();
  }
}

/** Whether people see their own picture during the session [R15]. Local to this page, so not part of the room's state. */
import type { LitElement, ReactiveController } from 'lit';
import { isSession, type RoomInterface } from '../room/room.ts';

class SelfView extends EventTarget {
  #shown: boolean;

  constructor(room: RoomInterface) {
    super();
    this.#shown = isSession(room.state) && room.state.policy.selfView === 'shown';
  }

  get shown(): boolean {
    return this.#shown;
  }

  toggle(): void {
    this.#shown = !this.#shown;
    this.dispatchEvent(new Event('change'));
  }
}

const views = new WeakMap<RoomInterface, SelfView>();

function selfViewOf(room: RoomInterface): SelfView {
  const known = views.get(room) ?? new SelfView(room);
  views.set(room, known);
  return known;
}

/** One choice per room, shared by the button that changes it and the grid that shows the picture. */
export class SelfViewController implements ReactiveController {
  readonly #host: LitElement;
  readonly #room: () => RoomInterface | undefined;
  #view: SelfView | undefined;
  #listening = new AbortController();

  constructor(host: LitElement, room: () => RoomInterface | undefined) {
    this.#host = host;
    this.#room = room;
    host.addController(this);
  }

  get shown(): boolean {
    return this.#view?.shown ?? false;
  }

  toggle(): void {
    this.#view?.toggle();
  }

  hostUpdate(): void {
    const room = this.#room();
    const view = room && isSession(room.state) ? selfViewOf(room) : undefined;
    if (view === this.#view) return;
    this.#stop();
    this.#view = view;
    view?.addEventListener('change', () => this.#host.requestUpdate(), { signal: this.#listening.signal });
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #stop(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
    this.#view = undefined;
  }
}

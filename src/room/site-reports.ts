/** Tells the site what only it can change: its developer in the console, once for each cause, and its code by events. */
import { messageOf, SITE_FAULTS, type ErrorCode } from '../errors.ts';
import type { RoomInput } from './state/actions.ts';
import type { RoomEventInit } from './state/room-events.ts';

export class SiteReports {
  readonly #emit: (event: RoomEventInit) => void;
  /** What the console has. */
  readonly #told = new Set<string>();
  /** The last detail of each code. */
  readonly #details = new Map<ErrorCode, string>();

  constructor(emit: (event: RoomEventInit) => void) {
    this.#emit = emit;
  }

  /**
   * Once for each cause: to the console, and in an `error` event, not to the person.
   *
   * @param event `follows` where the state is about to change with this code, which brings the event
   */
  tell(code: ErrorCode, detail: string, event: 'now' | 'follows' = 'now'): void {
    this.#details.set(code, detail);
    if (this.#print(code, detail) === 'new' && event === 'now')
      this.#emit({ type: 'error', detail: { code, message: messageOf(code, detail) } });
  }

  /** An input that is about to change the state; the `error` event follows from that. */
  follow({ type, code, detail = '' }: Extract<RoomInput, { type: 'failed' | 'problem' }>): void {
    if (type === 'failed' ? SITE_FAULTS.has(code) : detail !== '') this.#print(code, detail);
  }

  /** An event of the room, with the detail of its code where one is known. */
  detailed(event: RoomEventInit): RoomEventInit {
    if (event.type !== 'error') return event;
    const { code } = event.detail;
    const detail = this.#details.get(code);
    return detail === undefined ? event : { ...event, detail: { code, message: messageOf(code, detail) } };
  }

  #print(code: ErrorCode, detail: string): 'new' | 'known' {
    const message = `consult-room: ${code}: ${messageOf(code, detail)}`;
    if (this.#told.has(message)) return 'known';
    this.#told.add(message);
    // oxlint-disable-next-line no-console -- what people read names no detail
    console.error(message);
    return 'new';
  }
}

/** What this process tells the others: its rooms, what its clients use, and how it lost and found them. */
import type { AddressCounter } from './address-counter.ts';
import type { BackplaneHandler } from './backplane/backplane.ts';
import type {
  Announcement,
  CodeAttempt,
  LedRoom,
  RoomEvent,
  RoomState,
  SpentToken,
  Usage,
} from './backplane/process-messages.ts';
import type { CodeAttempts } from './code-room.ts';
import type { HostGate } from './host-rule.ts';
import type { Hub } from './hub.ts';
import type { Openings } from './webhooks/openings.ts';
import type { Log } from './log.ts';
import type { ServerErrorCode } from '../wire/wire.ts';

/** Client networks in a pulse, those with the most connections first: one that matters is among them. */
const NETWORKS = 256;

interface LocalParts {
  readonly hub: Hub;
  readonly hosts: HostGate;
  readonly addresses: AddressCounter;
  readonly codes: CodeAttempts;
  /** Null without webhooks. */
  readonly openings: Openings | null;
  readonly log: Log;
}

export class LocalProcess implements BackplaneHandler {
  readonly #hub: Hub;
  readonly #hosts: HostGate;
  readonly #addresses: AddressCounter;
  readonly #codes: CodeAttempts;
  readonly #openings: Openings | null;
  readonly #log: Log;
  #cut: 'never' | 'now' | 'before' = 'never';

  constructor({ hub, hosts, addresses, codes, openings, log }: LocalParts) {
    this.#hub = hub;
    this.#hosts = hosts;
    this.#addresses = addresses;
    this.#codes = codes;
    this.#openings = openings;
    this.#log = log;
  }

  stateOf(room: string): RoomState | null {
    return this.#hub.remote.stateOf(room);
  }

  onState(room: string, process: string, state: RoomState): void {
    this.#hub.remote.onState(room, process, state);
  }

  onEvent(room: string, process: string, event: RoomEvent): void {
    this.#hub.remote.onEvent(room, process, event);
  }

  onProcessGone(room: string, process: string): void {
    this.#hub.remote.onProcessGone(room, process);
  }

  onLoss(room: string, process: string): void {
    this.#hub.remote.onLoss(room, process);
  }

  responds(room: string, seat: string): Promise<boolean> {
    return this.#hub.remote.responds(room, seat);
  }

  dismiss(room: string, seat: string, code: ServerErrorCode | null): void {
    this.#hub.remote.dismiss(room, seat, code);
  }

  usage(): Usage {
    const usage: Record<string, [number, number]> = {};
    for (const [network, connections] of this.#addresses.busiest(NETWORKS)) usage[network] = [connections, 0];
    for (const { proof, openedBy } of this.#hub.rooms()) {
      const use = openedBy === null || proof ? undefined : usage[openedBy];
      if (use) use[1] += 1;
    }
    return usage;
  }

  spent(): readonly SpentToken[] {
    return this.#hosts.spent();
  }

  onSpent(spent: SpentToken): void {
    this.#hosts.learn(spent);
  }

  led(): readonly LedRoom[] {
    return this.#hub.led.all();
  }

  onLed(led: LedRoom): void {
    this.#hub.led.learn(led);
  }

  onTried(attempt: CodeAttempt): void {
    this.#codes.learn(attempt);
  }

  onAnnouncement(process: string, { ask, rooms }: Announcement): void {
    this.#openings?.onAnnouncement(process, ask, rooms);
  }

  onStatus(status: 'connected' | 'cut'): void {
    if (status === 'connected') this.#openings?.exchange();
    if (status === 'cut') this.#log({ event: 'backplane-cut' });
    else if (this.#cut === 'now') this.#log({ event: 'backplane-back' });
    this.#cut = status === 'cut' ? 'now' : 'before';
  }
}

/**
 * Looks, while a pair is relayed, whether a direct way has appeared: people may have gone from one network to another since. Whether
 * the relay is let go is theirs to decide (protocol.md §10): it takes a new connection, so the picture stands still, and the consent
 * goes with it, so that a direct way that breaks again asks again in the middle of a conversation.
 */
import { DirectProbe, type DirectProbeOptions, type ProbeDescription } from '../../peer/direct-probe.ts';
import { asConsultError, type ErrorCode } from '../../errors.ts';
import type { KnownMember } from '../group/members.ts';
import type { Path } from '../state/state.ts';
import type { GroupContent } from '../messages/messages.ts';

export interface DirectPathOptions extends Pick<DirectProbeOptions, 'iceServers' | 'relayAddresses'> {
  /** Where nobody may learn an address, nothing is tried. */
  readonly mode: 'direct-first' | 'relay-only';
  member(id: string): KnownMember | null;
  ownLeaf(): number;
  /** Whether both agreed to a relay, so that there is something to leave. */
  isGranted(id: string): boolean;
  send(content: GroupContent, leaf: number): void;
  /** `found` beside the relay; `used` already, by the browser's own choice; `unknown` (again) where the path is another one. */
  onDirect(id: string, way: 'unknown' | 'found' | 'used'): void;
  onProblem(code: ErrorCode): void;
}

/** Milliseconds from one attempt to the next: soon at first, then seldom. */
const WAITS = [5_000, 10_000, 20_000, 40_000] as const;
const SELDOM = 60_000;

interface Watch {
  timer: ReturnType<typeof setTimeout> | undefined;
  probe: DirectProbe | null;
  attempts: number;
}

export class DirectPath {
  readonly #o: DirectPathOptions;
  readonly #watches = new Map<string, Watch>();

  constructor(o: DirectPathOptions) {
    this.#o = o;
  }

  /** The path to somebody is another one; `none` when their link ends. */
  onPath(id: string, path: Path): void {
    if (this.#o.mode === 'relay-only') return;
    if (path !== 'relay') this.forget(id);
    // The browser may go there by itself, among the candidates that it had from the beginning; and come back when that breaks.
    if (this.#o.isGranted(id)) this.#o.onDirect(id, path === 'direct' ? 'used' : 'unknown');
    if (path !== 'relay' || this.#watches.has(id)) return;
    const watch: Watch = { timer: undefined, probe: null, attempts: 0 };
    this.#watches.set(id, watch);
    this.#later(id, watch);
  }

  async receive(member: KnownMember, description: ProbeDescription): Promise<void> {
    const watch = this.#watches.get(member.id);
    if (!watch || !this.#o.isGranted(member.id)) return;
    try {
      if (description.kind === 'offer' && this.#o.ownLeaf() > member.leaf) {
        watch.probe?.close();
        watch.probe = this.#probe(member.id, watch);
      }
      await watch.probe?.receive(description);
    } catch (error: unknown) {
      this.#o.onProblem(asConsultError(error, 'session-description-refused').code);
    }
  }

  forget(id: string): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    this.#watches.delete(id);
    clearTimeout(watch.timer);
    watch.probe?.close();
  }

  /** The lower leaf asks, as with every link (§7). */
  #later(id: string, watch: Watch): void {
    const leaf = this.#o.member(id)?.leaf;
    if (leaf === undefined || this.#o.ownLeaf() > leaf) return;
    watch.timer = setTimeout(() => this.#try(id, watch), WAITS[watch.attempts++] ?? SELDOM);
  }

  #try(id: string, watch: Watch): void {
    if (!this.#o.isGranted(id)) return;
    watch.probe = this.#probe(id, watch);
    void watch.probe.offer().catch(() => watch.probe?.close());
  }

  #probe(id: string, watch: Watch): DirectProbe {
    const { iceServers, relayAddresses } = this.#o;
    return new DirectProbe({
      iceServers,
      relayAddresses,
      send: (body) => {
        const leaf = this.#o.member(id)?.leaf;
        if (leaf !== undefined) this.#o.send({ type: 'direct-probe', body: { ...body } }, leaf);
      },
      onResult: (way) => {
        watch.probe = null;
        if (this.#watches.get(id) !== watch) return;
        if (way === 'found') this.#o.onDirect(id, 'found');
        else this.#later(id, watch);
      },
    });
  }
}

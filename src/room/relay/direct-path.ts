/**
 * Probes for a direct path while a link is relayed: participants may have changed networks since. They decide
 * themselves whether to leave the relay (protocol.md §10): it takes a new connection, which freezes the picture for a
 * moment, and ends the consent, so that a direct path that fails later leads to a new question in the middle of a
 * conversation.
 */
import { DirectProbe, type DirectProbeOptions, type ProbeDescription } from '../../peer/direct-probe.ts';
import { type ErrorCode } from '../../errors.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { KnownMember } from '../group/members.ts';
import type { Path } from '../state/state.ts';
import type { GroupContent } from '../messages/messages.ts';

export interface DirectPathOptions extends Pick<DirectProbeOptions, 'iceServers' | 'relayAddresses'> {
  /** With `relay-only` nothing is probed: nobody may learn an address. */
  readonly mode: 'direct-first' | 'relay-only';
  member(id: string): KnownMember | null;
  ownLeaf(): number;
  /** Whether both consented to a relay, so that there is one to leave. */
  isGranted(id: string): boolean;
  send(content: GroupContent, leaf: number): void;
  /**
   * The state of the direct path: `found` beside the relay; `used`, because the browser switched by itself; `unknown`
   * after the path changed.
   */
  onDirect(id: string, direct: 'unknown' | 'found' | 'used'): void;
  onProblem(code: ErrorCode): void;
}

/** Milliseconds between attempts, and between all later ones. */
const DELAYS = [5_000, 10_000, 20_000, 40_000] as const;
const LONGEST_DELAY = 60_000;

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

  /** The path to a participant has changed; `none` when the link ends. */
  onPath(id: string, path: Path): void {
    if (this.#o.mode === 'relay-only') return;
    if (path !== 'relay') this.forget(id);
    // ICE may switch to a direct candidate pair by itself, and back when that fails.
    if (this.#o.isGranted(id)) this.#o.onDirect(id, path === 'direct' ? 'used' : 'unknown');
    if (path !== 'relay' || this.#watches.has(id)) return;
    const watch: Watch = { timer: undefined, probe: null, attempts: 0 };
    this.#watches.set(id, watch);
    this.#schedule(id, watch);
  }

  /** Handles the other side's probe; never rejects. */
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
      // The engine refuses a description that is damaged in a way of its own.
      const refused = error instanceof DOMException;
      this.#o.onProblem(refused ? 'session-description-refused' : codeOfHandlerError(error));
    }
  }

  /** Stops probing for this participant. */
  forget(id: string): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    this.#watches.delete(id);
    clearTimeout(watch.timer);
    watch.probe?.close();
  }

  /** The lower leaf offers, as for every link (§7). */
  #schedule(id: string, watch: Watch): void {
    const leaf = this.#o.member(id)?.leaf;
    if (leaf === undefined || this.#o.ownLeaf() > leaf) return;
    watch.timer = setTimeout(() => this.#try(id, watch), DELAYS[watch.attempts++] ?? LONGEST_DELAY);
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
      onResult: (result) => {
        watch.probe = null;
        if (this.#watches.get(id) !== watch) return;
        if (result === 'found') this.#o.onDirect(id, 'found');
        else this.#schedule(id, watch);
      },
    });
  }
}

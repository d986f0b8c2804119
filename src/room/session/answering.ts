/** The spoken code of a session: only the holder of the host key has one, and only with a server (protocol.md §14). */
import { guestLinkOf } from '../../e2ee/admission/invite-token.ts';
import { isCodeBroker, type Channel, type CodeBroker, type CodeEvent } from '../../signaling/channel.ts';
import type { HostCode } from '../code/host-code.ts';
import { loadHostCode } from '../code/load-codes.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { CodeRecord } from '../setup/reload-record.ts';
import type { SessionOptions } from './session-options.ts';

/** @returns null where this page has no code */
export function answeringOf(o: SessionOptions, channel: Channel): Answering | null {
  const { codeRoot, role } = o.invite;
  return role === 'host' && codeRoot && isCodeBroker(channel) ? new Answering(o, codeRoot, channel) : null;
}

/** Loads what it needs once the room is open: nobody waits for it, and people with a link come in without. */
export class Answering {
  readonly #o: SessionOptions;
  readonly #root: Uint8Array<ArrayBuffer>;
  readonly #broker: CodeBroker;
  #code: HostCode | null = null;
  #state: 'new' | 'loading' | 'open' | 'closed' = 'new';

  constructor(o: SessionOptions, root: Uint8Array<ArrayBuffer>, broker: CodeBroker) {
    this.#o = o;
    this.#root = root;
    this.#broker = broker;
  }

  get record(): CodeRecord | null {
    return this.#code?.record ?? this.#o.codeBefore;
  }

  /** Call whenever the server is there. */
  open(): void {
    if (this.#state !== 'new') return;
    this.#state = 'loading';
    // A room whose part cannot be loaded has no code until it is online again, and works by links.
    void this.#load().catch(() => (this.#state = this.#state === 'loading' ? 'new' : this.#state));
  }

  async #load(): Promise<void> {
    const { HostCode } = await loadHostCode();
    if (this.#state !== 'loading') return;
    const { invite, codeBefore, report } = this.#o;
    this.#code = new HostCode({
      root: this.#root,
      origin: location.origin,
      broker: this.#broker,
      before: codeBefore,
      invite: async () => new URL(await guestLinkOf(invite, location.href)).hash,
      report: (code) => report({ type: 'code', code }),
      onProblem: (code) => report({ type: 'problem', code }),
      onError: (error) => report({ type: 'problem', code: codeOfHandlerError(error) }),
    });
    this.#state = 'open';
    this.#code.open();
  }

  renew(): void {
    this.#code?.renew();
  }

  onEvent(event: CodeEvent): void {
    this.#code?.onEvent(event);
  }

  close(): void {
    this.#state = 'closed';
    this.#code?.close();
  }
}

/** The guest's side of a spoken code (protocol.md §14): reaches the host's page by the locator, and gets the invite from it. */
import { GuestRun } from '../../e2ee/code/code-exchange.ts';
import { parseCode, type SpokenCode } from '../../e2ee/code/spoken-code.ts';
import { parseInvite } from '../../e2ee/admission/invite-token.ts';
import { asConsultError, ConsultError, ERROR_CODES } from '../../errors.ts';
import type { ChannelEvent, SignalingChannel } from '../../signaling/channel.ts';
import { WebSocketChannel, type WebSocketChannelOptions } from '../../signaling/websocket-channel.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import type { CodeEntry, CodeProgress } from './code-entry.ts';

/** Milliseconds for an answer of the host's page; then the guest asks again, if it has proved nothing yet. */
const ANSWER_WITHIN = 20_000;

/** What tests replace. */
export interface EnterCodeParts {
  readonly origin: string;
  channel(options: WebSocketChannelOptions): SignalingChannel;
  readonly answerWithin: number;
}

const PARTS = (): EnterCodeParts => ({
  origin: location.origin,
  channel: (options) => new WebSocketChannel(options),
  answerWithin: ANSWER_WITHIN,
});

/** @throws as `enterCode` of `spoken.ts` documents */
export async function runEntry(entry: CodeEntry, url: URL, parts: EnterCodeParts = PARTS()): Promise<string> {
  const { signal } = entry;
  const code = parseCode(entry.typed);
  signal?.throwIfAborted();
  const invite = await new Promise<string>((resolve, reject) => {
    const run = new CodeRun({ code, url: url.href, entry, parts, resolve, reject });
    signal?.addEventListener('abort', () => run.fail(signal.reason), { once: true });
    run.open();
  });
  // Damaged, foreign or expired is said here, where the person still has the code before them.
  await parseInvite(invite, { origin: parts.origin });
  return invite;
}

interface CodeRunOptions {
  readonly code: SpokenCode;
  readonly url: string;
  readonly entry: CodeEntry;
  readonly parts: EnterCodeParts;
  resolve(invite: string): void;
  reject(reason: unknown): void;
}

class CodeRun {
  readonly #o: CodeRunOptions;
  readonly #channel: SignalingChannel;
  readonly #queue = new SerialQueue();
  #host: string | null = null;
  #run: { readonly guest: GuestRun } | null = null;
  /** A proof has left: who has it can try one guess with it, so what a person typed once is proved once (protocol.md §14). */
  #proved = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(o: CodeRunOptions) {
    this.#o = o;
    const { code, parts, url } = o;
    this.#channel = parts.channel({ url, locator: code.locator, onEvent: (event) => this.#onEvent(event) });
  }

  open(): void {
    this.#tell({ step: 'connecting' });
    this.#channel.open();
  }

  fail(reason: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#o.reject(reason);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  #tell(progress: CodeProgress): void {
    if (!this.#over) this.#o.entry.onProgress?.(progress);
  }

  #onEvent(event: ChannelEvent): void {
    if (this.#over) return;
    switch (event.type) {
      case 'online':
        return this.#meet(event.peers.find(({ host }) => host)?.id ?? null);
      case 'peer-joined':
        return event.peer.host ? this.#meet(event.peer.id) : undefined;
      case 'peer-left':
        return event.peer.id === this.#host ? this.#meet(null) : undefined;
      case 'offline':
        return this.#drop() ? this.#tell({ step: 'connecting' }) : undefined;
      case 'message':
        return event.from === this.#host ? this.#receive(event.data) : undefined;
      case 'error': {
        const { code, detail } = event;
        if (ERROR_CODES[code].fatal || code === 'code-busy')
          return this.fail(new ConsultError(code, detail === undefined ? {} : { detail }));
        return code === 'message-invalid' ? undefined : this.#tell({ step: 'unreachable', code });
      }
      case 'code':
      // To hosts only.
    }
  }

  /** Begins a run with the host's page, or waits for it. */
  #meet(host: string | null): void {
    if (!this.#drop()) return;
    this.#host = host;
    if (host === null) return this.#tell({ step: 'waiting' });
    this.#tell({ step: 'checking' });
    this.#timer = setTimeout(() => this.#meet(host), this.#o.parts.answerWithin);
    void this.#begin(host, this.#timer);
  }

  /** @returns whether another run may begin: after a proof, only the person's own entry begins one */
  #drop(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#run = null;
    // After the reason why the server closed the connection, which is told next.
    if (this.#proved) queueMicrotask(() => this.fail(new ConsultError('code-unanswered')));
    return !this.#proved;
  }

  /** @param timer of the run: another run may begin before this one is ready */
  async #begin(host: string, timer: ReturnType<typeof setTimeout>): Promise<void> {
    const { code, parts } = this.#o;
    try {
      const guest = await GuestRun.begin({ code, origin: parts.origin });
      if (this.#over || this.#timer !== timer) return;
      this.#run = { guest };
      this.#channel.send(host, guest.hello);
    } catch (error: unknown) {
      this.fail(asConsultError(error, 'message-invalid'));
    }
  }

  #receive(data: Uint8Array<ArrayBuffer>): void {
    const run = this.#run;
    if (!run) return;
    void this.#queue.run(async () => {
      if (this.#over || this.#run !== run) return;
      try {
        if (!this.#proved) {
          const proof = await run.guest.prove(data);
          // Meanwhile another run may have begun, which may prove.
          if (this.#run !== run || this.#host === null) return;
          this.#proved = true;
          this.#channel.send(this.#host, proof);
          return;
        }
        const invite = await run.guest.open(data);
        if (this.#over) return;
        this.#end();
        this.#o.resolve(invite);
      } catch (error: unknown) {
        this.fail(asConsultError(error, 'message-invalid'));
      }
    });
  }
}

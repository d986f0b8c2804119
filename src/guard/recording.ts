/**
 * Refuses, while a session runs, what scripts of the page could record room media with [R16]. Not a defence against a page that wants
 * to deceive its own visitors: it is the same origin and could have kept the originals. It stops tools, accidents and
 * afterthoughts, says so in the room, and leaves everything exactly as it was when the last session ends.
 */
import { ConsultError } from '../errors.ts';
import { closeCapturePaths } from './capture-paths.ts';
import { Patches } from './patches.ts';
import { eachRealm } from './realms.ts';
import { protect, protectStream } from './room-media.ts';

export interface CaptureGuardOptions {
  /** Some code was refused; which one it was is not told, since its name may say more than it should. */
  onRefused(): void;
}

/** Guards of all sessions of the page: the first puts the patches in place, the last takes them away. */
const running = new Set<CaptureGuard>();
const patches = new Patches();
let installed = new AbortController();
/** How many of our own share buttons are being answered just now. */
let allowed = 0;

export class CaptureGuard {
  readonly #onRefused: () => void;

  constructor(o: CaptureGuardOptions) {
    this.#onRefused = () => o.onRefused();
  }

  start(): void {
    if (running.size === 0) install();
    running.add(this);
  }

  stop(): void {
    if (!running.delete(this) || running.size > 0) return;
    installed.abort();
    patches.restore();
  }

  /** From now on this stream is room media, with all its tracks and their clones. */
  protect(stream: MediaStream): void {
    protect(stream);
  }

  /** From now on this stream of ours is not read by others; its tracks are, by what sends them. */
  protectOwn(stream: MediaStream): void {
    protectStream(stream);
  }

  /** For the library's own share button: one `getDisplayMedia`, called before anything is awaited. */
  allow<T>(start: () => T): T {
    allowed++;
    try {
      return start();
    } finally {
      allowed--;
    }
  }

  refused(): void {
    this.#onRefused();
  }
}

function refuse(): void {
  // What another script put on top of ours outlives the session, and must not go on refusing.
  if (running.size === 0) return;
  for (const guard of running) guard.refused();
  throw new ConsultError('recording-refused');
}

function install(): void {
  installed = new AbortController();
  eachRealm(patches, installed.signal, (realm) =>
    closeCapturePaths(realm, patches, { refuse, sharing: () => allowed > 0 }),
  );
}

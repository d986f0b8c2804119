/**
 * Recording guard: while a session runs, it blocks the interfaces with which scripts of the page could record room
 * media [R16]. It does not defend against a malicious page, which has the same origin and could have saved the
 * originals. It stops tools and accidents, reports them in the room, and restores everything when the last session
 * ends.
 */
import { ConsultError } from '../errors.ts';
import { closeCapturePaths } from './capture-paths.ts';
import { Patches } from './patches.ts';
import { show } from './entrance.ts';
import { eachRealm } from './realms.ts';
import { protect, protectConnection, protectStream } from './room-media.ts';

export interface CaptureGuardOptions {
  /** A script was refused. Its name is not passed on because it may reveal too much. */
  onRefused(): void;
}

/** Guards of all sessions of the page: the first installs the patches, the last removes them. */
const running = new Set<CaptureGuard>();
const patches = new Patches();
let installed = new AbortController();
/** Number of our own share buttons that are calling `getDisplayMedia` right now. */
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

  /** Marks a stream as room media, with all its tracks and their clones. */
  protect(stream: MediaStream): void {
    protect(stream);
  }

  /** Marks what a connection receives as room media, before any script gets hold of it. */
  protectConnection(connection: RTCPeerConnection): void {
    protectConnection(connection);
  }

  /** Marks our own stream: nobody else may read the stream, while our senders may read its tracks. */
  protectOwn(stream: MediaStream): void {
    protectStream(stream);
  }

  /**
   * Shows a stream in an element, or nothing: the only way for room media into an element. The same stream again changes
   * nothing. An element that another script captures gets nothing, and the attempt is reported.
   *
   * @returns whether the element shows what it should
   */
  show(element: HTMLVideoElement, stream: MediaStream | null): 'shown' | 'refused' {
    const result = show(element, stream);
    if (result === 'refused') this.refused();
    return result;
  }

  /** Permits one `getDisplayMedia` call of our own share button, made synchronously. */
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
  // A wrapper that another script put around ours may outlive the session and must stop refusing.
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

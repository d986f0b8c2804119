/**
 * Registry of room media [R16]: received streams, their tracks and clones, and the elements that show them. Held weakly.
 *
 * Objects are recognised by calling the browser's own functions on them, not by `instanceof`, so objects of
 * same-origin frames count too.
 */
const streams = new WeakSet<object>();
const tracks = new WeakSet<object>();
/** Connections to other participants. */
const connections = new WeakSet<object>();
/** Elements whose picture or sound another script captures, from before room media entered them. */
const tapped = new WeakSet<object>();

/** The browser's own functions, saved before any patch; undefined where there is no DOM. */
const tracksOf = typeof MediaStream === 'undefined' ? undefined : MediaStream.prototype.getTracks;
const source =
  typeof HTMLMediaElement === 'undefined'
    ? undefined
    : Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
const parentOf =
  typeof Node === 'undefined' ? undefined : Object.getOwnPropertyDescriptor(Node.prototype, 'parentNode')?.get;
const hostOf =
  typeof ShadowRoot === 'undefined' ? undefined : Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'host')?.get;

export function protect(stream: MediaStream): void {
  protectStream(stream);
  for (const track of stream.getTracks()) tracks.add(track);
}

/** Protects the stream without its tracks: our own code sends and blurs the track of the self-view. */
export function protectStream(stream: MediaStream): void {
  streams.add(stream);
}

export function protectTrack(track: MediaStreamTrack): void {
  tracks.add(track);
}

/** From now on every track that this connection receives is room media. */
export function protectConnection(connection: RTCPeerConnection): void {
  connections.add(connection);
}

/** Marks the tracks of receivers or transceivers if they are of a connection of the room. */
export function protectReceived(connection: unknown, received: readonly unknown[]): void {
  if (typeof connection !== 'object' || connection === null || !connections.has(connection)) return;
  for (const one of received) {
    const { receiver, track } = one as { readonly receiver?: RTCRtpReceiver; readonly track?: MediaStreamTrack };
    const arriving = receiver?.track ?? track;
    if (arriving) protectTrack(arriving);
  }
}

/** The stream that an element plays, past our own patch of `srcObject`. */
export function playedBy(element: object): MediaStream | null {
  const played = callNative(source?.get, element) as MediaStream | null | undefined;
  return played ?? null;
}

/** Gives an element its stream, past our own patch of `srcObject`. */
export function play(element: HTMLMediaElement, stream: MediaStream | null): void {
  source?.set?.call(element, stream);
}

/** Marks an element that another script captures. Room media never enters it. */
export function markTapped(element: unknown): void {
  if (typeof element === 'object' && element !== null) tapped.add(element);
}

export function isTapped(element: HTMLMediaElement): boolean {
  return tapped.has(element);
}

/** Whether a value is room media: a stream, a track, or an element that plays one. */
export function isRoomMedia(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (tracks.has(value) || streams.has(value)) return true;
  const inner = callNative(tracksOf, value);
  if (inner) return inner.some((track) => tracks.has(track));
  return isRoomMedia(callNative(source?.get, value));
}

/** How many values {@link leadsToRoomMedia} looks at: enough for options, little for large data. */
const BUDGET = 256;
/** Members of dictionaries that carry media; a browser reads them from objects of any class. */
const MEMBERS = ['track', 'stream', 'mediaStream', 'mediaElement', 'source', 'streams', 'value', 'content'] as const;

/** Like {@link isRoomMedia}, also for dictionaries and lists with room media in them, such as `[{ value: video }]`. */
export function leadsToRoomMedia(value: unknown): boolean {
  const found = new Set([value]);
  for (const one of found) {
    if (typeof one !== 'object' || one === null) continue;
    if (isRoomMedia(one)) return true;
    for (const inner of membersOf(one)) if (found.size < BUDGET) found.add(inner);
  }
  return false;
}

function membersOf(value: object): readonly unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  if (Array.isArray(value)) return value.slice(0, BUDGET);
  if (isDictionary(value)) return Object.values(value);
  return MEMBERS.map((name) => (value as Readonly<Record<string, unknown>>)[name]);
}

/** Whether an element shows room media itself or in its subtree, shadow trees included. */
export function containsRoomMedia(element: unknown, shown: Iterable<HTMLMediaElement>): boolean {
  if (typeof element !== 'object' || element === null) return false;
  for (const media of shown) for (let at: Node | null = media; at; at = above(at)) if (at === element) return true;
  return false;
}

/** The parent, or the host of a shadow root. */
function above(node: Node): Node | null {
  const parent = callNative(parentOf, node) as Node | null | undefined;
  return parent ?? (callNative(hostOf, node) as Node | null | undefined) ?? null;
}

/** Whether a value is a dictionary of any realm and not an object of the platform or of a class. */
function isDictionary(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

/** Calls a browser function on an object; undefined when the object is of another interface. */
function callNative<T>(native: ((this: never) => T) | undefined, value: object): T | undefined {
  try {
    return native?.call(value as never);
  } catch {
    return undefined;
  }
}

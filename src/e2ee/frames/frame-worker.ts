/**
 * The frame worker: one for all connections of a page (protocol.md §7). It holds the keys and runs every transform. Its messages never
 * contain frame contents.
 */
import { CameraHub } from './camera-hub.ts';
import { CarrierSource } from './carrier-source.ts';
import { FrameKeys, type FrameLink } from './frame-keys.ts';
import { runCameraSender, runReceiver, runSender, runStudio, type Transformer } from './frame-pump.ts';
import type { Rung } from './rungs.ts';
import {
  emptyCounters,
  type FromWorker,
  type LinkCounters,
  type Reply,
  type StudioName,
  type ToWorker,
  type TransformName,
} from './worker-messages.ts';
import { FrameOpener, FrameSealer, openData, sealData } from './frame-transform.ts';

interface TransformEvent extends Event {
  readonly transformer: Transformer & { readonly options: TransformName | StudioName };
}

/** The part of `DedicatedWorkerGlobalScope` in use; the library is compiled against the types of a page. */
interface Scope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
  addEventListener(type: 'rtctransform', listener: (event: TransformEvent) => void): void;
}

interface OpenLink {
  readonly link: FrameLink;
  readonly counters: LinkCounters;
  /** Null where the page draws the carriers, or there are none. */
  carriers: CarrierSource | null;
}

/** Milliseconds between two looks at the links that carry frames of the studio. */
const LOOK_EVERY = 50;

const scope = globalThis as unknown as Scope;
const links = new Map<string, OpenLink>();
/** Transforms of links that are not open yet: the two may arrive in either order. */
const early = new Map<string, TransformEvent['transformer'][]>();
let keys = new FrameKeys(0);
let hub = createHub();
/** The transforms of the studio belong to no leaf. */
let studio: FrameLink = keys.openLink(-1);
/** The studio's senders that make key frames at the worker's request. */
const encoders = new Map<Rung, Transformer>();
setInterval(() => {
  if (hub.isBusy) hub.look();
}, LOOK_EVERY);

scope.addEventListener('message', ({ data }) => void onMessage(data));
scope.addEventListener('rtctransform', ({ transformer }) => onTransform(transformer));
scope.postMessage({ type: 'ready' });

async function onMessage(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'start':
      for (const linkId of links.keys()) closeLink(linkId);
      keys = new FrameKeys(message.generation);
      closeStudio();
      return;
    case 'open-link':
      closeLink(message.linkId);
      openLink(message.linkId, message.leaf);
      for (const transformer of early.get(message.linkId) ?? []) onTransform(transformer);
      early.delete(message.linkId);
      return;
    case 'close-link':
      closeLink(message.linkId);
      early.delete(message.linkId);
      return;
    case 'route':
      return hub.route(message.linkId, message.route);
    case 'carrier':
      return setCarriers(message.linkId, message.writable);
    case 'close-studio':
      return closeStudio();
    default:
      scope.postMessage({ type: 'reply', id: message.id, reply: await answer(message) });
  }
}

async function answer(message: Extract<ToWorker, { id: number }>): Promise<Reply> {
  switch (message.type) {
    case 'install': {
      const { epoch, ownLeaf, leaves, baseKey } = message;
      keys.install({ epoch, ownLeaf, leaves, baseKey, now: performance.now() });
      return { kind: 'done' };
    }
    case 'switch':
      await keys.switchSender(message.epoch);
      return { kind: 'done' };
    case 'counters':
      return { kind: 'counters', counters: links.get(message.linkId)?.counters ?? emptyCounters() };
    case 'studio-totals':
      return { kind: 'studio-totals', totals: hub.totals };
    case 'seal-data': {
      const bytes = await sealData(keys, message.data);
      return bytes ? { kind: 'bytes', bytes } : { kind: 'refused' };
    }
    case 'open-data': {
      const open = links.get(message.linkId);
      // What arrived on a link that has ended comes again on the next.
      const opened = open ? await openData(keys, open.link, message.data) : 'unreadable';
      return typeof opened === 'string' ? { kind: opened } : { kind: 'bytes', bytes: opened };
    }
    case 'ping':
      return { kind: 'done' };
  }
}

function createHub(): CameraHub {
  return new CameraHub({
    requestKeyFrame: (rung) => {
      const encoder = encoders.get(rung);
      // Where that fails, as while the rung is off, the link asks again.
      if (encoder?.generateKeyFrame) encoder.generateKeyFrame().catch(() => undefined);
      else scope.postMessage({ type: 'key-frame-wanted', rung });
    },
    requestCarrier: (linkId) => {
      const carriers = links.get(linkId)?.carriers;
      if (carriers) carriers.make();
      else scope.postMessage({ type: 'carrier-wanted', linkId });
    },
  });
}

function openLink(linkId: string, leaf: number): void {
  const counters = emptyCounters();
  links.set(linkId, { link: keys.openLink(leaf), counters, carriers: null });
  hub.open(linkId, counters.camera);
}

function setCarriers(linkId: string, writable: WritableStream<VideoFrame> | null): void {
  const open = links.get(linkId);
  if (!open) return;
  open.carriers?.close();
  open.carriers = writable && new CarrierSource(writable);
}

/** Ends the studio's transforms. The links stay, each with its own encoder until it is given another route. */
function closeStudio(): void {
  studio.closed = true;
  studio = keys.openLink(-1);
  encoders.clear();
}

/** Closes a link. Its transforms live on in the browser but move no more frames. */
function closeLink(linkId: string): void {
  const open = links.get(linkId);
  if (!open) return;
  open.link.closed = true;
  open.carriers?.close();
  links.delete(linkId);
  hub.close(linkId);
}

function onTransform(transformer: TransformEvent['transformer']): void {
  if ('studio' in transformer.options) return onStudio(transformer, transformer.options);
  const { linkId, stream, direction } = transformer.options;
  const open = links.get(linkId);
  // Without a link the streams are not read, so no frame moves.
  if (!open) {
    early.set(linkId, [...(early.get(linkId) ?? []), transformer]);
    return;
  }
  const { link } = open;
  const counters = open.counters[stream];
  const running =
    direction === 'send' ? send() : runReceiver(transformer, link, new FrameOpener({ keys, link, stream, counters }));
  function send(): Promise<void> {
    const sealer = new FrameSealer({ keys, stream, counters });
    return stream === 'camera'
      ? runCameraSender(transformer, link, { sealer, hub, linkId })
      : runSender(transformer, link, sealer);
  }
  // A broken stream has no more frames; the page notices that its counts differ.
  running.catch(() => undefined);
  scope.postMessage({ type: 'running', name: { linkId, stream, direction } });
}

function onStudio(transformer: TransformEvent['transformer'], { studio: rung }: StudioName): void {
  encoders.set(rung, transformer);
  const sealer = new FrameSealer({ keys, stream: 'camera', counters: emptyCounters().camera });
  // A broken stream has no more frames; the page notices that the studio stands still.
  runStudio(transformer, studio, { sealer, hub, rung }).catch(() => undefined);
  scope.postMessage({ type: 'studio-running', rung });
}

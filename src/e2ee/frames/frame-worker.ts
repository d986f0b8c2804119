/**
 * The frame worker: one for all connections of a page (protocol.md §7). It holds the keys and runs every transform. Its messages never
 * contain frame contents.
 */
import { FrameKeys, type FrameLink } from './frame-keys.ts';
import { runReceiver, runSender, type Transformer } from './frame-pump.ts';
import {
  emptyCounters,
  type FromWorker,
  type LinkCounters,
  type Reply,
  type ToWorker,
  type TransformName,
} from './worker-messages.ts';
import { FrameOpener, FrameSealer, openData, sealData } from './frame-transform.ts';

interface TransformEvent extends Event {
  readonly transformer: Transformer & { readonly options: TransformName };
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
}

const scope = globalThis as unknown as Scope;
const links = new Map<string, OpenLink>();
/** Transforms of links that are not open yet: the two may arrive in either order. */
const early = new Map<string, TransformEvent['transformer'][]>();
let keys = new FrameKeys(0);

scope.addEventListener('message', ({ data }) => void onMessage(data));
scope.addEventListener('rtctransform', ({ transformer }) => onTransform(transformer));
scope.postMessage({ type: 'ready' });

async function onMessage(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'start':
      keys = new FrameKeys(message.generation);
      for (const linkId of links.keys()) closeLink(linkId);
      return;
    case 'open-link':
      closeLink(message.linkId);
      links.set(message.linkId, { link: keys.openLink(message.leaf), counters: emptyCounters() });
      for (const transformer of early.get(message.linkId) ?? []) onTransform(transformer);
      early.delete(message.linkId);
      return;
    case 'close-link':
      closeLink(message.linkId);
      early.delete(message.linkId);
      return;
    default:
      scope.postMessage({ type: 'reply', id: message.id, reply: await answer(message) });
  }
}

async function answer(message: Extract<ToWorker, { id: number }>): Promise<Reply> {
  switch (message.type) {
    case 'install': {
      const { epoch, leaves, baseKey } = message;
      keys.install({ epoch, leaves, baseKey, now: performance.now() });
      return { kind: 'done' };
    }
    case 'switch':
      await keys.switchSender(message.epoch, message.ownLeaf);
      return { kind: 'done' };
    case 'counters':
      return { kind: 'counters', counters: links.get(message.linkId)?.counters ?? emptyCounters() };
    case 'seal-data':
      return bytesOrRefusal(await sealData(keys, message.data));
    case 'open-data': {
      const open = links.get(message.linkId);
      return bytesOrRefusal(open ? await openData(keys, open.link, message.data) : null);
    }
    case 'ping':
      return { kind: 'done' };
  }
}

/** Closes a link. Its transforms live on in the browser but move no more frames. */
function closeLink(linkId: string): void {
  const open = links.get(linkId);
  if (!open) return;
  open.link.closed = true;
  links.delete(linkId);
}

function bytesOrRefusal(bytes: Uint8Array<ArrayBuffer> | null): Reply {
  return bytes ? { kind: 'bytes', bytes } : { kind: 'refused' };
}

function onTransform(transformer: TransformEvent['transformer']): void {
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
    direction === 'send'
      ? runSender(transformer, link, new FrameSealer({ keys, stream, counters }))
      : runReceiver(transformer, link, new FrameOpener({ keys, link, stream, counters }));
  // A broken stream has no more frames; the page notices that its counts differ.
  running.catch(() => undefined);
  scope.postMessage({ type: 'running', name: { linkId, stream, direction } });
}

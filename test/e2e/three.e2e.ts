/** Three participants in Chromium and Firefox: a removed one decrypts nothing more, and the other two continue. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useHostileServer, useServer } from './fixtures.ts';
import { gather, takeOut } from './gather.ts';
import { counted, reads, state } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

const STALE = 'Die beratende Person ist gerade nicht erreichbar. Bild und Ton sind angehalten.';
const CALM = 'Ende-zu-Ende verschlüsselt';

interface Reply {
  readonly type: string;
  readonly id?: string;
  readonly reply?: {
    readonly kind: string;
    readonly bytes?: Uint8Array;
    readonly counters?: Readonly<Record<string, { readonly decrypted: number }>>;
  };
}
interface Kept {
  readonly worker: Worker;
  readonly links: { readonly linkId: string; readonly leaf: number }[];
}

/** In the page of a removed participant: keeps the worker with its keys, the links and the connections. */
function keep(): void {
  const kept: { worker: Worker | null; links: object[]; deaf: boolean } = { worker: null, links: [], deaf: false };
  Object.assign(window, { kept });
  const Native = window.Worker;
  window.Worker = class extends Native {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      kept.worker = this;
    }
    override terminate(): void {}
    override postMessage(message: { type: string }): void {
      if (message.type === 'close-link') return;
      if (message.type === 'open-link') kept.links.push(message);
      super.postMessage(message);
    }
  };
  window.RTCPeerConnection.prototype.close = () => undefined;
}

/** In the page of a slow device: its worker has the keys of the third person's epoch two seconds late. */
function followSlowly(): void {
  const Native = window.Worker;
  window.Worker = class extends Native {
    override postMessage(message: { type: string; epoch?: bigint }, options?: unknown): void {
      const pass = (): void => super.postMessage(message, options as StructuredSerializeOptions);
      if (message.type === 'install' && message.epoch === 2n) setTimeout(pass, 2_000);
      else pass();
    }
  } as typeof Worker;
}

/** In the page: drops messages of data channels while `deaf` is set. */
function deafen(): void {
  const listen = window.RTCDataChannel.prototype.addEventListener;
  window.RTCDataChannel.prototype.addEventListener = function (
    this: RTCDataChannel,
    type: string,
    listener: (event: Event) => void,
  ) {
    const unlessDeaf = (event: Event): void => {
      if (type !== 'message' || !('deaf' in window)) listener(event);
    };
    listen.call(this, type, unlessDeaf);
  } as typeof listen;
}
const becomeDeaf = (person: Person): Promise<unknown> =>
  person.page.evaluate(() => Object.assign(window, { deaf: true }) && undefined);

/** In the page: notes what leaves on data channels. */
function overhear(): void {
  const sent: number[][] = [];
  Object.assign(window, { sent });
  const send = window.RTCDataChannel.prototype.send;
  window.RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
    sent.push([...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
    (send as (data: ArrayBufferView<ArrayBuffer>) => void).call(this, data);
  } as typeof send;
}

/** The sealed messages that left, as they stood on the channels. */
const linesOf = (person: Person): Promise<readonly number[][]> =>
  person.page.evaluate(() =>
    (window as unknown as { sent: number[][] }).sent.filter(([kind]) => kind === 2).map((line) => line.slice(1)),
  );

/** Asks the kept worker whether it can open something that the host said. */
const opens = (person: Person, sealed: readonly number[]): Promise<string> =>
  person.page.evaluate(async (bytes) => {
    const { worker } = (window as unknown as { kept: Kept }).kept;
    const linkId = crypto.randomUUID();
    const reply = new Promise<Reply>((resolve) =>
      worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => data.id === linkId && resolve(data)),
    );
    worker.postMessage({ type: 'open-link', linkId, leaf: 0 });
    worker.postMessage({ type: 'open-data', linkId, data: new Uint8Array(bytes), id: linkId });
    const { reply: answer } = await reply;
    return answer?.bytes ? new TextDecoder().decode(answer.bytes) : (answer?.kind ?? '');
  }, sealed);

/** Frames that the kept worker has decrypted, over all links that it ever had. */
const keptDecrypted = (person: Person): Promise<number> =>
  person.page.evaluate(async () => {
    const { worker, links } = (window as unknown as { kept: Kept }).kept;
    const counts = links.map(async ({ linkId }) => {
      const id = crypto.randomUUID();
      const reply = new Promise<Reply>((resolve) =>
        worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => data.id === id && resolve(data)),
      );
      worker.postMessage({ type: 'counters', linkId, id });
      const { counters = {} } = (await reply).reply ?? {};
      return Object.values(counters).reduce((sum, { decrypted }) => sum + decrypted, 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  });

/** A count that has stopped: the same in ten looks, in which ten pictures would have come. */
async function settled(read: () => Promise<number>): Promise<number> {
  let last = -1;
  let same = 0;
  return until(
    async () => {
      const now = await read();
      same = now === last ? same + 1 : 0;
      last = now;
      return now;
    },
    () => same >= 10,
    'a count stops',
  );
}

const namesOf = async (person: Person): Promise<readonly string[]> =>
  (await state<readonly { readonly name: string }[]>(person, 'participants')).map(({ name }) => name);

describe('a room with three participants', () => {
  const server = useServer();
  const hostile = useHostileServer(server);
  const browsers = useBrowsers();
  let people: Person[] = [];

  afterEach(async () => {
    hostile.tamper = (message) => [message];
    for (const person of people) await person.leave();
    people = [];
  });

  it('shows a removed participant a calm page and nothing more while the other two continue', async () => {
    const links = await makeRoom(hostile.address);
    const [host, mia, tom] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.firefox, links.guest, { before: followSlowly }),
      openWindow(browsers.chromium, links.guest),
    ]);
    people = [host, mia, tom];
    await gather(host, [
      ['Mia', mia],
      ['Tom', tom],
    ]);
    await Promise.all(people.map((person) => person.seeFrames()));
    const codes = await Promise.all(
      people.map(async (person) => (await state<{ safetyCode: string[] }>(person, 'encryption')).safetyCode.join(' ')),
    );
    assert.equal(new Set(codes).size, 1);
    // The host's signs of life go round every two seconds, what is said meets new keys, and nothing of it is anybody's problem.
    await Promise.all(people.map((person) => person.seeFrames(120)));
    for (const person of people) assert.deepEqual((await person.seen()).errors, []);

    await takeOut(host, 'Tom');
    await tom.seePhase('failed');
    await reads(tom, 'Sie wurden aus dem Raum genommen.');
    await reads(tom, 'Das kann ein Versehen sein. Bitte melden Sie sich bei der Beratungsstelle.');
    await tom.picture('removed');
    const open = await tom.page.evaluate(
      () =>
        (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.filter(
          ({ connectionState }) => connectionState !== 'closed',
        ).length,
    );
    assert.equal(open, 0);
    assert.deepEqual(await counted(tom), { encrypted: 0, decrypted: 0, dropped: 0 });

    await until(
      () => namesOf(mia),
      (names) => names.join() === 'Frau Berger',
      'Mia and the host are left',
    );
    assert.deepEqual(await namesOf(host), ['Mia']);
    await Promise.all([host.seeFrames(30), mia.seeFrames(30)]);
    const [ours, theirs] = await Promise.all(
      [host, mia].map(async (person) =>
        (await state<{ safetyCode: string[] }>(person, 'encryption')).safetyCode.join(' '),
      ),
    );
    assert.equal(ours, theirs);
    assert.notEqual(ours, codes[0]);
  });

  it('lets a removed participant who keeps connections, worker and keys decrypt nothing more', async () => {
    const links = await makeRoom(hostile.address);
    const [host, mia, tom] = await Promise.all([
      openWindow(browsers.chromium, links.host, { before: overhear }),
      openWindow(browsers.firefox, links.guest),
      openWindow(browsers.chromium, links.guest, { before: keep }),
    ]);
    people = [host, mia, tom];
    await gather(host, [
      ['Mia', mia],
      ['Tom', tom],
    ]);
    await tom.seeFrames();
    const say = (text: string) =>
      host.page.evaluate(
        (line) =>
          (
            document.querySelector('consult-room') as unknown as { room: { sendChat(text: string): void } }
          ).room.sendChat(line),
        text,
      );
    await say('bevor Tom geht');
    // What was said to it, it can open as often as it likes: the attack works as far as it goes.
    await until(
      async () => Promise.all((await linesOf(host)).map((line) => opens(tom, line))),
      (texts) => texts.some((text) => text.includes('bevor Tom geht')),
      'Tom opens what was said to him',
    );

    await takeOut(host, 'Tom');
    await reads(tom, 'Sie wurden aus dem Raum genommen.');
    await until(
      () => namesOf(mia),
      (names) => names.length === 1,
      'Mia has heard of it',
    );
    // What was sent to him before may still be under way, and what he has decrypted of it wait for the decoder, on a busy machine for seconds.
    const frames = await settled(() => keptDecrypted(tom));
    assert.ok(frames > 0);
    const pictures = await settled(async () => (await tom.received()).frames);
    const received = await tom.received();
    assert.equal(received.frames, pictures);
    const said = (await linesOf(host)).length;
    await say('nachdem Tom gegangen ist');
    await until(
      () => state<readonly { text: string }[]>(mia, 'chat'),
      (chat) => chat.some(({ text }) => text === 'nachdem Tom gegangen ist'),
      'Mia reads it',
    );
    // What was said before may still have been on its way, once for each link.
    const answers = await Promise.all((await linesOf(host)).slice(said).map((line) => opens(tom, line)));
    assert.ok(answers.includes('unreadable'));
    assert.deepEqual(
      answers.filter((answer) => answer !== 'unreadable' && !answer.includes('bevor Tom geht')),
      [],
    );
    await Promise.all([host.seeFrames(60), mia.seeFrames(60)]);
    assert.equal(await keptDecrypted(tom), frames);
    assert.deepEqual(await tom.received(), received);
  });

  it('pauses a participant’s media when the server withholds the removal of another member', async () => {
    const links = await makeRoom(hostile.address);
    const [host, mia, tom] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.chromium, links.guest, { before: deafen }),
      openWindow(browsers.chromium, links.guest, { before: keep }),
    ]);
    people = [host, mia, tom];
    await gather(host, [
      ['Mia', mia],
      ['Tom', tom],
    ]);
    await Promise.all(people.map((person) => person.seeFrames()));
    // The server says nothing more to anybody, and the network swallows what would reach Mia directly.
    hostile.tamper = (message, direction) =>
      direction === 'to-browser' && (JSON.parse(message) as { type: string }).type === 'message' ? [] : [message];
    await becomeDeaf(mia);
    await takeOut(host, 'Tom');
    // Mia still believes that Tom is there, and for at most ten seconds Tom still sees her.
    assert.deepEqual([...(await namesOf(mia))].sort(), ['Frau Berger', 'Tom']);
    await reads(mia, STALE);
    const encrypted = await settled(async () => (await counted(mia)).encrypted);
    assert.ok(encrypted > 0);
    const frames = await settled(() => keptDecrypted(tom));
    // Once the server forwards again, the removal arrives, and the two continue.
    hostile.tamper = (message) => [message];
    hostile.cut();
    await until(
      () => namesOf(mia),
      (names) => names.join() === 'Frau Berger',
      'the removal came through',
    );
    await reads(mia, CALM);
    await Promise.all([host.seeFrames(20), mia.seeFrames(20)]);
    assert.equal(await keptDecrypted(tom), frames);
  });
});

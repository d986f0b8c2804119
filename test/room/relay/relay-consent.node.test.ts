/** protocol.md §10: the consent of two participants, as each client counts it for itself, and its consequences. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import { generateLeafKey, verifyLeaf, type LeafKey } from '../../../src/e2ee/mls/leaf-key.ts';
import type { RelayServer } from '../../../src/configuration.ts';
import type { RelayRequest } from '../../../src/signaling/channel.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import { RelayConsent } from '../../../src/room/relay/relay-consent.ts';
import type { GroupContent, GroupMessage } from '../../../src/room/messages/messages.ts';
import { until } from '../../support/until.ts';

const RELAY: RelayServer = {
  role: 'relay',
  urls: ['turn:turn.example'],
  addresses: [],
  operator: 'Relay',
  country: 'DE',
};
const roomId = random(48);
/** As of a side that renews its credentials. */
const SIGNATURE: GroupContent = {
  type: 'relay-signature',
  body: { serverNonce: toBase64Url(random(32)), signature: toBase64Url(random(96)) },
};

interface Side {
  readonly consent: RelayConsent;
  /** What the links were asked to do, and the steps that the room saw. */
  readonly links: string[];
  readonly steps: string[];
  /** Messages not yet delivered. */
  readonly pending: GroupContent[];
  /** Types of all messages sent, delivered ones included. */
  readonly sent: string[];
  /** Whether it has a direct path to the other side. */
  direct: boolean;
}

interface Stage {
  readonly a: Side;
  readonly b: Side;
  readonly requests: RelayRequest[];
  /** Delivers messages until `done`, and until both sides are idle: nothing to deliver and no signature in progress. */
  settle(done?: () => boolean): Promise<void>;
  /** Loses the next message of this type on its way from a side. */
  lose(from: 'a' | 'b', type: GroupContent['type']): void;
  /** Hash of the terms that a was shown, and b too unless a test says otherwise. */
  readonly terms: Uint8Array<ArrayBuffer>;
}

/** Number of WebCrypto operations in progress. */
function watchCrypto(t: TestContext): () => number {
  let count = 0;
  const subtle = crypto.subtle as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
  for (const name of ['sign', 'verify', 'importKey', 'digest']) {
    const original = subtle[name]!.bind(subtle);
    t.mock.method(subtle, name, async (...all: unknown[]) => {
      count++;
      try {
        return await original(...all);
      } finally {
        count--;
      }
    });
  }
  return () => count;
}

async function stage(
  t: TestContext,
  o: { renewAfter?: number; repeatEvery?: number; expires?: () => number; terms?: Uint8Array<ArrayBuffer> } = {},
): Promise<Stage> {
  const terms = random(48);
  const requests: RelayRequest[] = [];
  const underWay = watchCrypto(t);
  const broker = {
    admitted: () => undefined,
    relayNonce: async () => random(32),
    relayCredentials: async (request: RelayRequest) => {
      requests.push(request);
      const expires = o.expires?.() ?? Date.now() + 600_000;
      return {
        urls: ['turn:elsewhere.example'],
        username: `user${String(requests.length)}`,
        credential: 'word',
        expires,
      };
    },
  };
  // The lower key fetches the credentials: that is a, always.
  const [one, two] = [await generateLeafKey(), await generateLeafKey()];
  const keys = Buffer.compare(one.publicKey, two.publicKey) < 0 ? ([one, two] as const) : ([two, one] as const);
  const member = (leaf: 0 | 1): KnownMember => ({
    id: `person${String(leaf)}`,
    leaf,
    name: '',
    signatureKey: keys[leaf].publicKey,
    isHost: leaf === 0,
    identity: keys[leaf].publicKey,
  });
  const side = (own: LeafKey, their: KnownMember, ownTerms: Uint8Array<ArrayBuffer>): Side => {
    const [links, steps, sent, pending]: [string[], string[], string[], GroupContent[]] = [[], [], [], []];
    const side: Omit<Side, 'consent'> = { links, steps, pending, sent, direct: false };
    const consent = new RelayConsent({
      roomId,
      isDirect: () => side.direct,
      terms: ownTerms,
      relays: [RELAY],
      broker,
      ...(o.renewAfter === undefined ? {} : { renewAfter: o.renewAfter }),
      ...(o.repeatEvery === undefined ? {} : { repeatEvery: o.repeatEvery }),
      leafKey: () => own,
      member: () => their,
      links: () => ({
        allowRelay: (_id, relays) => links.push(`allow ${relays.map((r) => `${r.urls.join()} ${r.username}`).join()}`),
        withdrawRelay: () => links.push('withdraw'),
        stopRetrying: () => links.push('rest'),
        goDirect: () => links.push('go direct'),
      }),
      send: (content) => {
        pending.push(content);
        sent.push(content.type);
      },
      report: (input: RoomInput) => input.type === 'relay' && steps.push(input.relay.step),
      onProblem: (code) => links.push(code),
    });
    t.after(() => consent.clear());
    return Object.assign(side, { consent });
  };
  const a = side(keys[0], member(1), terms);
  const b = side(keys[1], member(0), o.terms ?? terms);
  const lost: { readonly from: Side; readonly type: string }[] = [];
  const deliver = async (from: Side, to: Side, sender: KnownMember): Promise<number> => {
    const all = from.pending.splice(0);
    for (const content of all) {
      const loss = lost.findIndex((one) => one.from === from && one.type === content.type);
      if (loss >= 0) lost.splice(loss, 1);
      else await to.consent.receive(sender, { ...content, to: 'everyone', link: '', seq: 0 } as GroupMessage);
    }
    return all.length;
  };
  const settle = async (done = () => true): Promise<void> => {
    await until(
      async () => {
        const moved = (await deliver(a, b, member(0))) + (await deliver(b, a, member(1)));
        // Everything but WebCrypto and timers (those are what `done` is for) finishes within this turn.
        await new Promise((resolve) => setImmediate(resolve));
        return moved + a.pending.length + b.pending.length + underWay() === 0 && done();
      },
      (settled) => settled,
      'both sides to be done',
      { every: 1 },
    );
  };
  const lose: Stage['lose'] = (from, type) => void lost.push({ from: from === 'a' ? a : b, type });
  return { a, b, requests, settle, lose, terms };
}

/** A stage on which both have said yes and have their credentials. */
async function granted(t: TestContext, o: Parameters<typeof stage>[1] = {}): Promise<Stage> {
  const all = await stage(t, o);
  all.a.consent.needed('person1');
  await all.settle();
  all.a.consent.answer('yes');
  all.b.consent.answer('yes');
  await all.settle(() => [all.a, all.b].every(({ steps, links }) => steps.at(-1) === 'granted' && links.length > 0));
  return all;
}

describe('[R8] the consent to a relay', () => {
  it('[R8] allows the declared relay alone on both sides after two yeses and two valid signatures', async (t) => {
    const { a, b, requests } = await granted(t);
    assert.deepEqual(a.links, ['allow turn:turn.example user1']);
    assert.deepEqual(b.links, a.links);
    assert.equal(a.steps.at(-1), 'granted');
    const [request] = requests;
    assert.ok(request);
    const { keys, nonces, text, serverNonce, signatures } = request;
    for (const index of [0, 1] as const)
      assert.ok(
        await verifyLeaf(keys[index], 'relay', [roomId, ...keys, ...nonces, text, serverNonce], signatures[index]),
      );
  });

  it('[R9] allows no relay and sends the server nothing while only one side has said yes', async (t) => {
    const { a, b, requests, settle } = await stage(t);
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    await settle();
    assert.deepEqual([a.links, b.links, requests], [[], [], []]);
    assert.deepEqual([a.steps.at(-1), b.steps.at(-1)], ['asked', 'asked']);
  });

  it('asks nobody when the question comes after the direct path that makes it void', async (t) => {
    const { a, b, settle } = await stage(t);
    a.consent.needed('person1');
    for (const side of [b, a]) {
      side.direct = true;
      side.consent.notNeeded(side === a ? 'person1' : 'person0');
    }
    await settle();
    assert.deepEqual([a.steps, b.steps], [['asked', 'none'], []]);
    // Where the path is lost again, both are asked as ever.
    for (const side of [a, b]) side.direct = false;
    b.consent.needed('person0');
    await settle();
    assert.deepEqual([a.steps.at(-1), b.steps.at(-1)], ['asked', 'asked']);
  });

  it('[R9] allows no relay and stops all attempts after one no', async (t) => {
    const { a, b, requests, settle, terms } = await stage(t);
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    b.consent.answer('no');
    await settle(() => a.links.length > 0 && b.links.length > 0);
    assert.deepEqual([a.links, b.links, requests], [['rest'], ['rest'], []]);
    assert.equal(a.steps.at(-1), 'declined');
    // A late yes changes nothing.
    b.consent.answer('yes');
    await settle();
    assert.deepEqual(requests, []);
    // Nor does a new question: the yes to the old one is no answer to it.
    b.pending.push({ type: 'relay-question', body: { nonce: toBase64Url(random(32)), text: toBase64Url(terms) } });
    await settle();
    assert.equal(a.sent.filter((type) => type === 'relay-answer').length, 1);
  });

  it('[R8] covers no other relay than the one that was shown', async (t) => {
    const { a, b, requests, settle } = await stage(t, { terms: random(48) });
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    b.consent.answer('yes');
    await settle(() => b.links.length > 0);
    assert.ok(b.links.includes('configuration-mismatch'));
    assert.deepEqual(requests, []);
  });

  it('[R8] closes the relay on both sides after a withdrawal and ignores later credentials', async (t) => {
    const { a, b, settle } = await granted(t);
    await a.consent.withdraw();
    assert.equal(a.links.at(-1), 'withdraw');
    await settle(() => b.links.at(-1) === 'withdraw');
    assert.equal(b.links.at(-1), 'withdraw');
    a.pending.push({ type: 'relay-credentials', body: { username: 'late', credential: 'late', expires: 0 } });
    await settle();
    assert.equal(b.links.at(-1), 'withdraw');
    assert.equal(b.steps.at(-1), 'withdrawn');
  });

  it('[R8] renews credentials before they expire, without asking the participants again', async (t) => {
    const { a, b, requests, settle } = await granted(t, { renewAfter: 320 });
    await settle(() => [a, b].every(({ links }) => links.includes('allow turn:turn.example user2')));
    for (const { links, steps } of [a, b]) {
      assert.ok(links.includes('allow turn:turn.example user2'));
      assert.deepEqual(
        steps.filter((step) => step === 'granted'),
        ['granted'],
      );
    }
    const [first, second] = requests;
    assert.deepEqual(second?.nonces, first?.nonces);
    assert.notEqual(toBase64Url(second?.serverNonce ?? random(1)), toBase64Url(first?.serverNonce ?? random(1)));
  });

  for (const [clock, ahead] of [
    ['ahead', 60 * 60_000],
    ['behind', -60 * 60_000],
  ] as const)
    it(`[R8] renews credentials after eight minutes when the device's clock is an hour ${clock}`, async (t) => {
      const waits: (number | undefined)[] = [];
      const { setTimeout } = globalThis;
      t.mock.method(globalThis, 'setTimeout', (act: () => void, wait?: number) => {
        waits.push(wait);
        return setTimeout(act, wait);
      });
      // The end of the credentials is a time of the server's clock.
      const { requests, settle } = await granted(t, { expires: () => Date.now() + 600_000 - ahead });
      await settle();
      assert.equal(requests.length, 1);
      assert.equal(
        waits.findLast((wait) => wait !== undefined && wait > 20_000),
        480_000,
      );
    });

  it('[R8] renews due credentials when signalling comes back after sleep', async (t) => {
    const { a, b, requests, settle } = await granted(t);
    for (const { consent } of [a, b]) consent.onOnline();
    await settle();
    assert.equal(requests.length, 1);
    // A clock that stops in sleep shows nothing; the other one does.
    const later = Date.now() + 9 * 60_000;
    t.mock.method(Date, 'now', () => later);
    for (const { consent } of [a, b]) consent.onOnline();
    await settle(() => requests.length > 1);
    assert.equal(requests.length, 2);
  });

  it('[R8] ends when one participant chooses a direct path that was found, and only then', async (t) => {
    const { a, b, settle } = await granted(t);
    a.consent.goDirect();
    await settle();
    assert.ok(!a.links.includes('go direct'));
    a.consent.noteDirect('person1', 'found');
    assert.ok(!a.links.includes('go direct'));
    // After the path changed, the one that was found is no longer offered.
    a.consent.noteDirect('person1', 'unknown');
    a.consent.goDirect();
    assert.ok(!a.links.includes('go direct'));
    a.consent.noteDirect('person1', 'used');
    a.consent.goDirect();
    await settle(() => [a, b].every(({ links }) => links.at(-1) === 'go direct'));
    for (const { links, steps } of [a, b]) {
      assert.equal(links.at(-1), 'go direct');
      assert.equal(steps.at(-1), 'none');
    }
    // The consent has ended: the next time the participants are asked again.
    b.consent.needed('person0');
    assert.equal(b.steps.at(-1), 'asked');
  });
});

describe('[R8] a message about the relay that is lost', () => {
  const isDone = ({ a, b }: Stage) =>
    [a, b].every(({ steps, links }) => steps.at(-1) === 'granted' && links.length > 0);
  /** Both notice that there is no direct path, and say yes. */
  const ask = async ({ a, b, settle }: Stage): Promise<void> => {
    a.consent.needed('person1');
    await settle();
    b.consent.needed('person0');
    await settle();
    for (const { consent } of [a, b]) consent.answer('yes');
    await settle();
  };
  const back = ({ a, b }: Stage): void => [a, b].forEach(({ consent }) => consent.onOnline());

  for (const [from, type] of [
    ['a', 'relay-question'],
    ['b', 'relay-question'],
    ['a', 'relay-answer'],
    ['b', 'relay-answer'],
    ['a', 'relay-signature'],
    ['b', 'relay-signature'],
    ['a', 'relay-credentials'],
  ] as const)
    it(`[R8] is made good when signalling is back: the ${type} of ${from}`, async (t) => {
      const all = await stage(t);
      all.lose(from, type);
      await ask(all);
      assert.ok(!isDone(all), 'nothing was lost');
      back(all);
      await all.settle(() => isDone(all));
      const last = `allow turn:turn.example user${String(all.requests.length)}`;
      for (const { links } of [all.a, all.b]) assert.equal(links.at(-1), last);
    });

  it('[R8] is made good without an outage: questions and answers are repeated', async (t) => {
    const all = await stage(t, { repeatEvery: 5 });
    for (const from of ['a', 'b'] as const)
      for (const what of ['question', 'answer'] as const) all.lose(from, `relay-${what}`);
    await ask(all);
    await all.settle(() => isDone(all));
  });

  it('[R9] ends both sides’ attempts, where it was a no', async (t) => {
    const { a, b, settle, lose } = await stage(t);
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    lose('b', 'relay-answer');
    b.consent.answer('no');
    await settle();
    assert.equal(a.steps.at(-1), 'asked');
    a.consent.onOnline();
    await settle(() => a.steps.at(-1) === 'declined');
    assert.equal(a.links.at(-1), 'rest');
  });

  for (const [how, remind] of [
    ['when signalling is back', ({ a }: Stage) => a.consent.onOnline()],
    ['when the other side’s link does not come up', ({ b }: Stage) => b.consent.onAttemptFailed('person0')],
    ['when the other side hears nothing of new credentials', ({ b }: Stage) => b.pending.push(SIGNATURE)],
  ] as const)
    it(`[R8] ends the other side’s consent too, where it withdrew ours, ${how}`, async (t) => {
      const all = await granted(t);
      const { a, b, settle, lose } = all;
      lose('a', 'relay-withdrawn');
      await a.consent.withdraw();
      await settle();
      assert.equal(b.steps.at(-1), 'granted');
      remind(all);
      await settle(() => b.steps.at(-1) === 'withdrawn');
      assert.equal(b.links.at(-1), 'withdraw');
    });

  it('[R8] leaves no consent behind where it released the relay: the next question is a new one for both', async (t) => {
    const { a, b, requests, settle, lose } = await granted(t);
    a.consent.noteDirect('person1', 'used');
    lose('a', 'relay-released');
    a.consent.goDirect();
    await settle();
    assert.equal(b.steps.at(-1), 'granted');
    a.consent.needed('person1');
    a.consent.answer('yes');
    await settle(() => b.steps.at(-1) === 'asked');
    assert.equal(b.links.at(-1), 'go direct');
    assert.equal(requests.length, 1);
    b.consent.answer('yes');
    await settle(() => requests.length === 2 && [a, b].every(({ links }) => links.at(-1)?.endsWith('user2')));
    assert.ok(
      requests[1]?.nonces.every((nonce) => !requests[0]?.nonces.some((one) => toBase64Url(one) === toBase64Url(nonce))),
    );
  });

  it('[R8] is said again to who still counts on the relay that it released', async (t) => {
    const { a, b, settle, lose } = await granted(t);
    a.consent.noteDirect('person1', 'used');
    lose('a', 'relay-released');
    a.consent.goDirect();
    await settle();
    b.pending.push(SIGNATURE);
    await settle(() => b.steps.at(-1) === 'none');
    assert.equal(b.links.at(-1), 'go direct');
  });

  it('[R8] fetches no new credentials when signalling is back and nothing is missing', async (t) => {
    const all = await granted(t);
    back(all);
    await all.settle();
    assert.equal(all.requests.length, 1);
  });
});

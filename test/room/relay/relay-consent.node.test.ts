/** protocol.md §10: two people's consent, each by each client for itself, and what follows from it. */
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

interface Side {
  readonly consent: RelayConsent;
  /** What the links were told, and what the room. */
  readonly links: string[];
  readonly steps: string[];
  readonly said: GroupContent[];
  /** Kinds of all messages, also of those that were delivered. */
  readonly told: string[];
}

interface Stage {
  readonly a: Side;
  readonly b: Side;
  readonly requests: RelayRequest[];
  /** Delivers what was said until `done`, and until nobody has anything more to say: all is delivered and no signature under way. */
  settle(done?: () => boolean): Promise<void>;
  /** Hash of what a was shown, and b unless it was shown something else. */
  readonly terms: Uint8Array<ArrayBuffer>;
}

/** How many questions to WebCrypto have no answer yet. */
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

async function stage(t: TestContext, o: { lifetime?: number; terms?: Uint8Array<ArrayBuffer> } = {}): Promise<Stage> {
  const terms = random(48);
  const requests: RelayRequest[] = [];
  const underWay = watchCrypto(t);
  const broker = {
    admitted: () => undefined,
    relayNonce: async () => random(32),
    relayCredentials: async (request: RelayRequest) => {
      requests.push(request);
      const expires = Date.now() + (o.lifetime ?? 600_000);
      return {
        urls: ['turn:elsewhere.example'],
        username: `user${String(requests.length)}`,
        credential: 'word',
        expires,
      };
    },
  };
  const keys = [await generateLeafKey(), await generateLeafKey()] as const;
  const member = (leaf: 0 | 1): KnownMember => ({
    id: `person${String(leaf)}`,
    leaf,
    name: '',
    signatureKey: keys[leaf].publicKey,
    isHost: leaf === 0,
  });
  const side = (own: LeafKey, their: KnownMember, ownTerms: Uint8Array<ArrayBuffer>): Side => {
    const [links, steps, told, said]: [string[], string[], string[], GroupContent[]] = [[], [], [], []];
    const consent = new RelayConsent({
      roomId,
      terms: ownTerms,
      relays: [RELAY],
      broker,
      leafKey: () => own,
      member: () => their,
      links: () => ({
        allowRelay: (_id, relays) => links.push(`allow ${relays.map((r) => `${r.urls.join()} ${r.username}`).join()}`),
        withdrawRelay: () => links.push('withdraw'),
        stopRetrying: () => links.push('rest'),
        goDirect: () => links.push('go direct'),
      }),
      send: (content) => {
        said.push(content);
        told.push(content.type);
      },
      report: (input: RoomInput) => input.type === 'relay' && steps.push(input.relay.step),
      onProblem: (code) => links.push(code),
    });
    t.after(() => consent.clear());
    return { consent, links, steps, said, told };
  };
  const a = side(keys[0], member(1), terms);
  const b = side(keys[1], member(0), o.terms ?? terms);
  const deliver = async (from: Side, to: Side, sender: KnownMember): Promise<number> => {
    const all = from.said.splice(0);
    for (const content of all)
      await to.consent.receive(sender, { ...content, to: 'everyone', link: '', seq: 0 } as GroupMessage);
    return all.length;
  };
  const settle = async (done = () => true): Promise<void> => {
    await until(
      async () => {
        const moved = (await deliver(a, b, member(0))) + (await deliver(b, a, member(1)));
        // All but WebCrypto, and timers, which `done` is for, goes on within this turn.
        await new Promise((resolve) => setImmediate(resolve));
        return moved + a.said.length + b.said.length + underWay() === 0 && done();
      },
      (settled) => settled,
      'both sides to be done',
      { every: 1 },
    );
  };
  return { a, b, requests, settle, terms };
}

async function granted(t: TestContext, o: { lifetime?: number } = {}): Promise<Stage> {
  const all = await stage(t, o);
  all.a.consent.needed('person1');
  await all.settle();
  all.a.consent.answer('yes');
  all.b.consent.answer('yes');
  await all.settle(() => [all.a, all.b].every(({ steps, links }) => steps.at(-1) === 'granted' && links.length > 0));
  return all;
}

describe('[R8] the consent to a relay', () => {
  it('opens the declared relay alone on both sides when both accept with valid signatures', async (t) => {
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

  it('[R9] opens nothing and asks the server for nothing when one accepts and the other is silent', async (t) => {
    const { a, b, requests, settle } = await stage(t);
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    await settle();
    assert.deepEqual([a.links, b.links, requests], [[], [], []]);
    assert.deepEqual([a.steps.at(-1), b.steps.at(-1)], ['asked', 'asked']);
  });

  it('[R9] ends with one decline: no relay and no more attempts', async (t) => {
    const { a, b, requests, settle, terms } = await stage(t);
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    b.consent.answer('no');
    await settle(() => a.links.length > 0 && b.links.length > 0);
    assert.deepEqual([a.links, b.links, requests], [['rest'], ['rest'], []]);
    assert.equal(a.steps.at(-1), 'declined');
    // And a late yes changes nothing.
    b.consent.answer('yes');
    await settle();
    assert.deepEqual(requests, []);
    // Nor does a new question: one's yes to the old one is no answer to it.
    b.said.push({ type: 'relay-question', body: { nonce: toBase64Url(random(32)), text: toBase64Url(terms) } });
    await settle();
    assert.equal(a.told.filter((type) => type === 'relay-answer').length, 1);
  });

  it('does not cover another relay than the one shown', async (t) => {
    const { a, b, requests, settle } = await stage(t, { terms: random(48) });
    a.consent.needed('person1');
    await settle();
    a.consent.answer('yes');
    b.consent.answer('yes');
    await settle(() => b.links.length > 0);
    assert.ok(b.links.includes('configuration-mismatch'));
    assert.deepEqual(requests, []);
  });

  it('closes both sides when withdrawn, and ignores credentials that arrive later', async (t) => {
    const { a, b, settle } = await granted(t);
    await a.consent.withdraw();
    assert.equal(a.links.at(-1), 'withdraw');
    await settle(() => b.links.at(-1) === 'withdraw');
    assert.equal(b.links.at(-1), 'withdraw');
    a.said.push({ type: 'relay-credentials', body: { username: 'late', credential: 'late', expires: 0 } });
    await settle();
    assert.equal(b.links.at(-1), 'withdraw');
    assert.equal(b.steps.at(-1), 'withdrawn');
  });

  it('renews credentials before they expire without another question', async (t) => {
    const { a, b, requests, settle } = await granted(t, { lifetime: 400 });
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

  it('ends for a direct path by one participant’s choice, and by nothing else', async (t) => {
    const { a, b, settle } = await granted(t);
    a.consent.goDirect();
    await settle();
    assert.ok(!a.links.includes('go direct'));
    a.consent.noteDirect('person1', 'found');
    assert.ok(!a.links.includes('go direct'));
    // And where the path is another one again, what was found is not offered any more.
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
    // What was agreed is gone: the next time people are asked anew.
    b.consent.needed('person0');
    assert.equal(b.steps.at(-1), 'asked');
  });
});

/** Whether the signalling server declares what the page showed. */
import { expect } from '@open-wc/testing';
import { parsePublicConfiguration } from '../../../src/configuration.ts';
import { ConsultError } from '../../../src/errors.ts';
import { awaitMatchingConfiguration, compareConfigurations } from '../../../src/room/setup/configuration-check.ts';
import { Backoff } from '../../../src/signaling/backoff.ts';

const config = {
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle', country: 'DE' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Rechenzentrum', country: 'DE' },
  ],
};

describe('the configuration of a signalling server on another origin', () => {
  const signaling = new URL('wss://server.example/signal');
  const shown = parsePublicConfiguration(config);
  const own = globalThis.fetch;
  /** The server's answers to one request after the other; the last one repeats. */
  let answers: (() => Promise<Response>)[] = [];
  let asked: string[] = [];
  const says =
    (body: unknown, status = 200) =>
    () =>
      Promise.resolve(Response.json(body, { status }));
  const silent = () => Promise.reject(new TypeError('Failed to fetch'));
  const codeOf = (promise: Promise<void>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof ConsultError ? error.code : 'other'),
    );

  beforeEach(() => {
    asked = [];
    globalThis.fetch = (url) => {
      asked.push(String(url instanceof Request ? url.url : url));
      return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? silent();
    };
  });
  afterEach(() => {
    globalThis.fetch = own;
  });

  it('is accepted when it declares the same as the page', async () => {
    answers = [says(config)];
    expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('none');
    expect(asked).to.deep.equal(['https://server.example/config']);
  });

  it('is refused when it declares something else, or is no configuration', async () => {
    for (const other of [
      { ...config, operator: { name: 'Andere Stelle', country: 'DE' } },
      { ...config, webhooks: [{ operator: 'Rechenzentrum', country: 'DE' }] },
      { colour: 'red' },
    ]) {
      answers = [says(other)];
      expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('configuration-mismatch');
    }
  });

  it('counts as unreachable, not as different, when the server does not answer', async () => {
    for (const answer of [silent, says({}, 503)]) {
      answers = [answer];
      expect(await codeOf(compareConfigurations(signaling, shown))).to.equal('signaling-unreachable');
    }
  });

  it('is reported as unreachable once and requested again until the server answers', async () => {
    answers = [silent, says({}, 503), silent, says(config)];
    const { signal } = new AbortController();
    let told = 0;
    await awaitMatchingConfiguration({
      signaling,
      shown,
      signal,
      backoff: new Backoff({ base: 1 }),
      diagnosis: found('signaling-unreachable'),
      onUnreachable: () => (told += 1),
    });
    expect([asked.length, told]).to.deep.equal([4, 1]);
  });

  it('is not requested any more when the person has left', async () => {
    answers = [silent];
    const left = new AbortController();
    const backoff = new Backoff({ base: 3_600_000, cap: 3_600_000 });
    let waiting: Promise<void> = Promise.resolve();
    await new Promise<void>((told) => {
      const diagnosis = found('signaling-unreachable');
      const onUnreachable = (): void => told();
      waiting = awaitMatchingConfiguration({
        signaling,
        shown,
        signal: left.signal,
        backoff,
        diagnosis,
        onUnreachable,
      });
    });
    left.abort();
    expect(await codeOf(waiting)).to.equal('signaling-unreachable');
    expect(asked.length).to.equal(1);
  });

  for (const code of ['signaling-foreign', 'signaling-origin-refused', 'signaling-policy-blocked'] as const)
    it(`is not requested any more when ${code} is certain, and the person is not told before`, async () => {
      answers = [silent, silent, silent];
      const told: string[] = [];
      let outlook: 'open' | 'settled' = 'open';
      const waiting = awaitMatchingConfiguration({
        signaling,
        shown,
        signal: new AbortController().signal,
        backoff: new Backoff({ base: 1 }),
        diagnosis: {
          next: async () => {
            const fault = { code, detail: 'why', outlook };
            outlook = 'settled';
            return fault;
          },
          close: () => undefined,
        },
        onUnreachable: (problem) => told.push(problem.code),
      });
      expect(await codeOf(waiting)).to.equal(code);
      expect([asked.length, told]).to.deep.equal([2, []]);
    });
});

const found = (code: 'signaling-unreachable') => ({
  next: async () => ({ code, detail: '', outlook: 'open' as const }),
  close: () => undefined,
});

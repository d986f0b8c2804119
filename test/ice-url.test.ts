/** What `ice-url.ts` takes, this browser takes, too: a URL that it refused would throw in the middle of a session. */
import { expect } from '@open-wc/testing';
import { fc } from './support/property.ts';
import { iceUrlProblem } from '../src/ice-url.ts';

const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 70_000 }).map((number) => `:${String(number)}`),
);
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom('localhost', 'a_b.example', '999.1.1.1', '1.2.3', 'a..b', '-a.example', '[::1', ''),
);
const query = fc.constantFrom(
  '',
  '?transport=udp',
  '?transport=tcp',
  '?transport=UDP',
  '?transport=',
  '?x=1',
  '#x',
  '/',
);
const url = fc
  .tuple(fc.constantFrom('stun:', 'stuns:', 'turn:', 'turns:', 'stun://', 'TURN:'), host, port, query)
  .map((parts) => parts.join(''));

function refusal(urls: string): string {
  try {
    new RTCPeerConnection({ iceServers: [{ urls, username: 'u', credential: 'c' }] }).close();
    return '';
  } catch (error: unknown) {
    return String(error);
  }
}

describe('the URL of a STUN or TURN server', () => {
  it('is never taken when this browser refuses it', () => {
    let taken = 0;
    fc.assert(
      fc.property(url, (one) => {
        const schemes = one.startsWith('stun') ? 'stun' : 'turn';
        if (iceUrlProblem(one, schemes) !== null) return;
        taken += 1;
        expect(refusal(one), one).to.equal('');
      }),
      { numRuns: 600 },
    );
    expect(taken).to.be.greaterThan(20);
  });

  it('is refused by this browser, too, for the mistakes that people make', () => {
    for (const one of ['stun://a.example', 'stun:a.example?transport=udp', 'turn:a.example:99999', 'turn:a.example:0'])
      expect(refusal(one), one).to.not.equal('');
  });
});

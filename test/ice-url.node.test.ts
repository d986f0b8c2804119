/** Which servers a configuration may name: those that `RTCPeerConnection` takes in every browser. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { iceUrlProblem, isIpAddress, parseIceUrl } from '../src/ice-url.ts';

describe('the URL of a STUN or TURN server', () => {
  it('is taken apart as RFC 7064 and RFC 7065 say', () => {
    assert.deepEqual(parseIceUrl('stun:a.example'), {
      scheme: 'stun',
      host: 'a.example',
      port: 3478,
      transport: 'udp',
    });
    assert.deepEqual(parseIceUrl('turn:1.2.3.4:80?transport=tcp'), {
      scheme: 'turn',
      host: '1.2.3.4',
      port: 80,
      transport: 'tcp',
    });
    assert.deepEqual(parseIceUrl('turns:[2001:db8::1]'), {
      scheme: 'turns',
      host: '2001:db8::1',
      port: 5349,
      transport: 'tcp',
    });
  });

  it('is refused with words when a browser refuses it', () => {
    const refused: readonly (readonly [string, 'stun' | 'turn', RegExp])[] = [
      ['stun://a.example', 'stun', /no slashes/u],
      ['turn://a.example:3478', 'turn', /no slashes/u],
      ['stun:a.example?transport=udp', 'stun', /no "\?"/u],
      ['turn:a.example:99999', 'turn', /port 99999/u],
      ['turn:a.example:0', 'turn', /port 0/u],
      ['turn:a.example:22', 'turn', /port 22/u],
      ['turn:a.example:6667?transport=udp', 'turn', /port 6667/u],
      ...[
        'stun:',
        'stun:a.example:',
        'stun:a.example/',
        'stun:a.example#x',
        'stun:u@a.example',
        'stun: a.example',
        'stun:a.example ',
        'stun:a..example',
        'stun:-a.example',
        'stun:ä.example',
        'stun:999.1.1.1',
        'stun:1.2.3',
        'stun:0177.0.0.1',
        'stun:[::1',
        'stun:[1::2::3]',
        'stun:2001:db8::1',
        `stun:${'a'.repeat(64)}.example`,
        `stun:${'a.'.repeat(130)}example`,
        'STUN:a.example',
        'turn:a.example',
        'http://a.example',
        '',
      ].map((url) => [url, 'stun', /stun:host:port|no slashes/u] as const),
      ...[
        'turn:a.example?transport=sctp',
        'turn:a.example?transport=UDP',
        'turn:a.example?foo=1',
        'stun:a.example',
      ].map((url) => [url, 'turn', /turn:host:port/u] as const),
    ];
    for (const [url, schemes, words] of refused) assert.match(iceUrlProblem(url, schemes) ?? 'taken', words, url);
  });

  it('is taken when every browser takes it', () => {
    for (const url of ['stun:a.example', 'stun:[2001:db8::1]:3478', 'stun:localhost', 'stun:stun_1.example'])
      assert.equal(iceUrlProblem(url, 'stun'), null, url);
    for (const url of ['turn:a.example:443?transport=tcp', 'turns:a.example?transport=tcp', 'turn:192.0.2.1:65535'])
      assert.equal(iceUrlProblem(url, 'turn'), null, url);
  });

  it('tells IP addresses from other texts', () => {
    for (const address of ['192.0.2.1', '2001:db8::1', '::']) assert.ok(isIpAddress(address), address);
    for (const text of ['....', '1.2.3', '999.1.1.1', '01.2.3.4', 'fe80::1%eth0', '[::1]', 'a.example', ':::', ''])
      assert.ok(!isIpAddress(text), text);
  });
});

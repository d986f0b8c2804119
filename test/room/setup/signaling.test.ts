/** How a room reaches the others. */
import { expect } from '@open-wc/testing';
import { ConsultError } from '../../../src/errors.ts';
import { signalingUrl } from '../../../src/room/setup/signaling.ts';

describe('the address of the signalling server', () => {
  it('is /signal of the page, with the WebSocket scheme of its protocol, when none is given', () => {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    expect(signalingUrl()?.href).to.equal(`${scheme}//${location.host}/signal`);
  });

  it('gets a WebSocket scheme when it is given as http or https', () => {
    expect(signalingUrl('https://server.example/a')?.href).to.equal('wss://server.example/a');
    expect(signalingUrl('http://server.example/a')?.href).to.equal('ws://server.example/a');
  });

  it('stays as it is when it has a WebSocket scheme', () => {
    for (const url of ['wss://server.example/a', 'ws://localhost:1/']) expect(signalingUrl(url)?.href).to.equal(url);
  });

  it('is null when the pages of one browser need no server', () => {
    expect(signalingUrl('broadcast:')).to.equal(null);
  });

  for (const url of ['wss://', 'wss://host:99999/', 'localhost:8787', 'javascript:0', 'ftp://host/', 'wss://a:b@host/'])
    it(`is refused when it is ${url}`, () => {
      expect(() => signalingUrl(url))
        .to.throw(ConsultError)
        .with.property('code', 'signaling-address-invalid');
    });

  const secure = 'https://site.example/room.html';

  for (const url of [
    'ws://server.example/signal',
    'http://server.example/',
    'ws://192.0.2.1/',
    'WS://LOCALHOST.example/',
  ])
    it(`is refused as mixed content when the page has HTTPS and it is ${url}`, () => {
      expect(() => signalingUrl(url, secure))
        .to.throw(ConsultError)
        .with.property('code', 'signaling-mixed-content');
      expect(signalingUrl(url, 'http://site.example/')?.protocol).to.equal('ws:');
    });

  it('may be unencrypted on this device when the page has HTTPS, and is encrypted when it is relative', () => {
    for (const url of ['ws://localhost:1/', 'ws://a.localhost:1/', 'http://127.0.0.1:1/', 'ws://[::1]:1/'])
      expect(signalingUrl(url, secure)?.protocol).to.equal('ws:');
    for (const url of ['/signal', '//server.example/signal', undefined])
      expect(signalingUrl(url, secure)?.protocol).to.equal('wss:');
  });

  it('carries no fragment, which may hold an invite', () => {
    expect(signalingUrl('wss://server.example/signal#consult=x')?.href).to.equal('wss://server.example/signal');
  });
});

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { checkPolicy } from '../../../src/server/doctor/policy-check.ts';
import { securityHeaders } from '../../../src/server/headers.ts';
import { pageWith } from './page.ts';

const SIGNAL = new URL('wss://beratung.example/signal');
const { 'Content-Security-Policy': OWN = '' } = securityHeaders({
  headers: { host: 'beratung.example' },
} as IncomingMessage);
const found = (policy: string, html = '', signal = SIGNAL): string => {
  const { outcome, detail = '' } = checkPolicy(pageWith({ 'Content-Security-Policy': policy }, html), signal);
  return `${outcome} ${detail}`.trim();
};
const meta = (policy: string): string => `<meta content="${policy}" http-equiv=Content-Security-Policy>`;

const LOOSE: readonly (readonly [policy: string, part: string])[] = [
  ['script-src-elem *', 'script-src-elem *'],
  ["script-src-elem 'unsafe-inline'", "script-src-elem 'unsafe-inline'"],
  ["script-src-attr 'unsafe-inline'", "script-src-attr 'unsafe-inline'"],
  ["script-src 'self' 'UNSAFE-EVAL'", "script-src 'unsafe-eval'"],
  ['style-src https://fonts.example', 'style-src https://fonts.example'],
  ['style-src-elem https:', 'style-src-elem https:'],
  ['style-src-attr https://fonts.example', 'style-src-attr https://fonts.example'],
  ['font-src fonts.example', 'font-src fonts.example'],
  ['object-src *', 'object-src *'],
  ['manifest-src https://cdn.example/path', 'manifest-src https://cdn.example/path'],
  ['worker-src data:', 'worker-src data:'],
  ['child-src https://cdn.example', 'child-src https://cdn.example'],
  ['frame-src data:', 'frame-src data:'],
  ['base-uri https://cdn.example', 'base-uri https://cdn.example'],
  ['form-action *', 'form-action *'],
  ['img-src https://cdn.example:*', 'img-src https://cdn.example:*'],
  ['img-src *.beratung.example', 'img-src *.beratung.example'],
  ['media-src HTTPS:', 'media-src https:'],
  ['connect-src wss:', 'connect-src wss:'],
];

describe('the Content-Security-Policy of a page', () => {
  it('is strict where it is that of the server', () => assert.equal(found(OWN), 'csp.strict'));

  for (const [policy, part] of LOOSE)
    it(`is loose with ${policy}`, () => assert.equal(found(`default-src 'self'; ${policy}`), `csp.loose ${part}`));

  it('allows everything of which it says nothing', () => {
    assert.match(found("script-src 'self'; connect-src 'self'"), /^csp\.loose .*style-src \*.*font-src \*/u);
  });

  it('is several together: what one of them keeps out stays out', () => {
    assert.equal(found("default-src *, default-src 'self'"), 'csp.strict');
    assert.equal(found("default-src 'self'", meta('default-src *')), 'csp.strict');
    assert.equal(found("default-src 'self'", meta("connect-src 'none'")), 'csp.no-signal wss://beratung.example');
    assert.equal(found("default-src 'self', connect-src 'none'"), 'csp.no-signal wss://beratung.example');
    assert.equal(found('', meta("default-src 'self'")), 'csp.strict');
  });

  it('leads to a signalling server elsewhere only where it says so', () => {
    const elsewhere = new URL('wss://signal.example/signal');
    assert.equal(found("default-src 'self'", '', elsewhere), 'csp.no-signal wss://signal.example');
    assert.equal(found("default-src 'self'; connect-src wss://signal.example", '', elsewhere), 'csp.strict');
  });

  it('is missing where there is none', () => assert.equal(found(''), 'csp.missing'));
});

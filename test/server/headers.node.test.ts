/**
 * What a page with a camera asks of browsers: sent with every answer, recommended to sites that serve the room
 * themselves.
 */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { securityHeaders } from '../../src/server/headers.ts';

const sent = securityHeaders({ headers: { host: 'beratung.example' } } as IncomingMessage);

function policy(): ReadonlyMap<string, string> {
  const entries = (sent['Permissions-Policy'] ?? '').split(', ').map((entry) => entry.split('=') as [string, string]);
  return new Map(entries);
}

describe('headers', () => {
  it('[R15] allow this page what a room needs, and other origins nothing', () => {
    const allowed = [...policy()].filter(([, list]) => list !== '()');
    assert.deepEqual(Object.fromEntries(allowed), {
      camera: '(self)',
      microphone: '(self)',
      'display-capture': '(self)',
      'screen-wake-lock': '(self)',
      autoplay: '(self)',
      fullscreen: '(self)',
    });
  });

  it('[R16] disable picture-in-picture and what reveals locations and devices', () => {
    for (const name of ['picture-in-picture', 'geolocation', 'local-fonts', 'idle-detection', 'usb', 'browsing-topics'])
      assert.equal(policy().get(name), '()', name);
  });

  it('[R11] allow scripts, styles and connections of this origin only, and no inline ones', () => {
    const csp = sent['Content-Security-Policy'] ?? '';
    assert.match(csp, /default-src 'none'/u);
    assert.match(csp, /script-src 'self'(?: 'wasm-unsafe-eval')?;/u);
    assert.match(csp, /style-src 'self';/u);
    assert.match(csp, /connect-src 'self' ws:\/\/beratung\.example wss:\/\/beratung\.example;/u);
    assert.doesNotMatch(csp, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|\*|https?:/u);
  });

  it('send no referrer to other pages', () => {
    assert.equal(sent['Referrer-Policy'], 'no-referrer');
    assert.equal(sent['Cross-Origin-Opener-Policy'], 'same-origin');
  });

  it('equal the ones that the page on embedding recommends', () => {
    const page = readFileSync('src/elements/README.md', 'utf8');
    const recommended = /^Permissions-Policy: (.*)$/mu.exec(page)?.[1] ?? '';
    for (const entry of recommended.split(', ')) {
      const [name = '', list] = entry.split('=');
      assert.equal(policy().get(name), list, name);
    }
    assert.ok(recommended.includes('camera=(self)') && recommended.includes('picture-in-picture=()'));
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { sheetOf, type Appointment } from '../../src/appointment/sheet.ts';
import { sheetPage } from '../../src/server/sheet-page.ts';

const appointment: Appointment = {
  guestLink: 'https://beratung.example/room.html?a="><script>&b=\'#consult=AWc',
  code: 'K7M-2QX-9TD',
  starts: new Date('2026-12-01T09:00:00Z'),
  minutes: 50,
  expires: null,
  centre: '<script>alert(1)</script>\n\u202e"onload="x',
  telephone: '030 <img src=https://evil.example>',
};

describe('the sheet as a file', () => {
  const page = sheetPage(sheetOf(appointment, 'de'));

  it('has no script, loads nothing, and takes no text for markup', () => {
    assert.doesNotMatch(page, /<(?:script|img|link|iframe|object|form)\b/iu);
    assert.doesNotMatch(page, /\son\w+=(?!&quot;)["']/iu);
    assert.doesNotMatch(page, /\b(?:src|srcset)=["']|url\(|@import/iu);
    const addresses = [...page.matchAll(/\bhref="([^"]*)"/gu)].map(([, address = '']) => address);
    assert.deepEqual(addresses.length, 1);
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt; &quot;onload=&quot;x'));
    assert.ok(!page.includes('\u202e'));
  });

  it('allows by its own policy only its own style', () => {
    const [, style = ''] = /<style>(.*?)<\/style>/su.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    assert.ok(
      page.includes(`content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`),
    );
    assert.doesNotMatch(page, /\sstyle="/u);
    assert.match(page, /<meta name="referrer" content="no-referrer">/u);
  });

  it('has the link, its picture, the code and the language', () => {
    assert.match(page, /<html lang="de">/u);
    assert.match(page, /<svg viewBox="0 0 \d+ \d+" role="img" aria-label="QR-Code mit Ihrem Link">/u);
    assert.match(page, />K7M-2QX-9TD</u);
    assert.match(sheetPage(sheetOf(appointment, 'en')), /<html lang="en">.*What to expect/su);
  });
});

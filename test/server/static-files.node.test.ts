/** A page of the site with an import map, such as `consult-room-server snippet` prints: its policy knows the map, and no other inline script. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { start } from './harness.ts';

const MAP = '{\n  "integrity": { "/a.js": "sha384-x" }\n}';
const pinned = `'sha384-${createHash('sha384').update(MAP).digest('base64')}'`;

describe('a page with an import map', () => {
  it('comes with a policy that knows the map, however its lines end, and no other inline script', async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(root, { recursive: true }));
    const pages = {
      'map.html': `<script type="importmap">${MAP}</script>`,
      'lines.html': `<script type="importmap">${MAP.replaceAll('\n', '\r\n')}</script>`,
      'inline.html': '<script>alert(1)</script><script type="module">alert(2)</script>',
    };
    for (const [name, html] of Object.entries(pages)) writeFileSync(join(root, name), html);
    const { port } = await start(t, { static: root });
    const policies = await Promise.all(
      Object.keys(pages).map(async (name) => {
        const { headers } = await fetch(`http://127.0.0.1:${String(port)}/${name}`);
        return /script-src [^;]*/u.exec(headers.get('content-security-policy') ?? '')?.[0];
      }),
    );
    const withMap = `script-src 'self' ${pinned}`;
    assert.deepEqual(policies, [withMap, withMap, "script-src 'self'"]);
  });
});

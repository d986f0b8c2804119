/** Why a WebSocket does not open, as the answers to a plain request tell. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { SignalingDiagnosis, type DiagnosisOptions } from '../../src/signaling/diagnosis.ts';
import { start } from '../server/harness.ts';
import { freePort } from '../support/free-port.ts';

/** A server that answers every request in this way. */
async function answering(t: TestContext, listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return new URL(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/signal?key=secret`);
}

function diagnosing(t: TestContext, url: URL, o?: DiagnosisOptions): SignalingDiagnosis {
  const diagnosis = new SignalingDiagnosis(url, o);
  t.after(() => diagnosis.close());
  return diagnosis;
}

const saying =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const OURS = { 'Consult-Room': 'signal' };

describe('the diagnosis of a signalling server', () => {
  for (const [what, listener, code, detail] of [
    ['a site without our server', saying(404), 'signaling-foreign', /404/u],
    ['a page that answers everything', saying(200), 'signaling-foreign', /200/u],
    ['a redirect', saying(301, { Location: 'https://elsewhere.example/' }), 'signaling-foreign', /check host, port/u],
    ['a proxy whose server is away', saying(502), 'signaling-unreachable', /502/u],
    ['a refused page', saying(403, OURS, 'origin-refused\n'), 'signaling-origin-refused', /--page-origin /u],
    ['an unknown host name', saying(403, OURS, 'host-unknown\n'), 'signaling-origin-refused', /--origin http:/u],
    ['a client with too many connections', saying(429, OURS), 'signaling-busy', /429/u],
    ['a proxy that drops the upgrade', saying(426, OURS), 'signaling-upgrade-dropped', /proxy_set_header Upgrade/u],
  ] as const)
    it(`finds ${code} when it meets ${what}, without the query in its words`, async (t) => {
      const fault = await diagnosing(t, await answering(t, listener)).next();
      assert.equal(fault.code, code);
      assert.match(fault.detail, detail);
      assert.doesNotMatch(fault.detail, /secret/u);
    });

  it('finds that nothing answers, and never settles it', async (t) => {
    const url = new URL(`ws://127.0.0.1:${String(await freePort())}/signal`);
    const diagnosis = diagnosing(t, url, { settleAfter: 0 });
    for (let time = 0; time < 3; time++) {
      const { code, outlook } = await diagnosis.next();
      assert.deepEqual([code, outlook], ['signaling-unreachable', 'open']);
    }
  });

  it('finds a full server busy, and a real one with room to lack the upgrade', async (t) => {
    const full = await start(t, { limits: { connections: 0 } });
    const free = await start(t);
    const signal = (url: string): URL => new URL('signal', url.replace('http', 'ws'));
    assert.equal((await diagnosing(t, signal(full.url)).next()).code, 'signaling-busy');
    assert.equal((await diagnosing(t, signal(free.url)).next()).code, 'signaling-upgrade-dropped');
  });

  it('settles a fault of the site when the same answer comes twice in a row', async (t) => {
    const answers = [426, 403, 426, 426];
    const url = await answering(t, (request, response) => saying(answers.shift() ?? 426, OURS)(request, response));
    const diagnosis = diagnosing(t, url);
    const outlooks: string[] = [];
    for (let time = 0; time < 4; time++) outlooks.push((await diagnosis.next()).outlook);
    assert.deepEqual(outlooks, ['open', 'open', 'open', 'settled']);
  });

  it('waits longer where another server answers: ours may be restarting behind a proxy', async (t) => {
    const diagnosis = diagnosing(t, await answering(t, saying(404)));
    for (let time = 0; time < 3; time++) assert.equal((await diagnosis.next()).outlook, 'open');
    const patient = diagnosing(t, await answering(t, saying(404)), { settleAfter: 0 });
    assert.deepEqual([(await patient.next()).outlook, (await patient.next()).outlook], ['open', 'settled']);
  });
});

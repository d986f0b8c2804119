import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { ServerConfigurationInput } from '../../../src/configuration.ts';
import { examine } from '../../../src/server/doctor/doctor.ts';
import { doctor } from '../../../src/server/doctor/doctor-command.ts';
import { CHECKS, type Finding } from '../../../src/server/doctor/findings.ts';
import { refusedCertificate } from '../../../src/server/doctor/page-checks.ts';
import { reportOf } from '../../../src/server/doctor/words.ts';
import { CONFIGURATION } from '../harness.ts';
import { freePort } from '../../support/free-port.ts';
import { coturn, install, PAGE, type Fault } from './installation.ts';

const SECRET = 'hush-hush-hush-hush';
const relay = (url: string): ServerConfigurationInput['servers'] => [
  { role: 'relay', urls: [url], operator: 'Beratungsstelle am Markt', country: 'DE', addresses: ['127.0.0.1'] },
];
const outcomes = (findings: readonly Finding[]): readonly string[] => findings.map(({ outcome }) => outcome);
const GOOD = [
  'tls.local',
  'page.found',
  'headers.complete',
  'csp.strict',
  'third-parties.none',
  'configuration.valid',
  'clock.right',
  'signal.open',
  'origins.kept-out',
  'peers.met',
];

describe('the doctor on a good installation', () => {
  it('finds nothing wrong, and tries the relay’s credentials where it has the secret', async (t) => {
    const url = await coturn(t, ['--use-auth-secret', '--static-auth-secret', SECRET]);
    const page = await install(t, {}, relay(url));
    assert.deepEqual(outcomes(await examine({ page })), [
      ...GOOD,
      'relay.guarded',
      'transparency.answers',
      'metrics.hidden',
    ]);
    assert.deepEqual(outcomes(await examine({ page, relaySecret: SECRET })), [
      ...GOOD,
      'relay.works',
      'transparency.answers',
      'metrics.hidden',
    ]);
    const wrong = await examine({ page, relaySecret: 'another secret of the site' });
    assert.ok(outcomes(wrong).includes('relay.refuses'));
    const { text, exitCode } = await doctor([page.href], {});
    assert.match(text, /✔ Zwei Probeteilnehmer haben sich in einem Raum getroffen/u);
    assert.match(text, /Alles in Ordnung\.$/u);
    assert.equal(exitCode, 0);
  });
});

const SERVERS = [...CONFIGURATION.servers, { role: 'stun', urls: ['stun:stun.example'], operator: 'X', country: 'US' }];

/** Each fault alone: nothing else is found, so that the report leads to it. */
const FAULTS: Readonly<Record<string, { readonly fault: Fault; readonly found: readonly string[] }>> = {
  'a certificate that nobody known has issued': { fault: { certificate: true }, found: ['tls.issuer'] },
  'a page that is not there': { fault: { status: 404 }, found: ['page.missing'] },
  'no Content-Security-Policy': { fault: { header: ['content-security-policy', null] }, found: ['csp.missing'] },
  'a policy that lets any script in': {
    fault: { header: ['content-security-policy', "default-src 'self'; script-src 'self' 'unsafe-inline' https:"] },
    found: ['csp.loose'],
  },
  'a policy that forbids the signalling': {
    fault: { header: ['content-security-policy', "default-src 'none'; script-src 'self'"] },
    found: ['csp.no-signal'],
  },
  'missing headers': { fault: { header: ['referrer-policy', null] }, found: ['headers.lacking'] },
  'a page that may not use the camera': {
    fault: { header: ['permissions-policy', 'microphone=(self), camera=()'] },
    found: ['headers.camera-off'],
  },
  'a script of a third party': {
    fault: { html: `${PAGE}<script src="https://cdn.example/analytics.js"></script>` },
    found: ['third-parties.found'],
  },
  'a font of a third party': {
    fault: { html: `${PAGE}<style>@import "//fonts.example/css";</style>` },
    found: ['third-parties.found'],
  },
  'a server outside the EEA': {
    fault: { config: { ...CONFIGURATION, servers: SERVERS } },
    found: ['configuration.country'],
  },
  'a server that nobody answers for': {
    fault: { config: { ...CONFIGURATION, servers: [...CONFIGURATION.servers, { role: 'signaling', operator: '' }] } },
    found: ['configuration.undeclared'],
  },
  'a configuration of a later version': {
    fault: { config: { ...CONFIGURATION, hologram: true } },
    found: ['configuration.invalid'],
  },
  'an address that leads on': { fault: { moved: '/rooms/room.html#consult=x' }, found: ['page.moved'] },
  'a server whose hosts are its own': {
    fault: { hosts: { keys: ['A'.repeat(64)] } },
    found: ['peers.host-not-allowed'],
  },
  'a clock that is fast by more than a trial room lasts': { fault: { ahead: 11 }, found: ['peers.room-expired'] },
  'no configuration': { fault: { config: 'a page of the web server' }, found: ['configuration.invalid'] },
  'a proxy that drops the upgrade': {
    fault: { upgrade: 'dropped' },
    found: ['signal.upgrade-dropped', 'origins.unknown', 'peers.unknown'],
  },
  'a proxy that hides which page connects': { fault: { upgrade: 'as-own-page' }, found: ['origins.let-in'] },
  'a server that does not know its name': {
    fault: { origins: ['https://old.example'] },
    found: ['signal.origin-refused', 'origins.unknown', 'peers.unknown'],
  },
  'a header that does not protect': { fault: { header: ['referrer-policy', 'unsafe-url'] }, found: ['headers.weak'] },
  'a page that is sent as a text': { fault: { header: ['content-type', 'text/plain'] }, found: ['page.missing'] },
  'another program that answers at /signal': {
    fault: { upgrade: 'foreign' },
    found: ['signal.foreign', 'origins.unknown', 'peers.unknown'],
  },
  'operating figures that cannot be looked for': { fault: { metrics: 'broken' }, found: ['metrics.unknown'] },
  'operating figures behind a server that is down': { fault: { metrics: 'down' }, found: ['metrics.unknown'] },
  'a web server that keeps /transparency to itself': {
    fault: { transparency: 'kept' },
    found: ['transparency.missing'],
  },
  'public operating figures': { fault: { metrics: 'public' }, found: ['metrics.public'] },
};

describe('the doctor on a broken installation', () => {
  for (const [what, { fault, found }] of Object.entries(FAULTS))
    it(`finds ${what}`, async (t) => {
      const findings = await examine({ page: await install(t, fault) });
      const wrong = findings.filter(
        ({ verdict, outcome }) => verdict !== 'good' && !/^(?:relay.none|clock)/u.test(outcome),
      );
      assert.deepEqual(outcomes(wrong), found);
    });

  it('finds a relay that relays for everyone', async (t) => {
    const url = await coturn(t, ['--no-auth']);
    assert.ok(outcomes(await examine({ page: await install(t, {}, relay(url)) })).includes('relay.open'));
  });

  it('finds a relay that does not answer', async (t) => {
    const url = `turn:127.0.0.1:${String(await freePort())}?transport=tcp`;
    assert.ok(outcomes(await examine({ page: await install(t, {}, relay(url)) })).includes('relay.unreachable'));
  });

  it('finds clocks that differ', async (t) => {
    const page = await install(t);
    const at = async (minutes: number): Promise<Finding | undefined> => {
      const findings = await examine({ page, now: () => Date.now() + minutes * 60_000 });
      return findings.find(({ outcome }) => outcome.startsWith('clock'));
    };
    assert.equal((await at(-3))?.verdict, 'warning');
    assert.equal((await at(11))?.verdict, 'bad');
  });

  for (const ahead of [-20, -2, 6])
    it(`finds a clock that is ${String(ahead)} minutes ahead behind a web server that writes the date`, async (t) => {
      const findings = await examine({ page: await install(t, { ahead }) });
      const { outcome, verdict } = findings.find((one) => one.outcome.startsWith('clock'))!;
      assert.deepEqual([outcome, verdict], ['clock.wrong', ahead === -2 ? 'warning' : 'bad']);
      assert.ok(outcomes(findings).includes('peers.met'));
    });

  it('says where an address leads, without what could be an invite', async (t) => {
    for (const [moved, words] of [
      [
        'https://www.beratung.example/room.html?x#consult=y',
        /Prüfen Sie https:\/\/www\.beratung\.example\/room\.html\.\n/u,
      ],
      ['http://[', /Prüfen Sie \?\.\n/u],
    ] as const)
      assert.match((await doctor([(await install(t, { moved })).href], {})).text, words);
  });

  it('tells an address without encryption from a certificate that browsers refuse', async (t) => {
    const page = await install(t);
    page.protocol = 'https:';
    assert.deepEqual(outcomes(await examine({ page })), ['tls.unreachable']);
    page.port = String(await freePort());
    assert.deepEqual(outcomes(await examine({ page })), ['tls.unreachable']);
  });

  it('ends soon against a web server whose answers do not, and reads little of them', async (t) => {
    let bytes = 0;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      const part = Buffer.alloc(65_536, '<p>x</p>');
      const write = (): void => {
        do bytes += part.length;
        while (response.write(part));
      };
      response.on('drain', write).on('error', () => undefined);
      write();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const page = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/room.html`);
    const found = outcomes(await examine({ page }));
    for (const outcome of ['page.no-room', 'configuration.missing', 'transparency.missing'] as const)
      assert.ok(found.includes(outcome), outcome);
    assert.ok(bytes < 64 * 1024 * 1024, String(bytes));
  });

  it('calls a page that leads to itself missing', async (t) => {
    assert.ok(outcomes(await examine({ page: await install(t, { moved: '/room.html' }) })).includes('page.missing'));
  });

  it('tells what is wrong with a certificate: renewing it helps where it has ended, and not otherwise', () => {
    for (const [code, outcome] of [
      ['CERT_HAS_EXPIRED', 'tls.certificate'],
      ['CERT_NOT_YET_VALID', 'tls.certificate'],
      ['CERT_REVOKED', 'tls.certificate'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.name'],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.issuer'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'tls.issuer'],
      ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls.issuer'],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls.issuer'],
    ] as const)
      assert.equal(refusedCertificate(code, 'beratung.example').outcome, outcome, code);
  });

  it('does not fail a nightly run because hosts are limited', async (t) => {
    const page = await install(t, { hosts: { keys: ['A'.repeat(64)] } });
    const { text, exitCode } = await doctor([page.href, '--lang', 'en'], {});
    assert.match(text, /\? Only your own counsellors may open rooms here/u);
    assert.equal(exitCode, 0);
  });

  it('reports a site that does not answer at all, and ends with 1', async () => {
    const { text, exitCode } = await doctor(
      [`http://127.0.0.1:${String(await freePort())}/#consult=x`, '--lang', 'en'],
      {},
    );
    assert.match(text, /✘ The page does not answer as it should \(ECONNREFUSED\)/u);
    assert.match(text, /\d faults, \d warnings\.$/u);
    assert.equal(exitCode, 1);
  });

  it('calls a page without encryption unusable', async () => {
    const findings = await examine({ page: new URL('http://doctor.invalid/') });
    assert.equal(findings[0]?.outcome, 'tls.plain');
  });

  for (const argv of [[], ['room.html'], ['ftp://beratung.example/'], ['https://beratung.example/', '--signal', 'x']])
    it(`explains ${JSON.stringify(argv)}`, async () => {
      await assert.rejects(doctor(argv, {}), { name: 'UsageError' });
    });
});

describe('the words of the doctor', () => {
  for (const language of ['de', 'en'] as const)
    it(`name what to do for every outcome (${language})`, () => {
      for (const [check, names] of Object.entries(CHECKS))
        for (const name of names) {
          const outcome = `${check}.${name}` as Finding['outcome'];
          const text = reportOf([{ outcome, verdict: 'bad', detail: 'DETAIL' }], language);
          assert.match(text, /^✘ \S.{20,}[.?]\n\n1 /u, outcome);
        }
    });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { checkNats, type NatsOptions } from '../../../src/server/backplane/nats-options.ts';
import { createServer } from '../../../src/server/server.ts';
import { CONFIGURATION, guest, host, Identity } from '../harness.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { meeting, SECRET, startNats } from './cluster.ts';

// As the command does: `localhost` may have an address of each kind, and this process may stand still while it connects.
setDefaultAutoSelectFamilyAttemptTimeout(10_000);

const options = (servers: readonly string[], more: Partial<NatsOptions> = {}): NatsOptions => ({
  servers,
  secret: SECRET,
  ...more,
});

describe('the way to NATS', () => {
  for (const [what, wrong] of [
    ['an address of another kind', options(['https://nats.example'])],
    ['what is no address', options(['nats.example:4222'])],
    ['no address', options([])],
    ['another machine without encryption', options(['nats://nats.example:4222'])],
    ['a host name that only looks like this machine', options(['nats://localhost.example:4222'])],
    ['encrypted and plain servers in one', options(['tls://nats.example', 'nats://127.0.0.1'])],
    ['a short secret', options(['nats://127.0.0.1'], { secret: 'short' })],
    ['a certificate without its key', options(['tls://nats.example'], { certFile: 'cert.pem' })],
  ] as const)
    it(`refuses ${what}`, () => {
      assert.throws(() => checkNats(wrong), { code: 'argument-invalid' });
    });

  it('allows another machine without encryption on a network of the site’s own', () => {
    checkNats(options(['nats://nats:4222'], { plaintext: 'own-network' }));
  });

  it('fails at start, without the password in its words, where NATS refuses it', async (t) => {
    const nats = await startNats(['--user', 'server', '--pass', 'right']);
    t.after(() => nats.stop());
    const server = createServer({
      configuration: CONFIGURATION,
      nats: options([nats.url.replace('//', '//server:wrong-password@')]),
    });
    await assert.rejects(server.listen({ port: 0 }), (error: Error) => {
      assert.match(error.message, /nats: not reached/u);
      assert.doesNotMatch(error.message, /wrong-password/u);
      return true;
    });
    assert.equal(server.address, null);
  });

  it('is encrypted and authenticated both ways: two servers meet over TLS with certificates and a password', async (t) => {
    const folder = temporaryFolder('nats');
    const certificate = ['-days', '1', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    execFileSync('openssl', ['req', '-x509', ...certificate, ...names, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    const tls = ['--tls', '--tlscert', cert, '--tlskey', key, '--tlsverify', '--tlscacert', cert];
    const nats = await startNats([...tls, '--user', 'server', '--pass', 'p@ss word']);
    t.after(() => nats.stop());
    const address = `tls://server:${encodeURIComponent('p@ss word')}@localhost:${String(nats.port)}`;
    const files = { caFile: cert, certFile: cert, keyFile: key };
    const servers = await Promise.all(
      [0, 1].map(async () => {
        const server = createServer({ configuration: CONFIGURATION, nats: options([address], files) });
        const listening = await server.listen({ port: 0 });
        t.after(() => server.close());
        return listening;
      }),
    );
    const identity = await Identity.make();
    const counsellor = await host(servers[0]!, identity);
    await counsellor.take('joined');
    const client = await guest(servers[1]!, identity);
    assert.equal((await meeting(client)).peers.length, 1);
    // Without the authority the certificate is refused.
    const stranger = createServer({ configuration: CONFIGURATION, nats: options([address]) });
    await assert.rejects(stranger.listen({ port: 0 }), { code: 'argument-invalid' });
  });
});

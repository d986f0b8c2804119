import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineLog } from '../../src/server/log.ts';
import { AddressCounter } from '../../src/server/address-counter.ts';
import { createServer, type ConsultServer } from '../../src/server/server.ts';
import { base64url, Client, CONFIGURATION, guest, Identity, pair, start } from './harness.ts';

const WITH_METRICS = { port: 0, metrics: { port: 0 } };

async function metricsOf({ metricsAddress }: ConsultServer): Promise<string> {
  assert.ok(metricsAddress);
  return (await fetch(`${metricsAddress.url}metrics`)).text();
}

describe('[R12] logs and metrics', () => {
  it('contain no address, name, room id, peer id or content', async (t) => {
    const lines: string[] = [];
    const log = lineLog((line) => lines.push(line));
    const server = createServer({
      configuration: CONFIGURATION,
      log,
      addressFrom: 'x-forwarded-for',
      limits: { guests: 1, connectionsPerAddress: 1 },
    });
    t.after(() => server.close());
    const address = await server.listen(WITH_METRICS);
    const identity = await Identity.make();
    const room = await pair(address, identity);
    const secret = base64url('mein Name ist Alma');
    room.guest.say({ type: 'send', to: 'everyone', data: secret });
    await room.host.take('message');
    // Everything that can be refused, because refusals are what gets logged.
    room.guest.raw('{"type":"send","to":"Alma"}');
    await room.guest.take('error');
    room.guest.say({ type: 'send', to: 'AAAAAAAAAAAAAAAAAAAAAA', data: secret });
    await room.guest.take('error');
    const late = await guest(address, identity, { 'X-Forwarded-For': '203.0.113.77' });
    await late.take('error');
    const many = ['one', 'two'].map(() => new Client(address.url, { 'X-Forwarded-For': '203.0.113.78' }));
    await Promise.race(many.map((client) => client.gone()));
    await new Client(address.url, { Origin: 'https://203.0.113.79' }).gone();
    await fetch(`${address.url}${identity.roomId}?name=Alma`);
    const metrics = await metricsOf(server);
    for (const told of [lines.join('\n'), metrics]) {
      assert.ok(told.length > 0);
      for (const person of ['203.0.113', '127.0.0.1', 'Alma', secret, identity.roomId, room.guestId, room.hostId])
        assert.ok(!told.includes(person), `${person} in ${told}`);
    }
    for (const code of ['message-invalid', 'peer-unknown', 'room-full', 'address-limit', 'origin'])
      assert.ok(
        lines.some((line) => (JSON.parse(line) as { code?: string }).code === code),
        `${code} was logged`,
      );
  });

  it('include the metrics that an operator needs', async (t) => {
    const server = createServer({ configuration: CONFIGURATION });
    t.after(() => server.close());
    const room = await pair(await server.listen(WITH_METRICS), await Identity.make());
    room.guest.say({ type: 'send', to: 'everyone', data: base64url('x') });
    await room.host.take('message');
    const metrics = await metricsOf(server);
    assert.match(metrics, /^consult_room_connections 2$/mu);
    assert.match(metrics, /^consult_room_rooms 1$/mu);
    assert.match(metrics, /^consult_room_messages_total 1$/mu);
    assert.match(metrics, /^consult_room_bytes_total\{direction="in"\} \d+$/mu);
  });

  it('are off by default', async (t) => {
    const written: unknown[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      // Passed on: the test runner's own reports come here too, and would be lost.
      t.mock.method(stream, 'write', (text: string, ...more: []) => written.push(text) > 0 && write(text, ...more));
    }
    const address = await start(t);
    const room = await pair(address, await Identity.make());
    room.guest.raw('garbage');
    await room.guest.take('error');
    t.mock.restoreAll();
    assert.ok(!written.some((text) => String(text).includes('message-invalid')));
  });
});

describe('[R12] the count of connections per address', () => {
  it('deletes an address with its last connection', () => {
    const counter = new AddressCounter(2);
    const leave = [counter.enter('203.0.113.1'), counter.enter('203.0.113.1')];
    assert.equal(counter.enter('203.0.113.1'), null);
    assert.equal(counter.size, 1);
    for (const place of leave) place?.leave();
    assert.equal(counter.size, 0);
    assert.ok(counter.enter('203.0.113.1'));
  });

  it('counts a customer’s IPv6 network as one, and keeps two apart', () => {
    const counter = new AddressCounter(1);
    assert.ok(counter.enter('2001:db8:1:2::1'));
    assert.equal(counter.enter('2001:0db8:0001:0002:ffff::9'), null);
    assert.ok(counter.enter('2001:db8:1:3::1'));
    assert.ok(counter.enter('2001:db8::1'));
  });

  it('does not count the local proxy', () => {
    const counter = new AddressCounter(0);
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.ok(counter.enter(address));
    assert.equal(counter.size, 0);
  });
});

/** Candidates (RFC 8839 §5.1, protocol.md §10): what the engine is given is ours, and never a relay in disguise. */
import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { normalise } from '../../src/peer/candidate.ts';
import { RelayGate } from '../../src/peer/relay-gate.ts';
import { runs } from './fuzz.ts';

const RELAYS = ['203.0.113.7', '2001:db8::7'];
const gate = (): RelayGate => new RelayGate({ stun: [], relayAddresses: RELAYS, mode: 'direct-first' });

/** As Chromium and Firefox write them. */
const REAL = [
  '',
  'candidate:842163049 1 udp 1677729535 198.51.100.5 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0 ufrag EsAw network-id 1 network-cost 999',
  'candidate:3358517741 1 udp 2122260223 192.168.1.2 56789 typ host generation 0 ufrag 4ZcD network-id 1 network-cost 10',
  'candidate:1467250027 1 udp 2122197247 2001:db8:1::1f 45000 typ host generation 0 ufrag 4ZcD network-id 2',
  'candidate:1876313031 1 tcp 1518222591 fd12:3456:789a::1 9 typ host tcptype active generation 0 ufrag 4ZcD network-id 2',
  'candidate:2999745851 1 udp 2122260223 f92b67cd-23b2-4f93-85e4-c9d72f2f445b.local 50000 typ host generation 0 ufrag 4ZcD network-cost 999',
  'candidate:0 1 UDP 2122252543 192.168.1.2 50000 typ host',
  'candidate:0 2 UDP 2122252542 192.168.1.2 50001 typ host',
  'candidate:3 1 TCP 2105524479 192.168.1.2 9 typ host tcptype active',
  'candidate:0 1 UDP 2122252543 0f4c9f8e-1d2c-4a7b-9b1e-6f1f6f0f2c11.local 50000 typ host',
  'candidate:1 1 UDP 1686052863 198.51.100.5 40000 typ srflx raddr 0.0.0.0 rport 0',
];

/** Spellings of relays and hosts that another parser might read differently from ours. */
const address = fc.constantFrom(
  '198.51.100.2',
  '198.51.100.02',
  '2001:db8::2',
  'turn.example',
  'f92b67cd-23b2-4f93-85e4-c9d72f2f445b.local',
  ...RELAYS,
  '2001:DB8:0:0:0:0:0:7',
  '2001:db8::0007',
  '2001:db8::0.0.0.7',
  '2001:db8::7%1',
  '[2001:db8::7]',
  '203.0.113.07',
  '0313.0.0161.7',
  '0xcb.0x0.0x71.0x7',
  '0xcb007107',
  '3405803783',
  '203.29447',
  '203.0.113.7.',
  '203.0.113.263',
  '::ffff:203.0.113.7',
  '::ffff:cb00:7107',
  '::ffff:0:203.0.113.7',
  '::203.0.113.7',
  '64:ff9b::cb00:7107',
  '64:ff9b::203.0.113.7',
  '\u0662\u0660\u0663.0.113.7',
  '\uff12\uff10\uff13.0.113.7',
);
const type = fc.constantFrom(
  'relay',
  'host',
  'srflx',
  'prflx',
  'Relay',
  'RELAY',
  'HOST',
  'relay\u00a0',
  'relayed',
  'x',
);
const blank = fc.oneof(
  { weight: 12, arbitrary: fc.constant(' ') },
  fc.constantFrom('', '  ', '\t', '\u00a0', '\r\n', '\n', '\v', '\u2028', ' typ ', ' typ host '),
);
const disguised = fc
  .record({
    start: fc.oneof(
      { weight: 8, arbitrary: fc.constant('candidate:') },
      fc.constantFrom('a=candidate:', ' candidate:', 'candidate: ', 'Candidate:', 'a=', '', 'a=mid:0\r\na=candidate:'),
    ),
    foundation: fc.constantFrom('1', '842163049', 'typ', 'relay', 'typ host', '1/+', '\u017f'),
    component: fc.constantFrom('1', '2', '01', '-1', '1 typ'),
    transport: fc.constantFrom('udp', 'UDP', 'tcp', 'uDp', 'ssltcp', 'tls'),
    priority: fc.constantFrom('2122260223', '1', '0', '4294967296', '1e3', '0x1'),
    address,
    port: fc.constantFrom('50000', '9', '0', '65536', '+9', '0x9', '٩'),
    label: fc.oneof({ weight: 8, arbitrary: fc.constant('typ') }, fc.constantFrom('TYP', 'typ typ', 'type')),
    type,
    extensions: fc.array(
      fc.oneof(
        fc.constantFrom('tcptype active', 'generation 0', 'ufrag EsAw', 'raddr 203.0.113.7 rport 9', 'rport', ''),
        type.map((value) => `typ ${value}`),
        type.map((value) => `ufrag ${value}\r\na=candidate:1 1 udp 1 203.0.113.7 9 typ ${value}`),
        fc.string({ maxLength: 12, unit: 'binary' }),
      ),
      { maxLength: 3 },
    ),
    blanks: fc.array(blank, { minLength: 9, maxLength: 9 }),
  })
  .map(({ start, blanks, extensions, ...fields }) => {
    const { foundation, component, transport, priority, port, label } = fields;
    const parts = [foundation, component, transport, priority, fields.address, port, label, fields.type, ...extensions];
    return start + parts.map((part, index) => (index === 0 ? part : `${blanks[index % 9] ?? ' '}${part}`)).join('');
  });

/** A browser's line with something cut out, doubled or put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...REAL.slice(1)),
    fc.array(fc.tuple(fc.nat(300), fc.nat(8), fc.oneof(blank, address, type, fc.string({ maxLength: 4 }))), {
      maxLength: 3,
    }),
  )
  .map(([line, changes]) =>
    changes.reduce((text, [pick, cut, put]) => {
      const at = pick % (text.length + 1);
      return text.slice(0, at) + put + text.slice(at + cut);
    }, line),
  );

/**
 * The grammar, as written in the RFC: what a reader that goes by place, and one that looks for the word, both read
 * alike.
 */
function assertHonest(line: string): void {
  assert.match(line, /^candidate:[ -~]+$/u);
  const [, component, transport, priority, host = '', port, label, kind, ...rest] = line.split(' ');
  assert.match(`${component ?? ''} ${transport ?? ''} ${priority ?? ''} ${port ?? ''}`, /^\d+ (?:udp|tcp) \d+ \d+$/u);
  assert.equal(label, 'typ');
  assert.match(kind ?? '', /^(?:host|srflx|prflx)$/u);
  assert.ok(!rest.includes('typ'));
  assert.ok(isIPv4(host) || isIPv6(host) || /^[\da-f-]{36}\.local$/u.test(host), host);
  assert.ok(!RELAYS.includes(normalise(host)), host);
  assert.equal(host, normalise(host));
}

describe('fuzz: a candidate', () => {
  it('[R7] that passes is not a relay, and is rewritten, whatever its spelling', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(disguised, damaged, fc.string({ maxLength: 200, unit: 'binary' })), (line) => {
        for (const way of ['entering', 'leaving'] as const) {
          const told = gate()[way](line);
          if (told === null || told === '') {
            assert.ok(told === null || line === '');
            continue;
          }
          passed++;
          assertHonest(told);
          // The other side's gate passes what ours did, as it is.
          assert.equal(gate().entering(told), told);
        }
      }),
      runs(3000),
    );
    assert.ok(passed > 0, 'some have to pass, or nothing was tried');
  });

  it('as browsers write it passes with the same meaning', () => {
    for (const line of REAL) {
      const told = gate().entering(line);
      assert.equal(gate().leaving(line), told, line);
      const place = (text: string | null): readonly string[] | undefined => text?.toLowerCase().split(' ').slice(0, 8);
      assert.deepEqual(place(told), place(line));
    }
  });

  it('keeps the TCP type, the ICE session and the network cost', () => {
    const [kept] = [REAL[1]].map((line) => gate().entering(line ?? ''));
    assert.match(kept ?? '', / raddr 0\.0\.0\.0 rport 0 generation 0 ufrag EsAw network-cost 999$/u);
    assert.match(gate().entering(REAL[8] ?? '') ?? '', / tcptype active$/u);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkHeaders } from '../../../src/server/doctor/header-checks.ts';
import { securityHeaders } from '../../../src/server/headers.ts';
import type { IncomingMessage } from 'node:http';
import { pageWith } from './page.ts';

const OWN = {
  ...securityHeaders({ headers: { host: 'beratung.example' } } as IncomingMessage),
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
};
const outcomes = (headers: Readonly<Record<string, string>>): readonly string[] =>
  checkHeaders(pageWith(headers)).map(({ outcome, detail = '' }) => (detail === '' ? outcome : `${outcome} ${detail}`));

const GOOD: readonly (readonly [header: string, value: string])[] = [
  ['Referrer-Policy', 'same-origin'],
  ['Referrer-Policy', 'unsafe-url, No-Referrer, of-the-future'],
  ['X-Content-Type-Options', 'NoSniff'],
  ['Strict-Transport-Security', 'includeSubDomains; Max-Age="63072000"; preload'],
  ['Permissions-Policy', 'geolocation=()'],
  ['Permissions-Policy', 'camera=*, microphone=self'],
  ['Permissions-Policy', 'camera=("https://other.example" self);report-to=x, microphone=("https://beratung.example")'],
  ['Permissions-Policy', 'camera=(), microphone=(self), camera=(self)'],
];

const WEAK: readonly (readonly [header: string, value: string])[] = [
  ['Referrer-Policy', 'unsafe-url'],
  ['Referrer-Policy', 'no-referrer, origin'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Referrer-Policy', 'none'],
  ['X-Content-Type-Options', 'sniff, nosniff'],
  ['X-Content-Type-Options', ''],
  ['Strict-Transport-Security', 'max-age=0'],
  ['Strict-Transport-Security', 'max-age=300'],
  ['Strict-Transport-Security', 'max-age=0, max-age=31536000'],
  ['Strict-Transport-Security', 'includeSubDomains'],
  ['Permissions-Policy', "camera 'self'; microphone 'self'"],
  ['Permissions-Policy', 'camera=(self'],
];

const OFF: readonly (readonly [value: string, found: string])[] = [
  ['camera=()', 'camera=()'],
  ['microphone=( )', 'microphone=()'],
  ['camera=("https://other.example")', 'camera=("https://other.example")'],
  ['camera="https://other.example", microphone=(self)', 'camera=("https://other.example")'],
  ['camera=(self), camera=()', 'camera=()'],
  ['camera', 'camera=()'],
  ['camera=("self")', 'camera=("self")'],
  ['camera=(src)', 'camera=(src)'],
];

describe('the headers of a page', () => {
  it('protect where they are those of the server', () => assert.deepEqual(outcomes(OWN), ['headers.complete']));

  for (const [header, value] of GOOD)
    it(`protect with ${header}: ${value}`, () => {
      assert.deepEqual(outcomes({ ...OWN, [header]: value }), ['headers.complete']);
    });

  for (const [header, value] of WEAK)
    it(`do not protect with ${header}: ${value}`, () => {
      assert.deepEqual(outcomes({ ...OWN, [header]: value }), [`headers.weak ${header}: ${value}`]);
    });

  for (const [value, found] of OFF)
    it(`forbid what a call needs with ${value}`, () => {
      assert.deepEqual(outcomes({ ...OWN, 'Permissions-Policy': value }), [`headers.camera-off ${found}`]);
    });

  it('are each named where several are missing or weak', () => {
    assert.deepEqual(outcomes({ 'Referrer-Policy': 'origin', 'Permissions-Policy': 'camera=()' }), [
      'headers.camera-off camera=()',
      'headers.lacking X-Content-Type-Options, Strict-Transport-Security',
      'headers.weak Referrer-Policy: origin',
    ]);
  });
});

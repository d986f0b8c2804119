/** Names that look alike (UTS #39): who is marked, and who is not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resembledName, skeleton } from '../../../src/room/state/name-resemblance.ts';
import type { Participant, SessionState } from '../../../src/room/state/state.ts';

const person = (id: string, name: string, host = false): Participant => ({ id, name, host }) as Participant;
const asHost = (...participants: readonly Participant[]): Pick<SessionState, 'role' | 'name' | 'participants'> => ({
  role: 'host',
  name: 'Frau Berger',
  participants,
});

describe('a name in the room', () => {
  it('has the skeleton of the name it can be taken for', () => {
    for (const [name, other] of [
      ['\u041c\u0456\u0430', 'Mia'],
      ['M1a', 'Mia'],
      ['MIA', 'Mía'],
      ['Mi.a', 'M i a'],
      ['Frau Вerger', 'Frau Berger'],
      ['Frau Beгger', 'Frau Berger'],
      ['ＦＲＡＵ ＢＥＲＧＥＲ', 'Frau Berger'],
      ['Jörn', 'Jom'],
      ['Ilka', 'llka'],
      ['🅑🅔🅡🅐🅣🅤🅝🅖', 'Beratung'],
      ['🅱🅴🆁🅰🆃🆄🅽🅶', 'Beratung'],
      ['🇧 🇪 🇷 🇦 🇹 🇺 🇳 🇬', 'Beratung'],
      ['ⲘⲓⲀ', 'Mia'],
      ['Тⲟm', 'Tom'],
      ['βeratung', 'Beratung'],
      ['ßeratung', 'Beratung'],
    ] as const)
      assert.equal(skeleton(name), skeleton(other), `${name} / ${other}`);
  });

  it('keeps names apart that people tell apart', () => {
    for (const [name, other] of [
      ['Anna', 'Hanna'],
      ['Мария', 'Maria'],
      ['李', '王'],
      ['🌙', '🌻'],
      ['Kim', 'Tim'],
      ['سارة', 'سلمى'],
    ] as const)
      assert.notEqual(skeleton(name), skeleton(other), `${name} / ${other}`);
  });

  it('is said to resemble the host, the word for hosts in any language, or another participant', () => {
    const state = asHost(person('t', 'Tom'));
    assert.equal(resembledName(state, { id: 'k', name: 'frau bergеr' }), 'Frau Berger');
    assert.equal(resembledName(state, { id: 'k', name: 'Bеratung' }), 'Beratung');
    assert.equal(resembledName(state, { id: 'k', name: 'Counsellor' }), 'Counsellor');
    assert.equal(resembledName(state, { id: 'k', name: 'Tоm' }), 'Tom');
    assert.equal(resembledName(state, { id: 'k', name: 'Mia' }), null);
  });

  it('is not said to resemble its own person, who comes back or is there already', () => {
    const state = asHost(person('t', 'Tom'));
    assert.equal(resembledName(state, { id: 't', name: 'Tom' }), null);
    assert.equal(resembledName(state, { id: 'k', name: 'Tom', returning: true }), null);
  });

  it('is not said to resemble another one where neither person gave a name, nor for the host', () => {
    const state = asHost(person('t', 'Gast'));
    assert.equal(resembledName(state, { id: 'k', name: 'Gast' }), null);
    assert.equal(
      resembledName({ ...state, role: 'guest', name: 'Gast' }, { id: 'h', name: 'Beratung', host: true }),
      null,
    );
  });

  it('is said to a guest too: of somebody who poses as the host, or as this guest', () => {
    const state = { role: 'guest', name: 'Mia', participants: [person('h', 'Frau Berger', true)] } as const;
    assert.equal(resembledName(state, { id: 't', name: 'Frau Berger' }), 'Frau Berger');
    assert.equal(resembledName(state, { id: 't', name: 'Мia' }), 'Mia');
  });
});

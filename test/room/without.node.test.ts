import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Participant, SessionState } from '../../src/room/state.ts';
import { awaitsEveryone, withoutConnection } from '../../src/room/without.ts';
import { configuration, STATES } from './states.ts';

const session = STATES.connecting as SessionState;
const [one] = session.participants as readonly [Participant];
const relayed: SessionState['configuration'] = {
  ...configuration,
  servers: [
    ...configuration.servers,
    { role: 'relay', urls: ['turn:t.example'], addresses: [], operator: 'R', country: 'DE' },
  ],
};
const withPeople = (people: readonly Partial<Participant>[], of = relayed): SessionState => ({
  ...session,
  configuration: of,
  participants: people.map((changes, index) => ({ ...one, id: String(index), ...changes })),
});
const declined = { connection: 'failed', relay: { step: 'declined' } } as const;
const withdrawn = { connection: 'failed', relay: { step: 'withdrawn' } } as const;
const awaited = { connection: 'failed', relay: { step: 'asked', ours: 'yes', theirs: 'open' } } as const;

describe('the end without a connection', () => {
  it('[R9] is where everybody who is there said no, or we did', () => {
    assert.equal(withoutConnection(withPeople([declined])), 'declined');
    assert.equal(withoutConnection(withPeople([declined, withdrawn])), 'withdrawn');
    assert.equal(withoutConnection(withPeople([declined, { connection: 'connecting' }])), null);
    assert.equal(withoutConnection(withPeople([declined, { connection: 'connected' }])), null);
    assert.equal(withoutConnection(withPeople([])), null);
  });

  it('[R9] is over when the direct path came up after all', () => {
    assert.equal(withoutConnection(withPeople([{ ...declined, connection: 'connected' }])), null);
  });

  it('[R9] is where a direct path failed and the site declares no relay', () => {
    assert.equal(withoutConnection(withPeople([{ connection: 'failed' }], configuration)), 'no-relay');
    assert.equal(withoutConnection(withPeople([{ connection: 'failed' }])), null);
    assert.equal(withoutConnection(withPeople([{ connection: 'connecting' }], configuration)), null);
  });

  it('[R9] is told from waiting for an answer', () => {
    assert.equal(withoutConnection(withPeople([awaited])), null);
    assert.equal(awaitsEveryone(withPeople([awaited])), true);
    assert.equal(awaitsEveryone(withPeople([awaited, { connection: 'connected' }])), false);
    assert.equal(awaitsEveryone(withPeople([])), false);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import type { Participant, RoomState, SessionState } from '../../../src/room/state/state.ts';
import { awaitsEveryone, whyUnreachable } from '../../../src/room/state/reachability.ts';
import { configuration, STATES } from '../states.ts';

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
  it('[R9] is reached when all others declined, or we did', () => {
    assert.deepEqual(whyUnreachable(withPeople([declined])), { reason: 'declined', when: 'ever' });
    assert.deepEqual(whyUnreachable(withPeople([declined, withdrawn])), { reason: 'withdrawn', when: 'ever' });
    assert.equal(whyUnreachable(withPeople([declined, { connection: 'connecting' }])), null);
    assert.equal(whyUnreachable(withPeople([declined, { connection: 'connected' }])), null);
    assert.equal(whyUnreachable(withPeople([])), null);
  });

  it('[R9] is lifted when the direct path connects after all', () => {
    assert.equal(whyUnreachable(withPeople([{ ...declined, connection: 'connected' }])), null);
  });

  it('[R9] is reached when the direct path failed and the site declares no relay', () => {
    const failed = { connection: 'failed', retrying: true } as const;
    assert.deepEqual(whyUnreachable(withPeople([failed], configuration)), { reason: 'no-relay', when: 'ever' });
    assert.equal(whyUnreachable(withPeople([failed])), null);
    assert.equal(whyUnreachable(withPeople([{ connection: 'connecting' }], configuration)), null);
  });

  it('[R9] stays during further attempts, and distinguishes a lost connection from one that never existed', () => {
    const id = session.participants[0]!.id;
    const after = (...connections: readonly Participant['connection'][]) =>
      connections.reduce<RoomState>((state, connection) => reduce(state, { type: 'connection', id, connection }), {
        ...session,
        configuration,
      }) as SessionState;
    assert.deepEqual(whyUnreachable(after('connecting', 'failed')), { reason: 'no-relay', when: 'ever' });
    assert.deepEqual(whyUnreachable(after('failed', 'connecting')), { reason: 'no-relay', when: 'ever' });
    assert.equal(whyUnreachable(after('failed', 'connecting', 'connected')), null);
    assert.equal(whyUnreachable(after('connected', 'interrupted')), null);
    assert.deepEqual(whyUnreachable(after('connected', 'interrupted', 'failed', 'connecting')), {
      reason: 'no-relay',
      when: 'later',
    });
  });

  it('[R9] is reached without any report of ICE when two attempts were given up', () => {
    const id = session.participants[0]!.id;
    const failing = (times: number, of = configuration): SessionState =>
      Array.from({ length: times }).reduce<RoomState>(
        (state) =>
          reduce(reduce(state, { type: 'attempt-failed', id, attempts: 1 }), {
            type: 'connection',
            id,
            connection: 'connecting',
          }),
        { ...session, configuration: of },
      ) as SessionState;
    assert.equal(whyUnreachable(failing(1)), null);
    assert.deepEqual(whyUnreachable(failing(2)), { reason: 'no-relay', when: 'ever' });
    // A relay may still be asked for, and a question is open on the page.
    assert.equal(whyUnreachable(failing(9, relayed)), null);
  });

  it('[R9] is reached when both agreed to a relay and two attempts with it were given up', () => {
    const id = session.participants[0]!.id;
    const failed = { type: 'attempt-failed', id, attempts: 1 } as const;
    const granted = { type: 'relay', id, relay: { step: 'granted' } } as const;
    const after = (...inputs: readonly RoomInput[]): SessionState =>
      inputs.reduce<RoomState>(reduce, { ...session, configuration: relayed }) as SessionState;
    assert.equal(whyUnreachable(after(failed, failed, failed, granted, failed)), null);
    assert.deepEqual(whyUnreachable(after(granted, failed, failed)), { reason: 'blocked', when: 'ever' });
    assert.equal(
      whyUnreachable(after(granted, failed, failed, { type: 'connection', id, connection: 'connected' })),
      null,
    );
    const again = { type: 'connection', id, connection: 'connected' } as const;
    assert.equal(whyUnreachable(after(granted, failed, again, failed)), null);
  });

  it('[R9] differs from waiting for an answer', () => {
    assert.equal(whyUnreachable(withPeople([awaited])), null);
    assert.equal(awaitsEveryone(withPeople([awaited])), true);
    assert.equal(awaitsEveryone(withPeople([awaited, { connection: 'connected' }])), false);
    assert.equal(awaitsEveryone(withPeople([])), false);
  });
});

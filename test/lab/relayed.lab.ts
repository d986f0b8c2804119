/** A relayed call on its way: taken back for a direct one, and the relay itself dying under it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { acknowledgeBoth, agree, both, flowing, framesOn, Lab, timed, until } from './lab.ts';

describe('[R7] [R8] a relayed call', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.empty());
  after(() => lab.close());

  it('survives the death of the relay: when it is back, the call goes on with the same consent', async (t) => {
    lab.network.forward('no');
    const people = await lab.meet();
    await acknowledgeBoth(people);
    await agree(people);
    await framesOn(people);
    await lab.killRelay();
    const noticed = await timed(() => both(people, { connection: 'interrupted' }));
    await lab.startRelay();
    const back = await timed(() => flowing(people));
    t.diagnostic(`noticed after ${String(noticed)} ms; pictures ${String(back)} ms after the relay was back`);
    await both(people, { connection: 'connected', path: 'relay', relay: { step: 'granted' } });
  });

  it('a direct way that breaks asks anew: the old consent was let go with the relay', async () => {
    lab.network.forward('yes');
    const people = await lab.meet();
    await acknowledgeBoth(people);
    await framesOn(people);
    const capture = await lab.network.capture();
    lab.network.forward('no');
    await both(people, { relay: { step: 'asked' } });
    assert.equal(capture.packets(), 0);
    await agree(people);
    await both(people, { connection: 'connected', path: 'relay' });
    await until(people[0], { relay: { step: 'granted' } });
    await flowing(people);
  });
});

import { expect } from '@open-wc/testing';
import { SafetyCode } from '../../src/elements/safety-code/safety-code.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const encryption = {
  suite: 'ML-KEM-1024 + P-384',
  epoch: '3',
  safetyCode: ['20271', '52793', '60429', '90711', '81371', '00607'],
  compared: false,
};
const room = (compared: boolean) =>
  new FakeRoom(snapshot.active({ participants: [participant()], encryption: { ...encryption, compared } }));
const open: ElementCase = { name: 'not compared', room: () => room(false) };
const done: ElementCase = { name: 'compared', room: () => room(true) };

describe('<safety-code>', () => {
  elementSuite(SafetyCode, [open, done]);

  it('shows six groups of five digits, leading zeros and all', async () => {
    const code = byPart(await show(SafetyCode, open), 'code');
    expect([...code.children].map((group) => group.textContent)).to.deep.equal(encryption.safetyCode);
  });

  it('is read digit by digit', async () => {
    expect(byPart(await show(SafetyCode, open), 'code').ariaLabel).to.match(/^2 0 2 7 1, 5 2 7 9 3, .*0 0 6 0 7$/u);
  });

  it('says "not yet compared" until the participant compares it', async () => {
    expect(textOf(await show(SafetyCode, open))).to.include('noch nicht verglichen');
    expect(textOf(await show(SafetyCode, done))).to.include('Verglichen und gleich');
  });

  it('names the members of the group and their number', async () => {
    const text = textOf(await show(SafetyCode, open));
    expect(text).to.include('2 Personen');
    expect(text).to.include(participant().name);
  });

  it('reports a comparison to the room, and its withdrawal', async () => {
    const fake = room(false);
    byPart(await show(SafetyCode, { name: '', room: () => fake }), 'compared-button').click();
    expect(fake.calls).to.deep.equal([['setCompared', true]]);
  });
});

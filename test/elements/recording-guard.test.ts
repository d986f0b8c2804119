import { expect } from '@open-wc/testing';
import { RecordingGuard } from '../../src/elements/recording-guard/recording-guard.ts';
import { elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const quiet: ElementCase = {
  name: 'agreed',
  room: () => new FakeRoom(snapshot.active({ participants: [participant()] })),
};
const tried: ElementCase = {
  name: 'something tried to record',
  room: () =>
    new FakeRoom(snapshot.active({ participants: [participant()], problems: [{ id: 1, code: 'recording-refused' }] })),
};

const triedThere: ElementCase = {
  name: 'something tried to record in another page',
  room: () =>
    new FakeRoom(
      snapshot.active({
        participants: [participant(), participant({ id: 'p2', name: 'Stern', occupants: null })],
        problems: [{ id: 1, code: 'recording-refused', about: 'Frau Sommer' }],
      }),
    ),
};

describe('<recording-guard>', () => {
  elementSuite(RecordingGuard, [quiet, tried, triedThere]);

  it('[R16] shows that the other side agreed, and what no page can prevent', async () => {
    const text = textOf(await show(RecordingGuard, quiet));
    expect(text).to.include('Sie haben es erklärt.').and.include('Frau Sommer hat es erklärt.');
    expect(text).to.include('zweite Kamera');
  });

  it('[R16] reports an attempt in this page', async () => {
    expect(textOf(await show(RecordingGuard, quiet))).to.not.include('wurde verhindert');
    expect(textOf(await show(RecordingGuard, tried))).to.include('wurde verhindert');
  });

  it('[R16] names in whose page an attempt was made, and who has not agreed yet', async () => {
    const text = textOf(await show(RecordingGuard, triedThere));
    expect(text).to.include('Auf der Seite von Frau Sommer wollte ein Programm aufzeichnen.');
    expect(text).to.include('Stern hat es noch nicht erklärt.');
  });
});

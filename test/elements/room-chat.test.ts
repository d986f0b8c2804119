import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { RoomChat } from '../../src/elements/room-chat/room-chat.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const lines = [
  { id: 1, from: 'p1', name: 'Mia', text: 'Der Ton ist weg.\nHören Sie mich?', at: 1 },
  { id: 2, from: 'self', name: 'Frau Berger', text: '<b>Ja</b>', at: 2 },
];
const empty: ElementCase = {
  name: 'nothing yet',
  room: () => new FakeRoom(snapshot.active({ participants: [participant()] })),
};
const some: ElementCase = {
  name: 'some lines',
  room: () => new FakeRoom(snapshot.active({ participants: [participant()], chat: lines })),
};

describe('<room-chat>', () => {
  elementSuite(RoomChat, [empty, some]);

  it('shows chat lines as plain text, never as markup', async () => {
    const element = await show(RoomChat, some);
    expect(textOf(element)).to.include('<b>Ja</b>');
    expect(element.renderRoot.querySelector('b')).to.equal(null);
  });

  it('sends with Enter and with the button, and never an empty line', async () => {
    const room = new FakeRoom(snapshot.active({ participants: [participant()] }));
    const element = await show(RoomChat, { name: '', room: () => room });
    const input = byPart<HTMLTextAreaElement>(element, 'chat-input');
    input.focus();
    await sendKeys({ type: 'Guten Tag' });
    await sendKeys({ press: 'Enter' });
    expect(input.value).to.equal('');
    input.value = '   ';
    byPart(element, 'send-button').click();
    input.value = 'noch etwas';
    byPart(element, 'send-button').click();
    expect(room.calls).to.deep.equal([
      ['sendChat', 'Guten Tag'],
      ['sendChat', 'noch etwas'],
    ]);
  });
});

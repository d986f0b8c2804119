import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { RoomChat } from '../../src/elements/room-chat/room-chat.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const lines = [
  { id: 1, from: 'p1', name: 'Mia', host: false, text: 'Der Ton ist weg.\nHören Sie mich?', at: 1 },
  { id: 2, from: 'self', name: 'Frau Berger', host: false, text: '<b>Ja</b>', at: 2 },
];
const empty: ElementCase = {
  name: 'nothing yet',
  room: () => new FakeRoom(snapshot.active({ participants: [participant()] })),
};
const some: ElementCase = {
  name: 'some lines',
  room: () => new FakeRoom(snapshot.active({ participants: [participant()], chat: lines })),
};

/** Mia was there, and is back as another participant. */
const missed: ElementCase = {
  name: 'lines that have not arrived',
  room: () =>
    new FakeRoom(
      snapshot.active({
        participants: [participant({ id: 'p2' })],
        chat: [
          { id: 1, from: 'self', name: 'Frau Berger', host: false, text: 'da', at: 1, to: ['p1'], missing: [] },
          { id: 2, from: 'self', name: 'Frau Berger', host: false, text: 'weg', at: 2, to: ['p1'], missing: ['p1'] },
          { id: 3, from: 'self', name: 'Frau Berger', host: false, text: 'spät', at: 3, to: ['p2'], missing: ['p2'] },
        ],
      }),
    ),
};

describe('<room-chat>', () => {
  elementSuite(RoomChat, [empty, some, missed]);

  it('says below a line of ours that it has not arrived, and sends it again where that helps', async () => {
    const room = missed.room() as FakeRoom;
    const element = await show(RoomChat, { name: '', room: () => room });
    const below = [...element.renderRoot.querySelectorAll('.line')].map((line) =>
      [...line.querySelectorAll('.text ~ *')].map(({ textContent }) => textContent.trim()),
    );
    expect(below).to.deep.equal([[], ['Vielleicht nicht angekommen', 'Erneut senden'], ['Wird noch zugestellt']]);
    byPart(element, 'again-button').click();
    expect(room.calls).to.deep.equal([['resendChat', 2]]);
    expect(element.renderRoot.querySelector(':focus')?.getAttribute('role')).to.equal('log');
  });

  it('shows chat lines as plain text, never as markup', async () => {
    const element = await show(RoomChat, some);
    expect(textOf(element)).to.include('<b>Ja</b>');
    expect(element.renderRoot.querySelector('b')).to.equal(null);
  });

  for (const scheme of ['light', 'dark'] as const)
    it(`says in the field what belongs there, in the colour of secondary text, ${scheme}`, async () => {
      const element = await show(RoomChat, empty, { scheme });
      const input = byPart(element, 'chat-input');
      const { color, opacity } = getComputedStyle(input, '::placeholder');
      input.style.color = 'var(--_muted)';
      expect([color, opacity]).to.deep.equal([getComputedStyle(input).color, '1']);
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

  it('does not send with the Enter that ends a composition, in any browser', async () => {
    const room = new FakeRoom(snapshot.active({ participants: [participant()] }));
    const input = byPart<HTMLTextAreaElement>(await show(RoomChat, { name: '', room: () => room }), 'chat-input');
    input.value = 'にほんご';
    // Safari has ended the composition by then, and says so by the key code alone.
    for (const composed of [{ isComposing: true }, { keyCode: 229 }])
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...composed }));
    expect(room.calls).to.deep.equal([]);
    expect(input.value).to.equal('にほんご');
  });

  describe('what is being written', () => {
    const write = (input: HTMLTextAreaElement, text: string): void => {
      input.value = text;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const field = async (room: FakeRoom) =>
      byPart<HTMLTextAreaElement>(await show(RoomChat, { name: '', room: () => room }), 'chat-input');

    it('is there again when the element comes back, as after a pause', async () => {
      const room = new FakeRoom(snapshot.active({ participants: [participant()] }));
      write(await field(room), 'Ich wollte noch');
      room.set(snapshot.paused('someone-came-in', { participants: [participant()] }));
      room.set(snapshot.connecting({ participants: [participant()] }));
      const input = await field(room);
      expect(input.value).to.equal('Ich wollte noch');
      // In the field only: what stands in the document is read by the page.
      expect(input.textContent).to.equal('');
    });

    it('is gone when it was sent, and when the session is over', async () => {
      const room = new FakeRoom(snapshot.active({ participants: [participant()] }));
      const element = await show(RoomChat, { name: '', room: () => room });
      write(byPart<HTMLTextAreaElement>(element, 'chat-input'), 'gesendet');
      byPart(element, 'send-button').click();
      expect((await field(room)).value).to.equal('');
      write(await field(room), 'nie gesendet');
      room.set(snapshot.ended());
      room.set(snapshot.active({ participants: [participant()] }));
      expect((await field(room)).value).to.equal('');
    });

    it('is not seen in another room', async () => {
      const active = snapshot.active({ participants: [participant()] });
      write(await field(new FakeRoom(active)), 'hier');
      expect((await field(new FakeRoom(active))).value).to.equal('');
    });
  });

  describe('the log', () => {
    const many = (count: number, from = 'p1') =>
      Array.from({ length: count }, (_, id) => ({
        id: id + 1,
        from,
        name: 'Mia',
        host: false,
        text: `Zeile ${id}`,
        at: id,
      }));
    const state = (count: number, from = 'p1') =>
      snapshot.active({ participants: [participant()], chat: [...many(count - 1), ...many(count, from).slice(-1)] });

    async function long() {
      const room = new FakeRoom(state(60));
      const element = await show(RoomChat, { name: '', room: () => room });
      const log = element.renderRoot.querySelector<HTMLElement>('.log')!;
      log.style.blockSize = '120px';
      log.scrollTop = log.scrollHeight;
      return { room, element, log };
    }
    const left = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number =>
      scrollHeight - scrollTop - clientHeight;

    it('follows what is written when it is read at its end', async () => {
      const { room, element, log } = await long();
      room.set(state(61));
      await element.updateComplete;
      expect(left(log)).to.be.lessThan(16);
    });

    it('stays where it is read when something is written, and leads to it', async () => {
      const { room, element, log } = await long();
      log.scrollTop = 40;
      room.set(state(61));
      await element.updateComplete;
      element.requestUpdate();
      await element.updateComplete;
      expect(log.scrollTop).to.be.closeTo(40, 1);
      byPart(element, 'newest-button').click();
      await element.updateComplete;
      expect(left(log)).to.be.lessThan(16);
      expect(element.renderRoot.querySelector('[part="newest-button"]')).to.equal(null);
    });

    it('goes to its end when one has written oneself', async () => {
      const { room, element, log } = await long();
      log.scrollTop = 40;
      room.set(state(61, 'self'));
      await element.updateComplete;
      expect(left(log)).to.be.lessThan(16);
    });
  });
});

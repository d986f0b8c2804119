import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { RoomOccupantsNotice } from '../../src/elements/room-occupants-notice/room-occupants-notice.ts';
import { POLICIES } from '../../src/policy.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const unconfirmed = { byUs: false, byThem: false };
const cases: readonly ElementCase[] = [
  { name: 'asks', room: () => new FakeRoom(snapshot.occupants()) },
  {
    name: 'asks, with people',
    room: () => new FakeRoom(snapshot.occupants()),
    prepare: async (element) =>
      write(element as RoomOccupantsNotice, 'Mia, meine Schwester mit einem langen Namen, To'),
  },
  {
    name: 'to be acknowledged',
    room: () =>
      new FakeRoom(
        snapshot.connecting({
          participants: [
            participant({ acknowledged: unconfirmed, occupants: { people: ['Tom', 'Dolmetscherin'], hash: 'x' } }),
            participant({ id: 'p2', name: 'Stern', acknowledged: unconfirmed, occupants: null }),
          ],
        }),
      ),
  },
  { name: 'all acknowledged', room: () => new FakeRoom(snapshot.active({ participants: [participant()] })) },
  {
    name: 'host',
    room: () => new FakeRoom(snapshot.active({ role: 'host', participants: [participant()] })),
    prepare: (element) => byPart(element, 'take-out-button').click(),
  },
  { name: 'somebody came in here', room: () => new FakeRoom(snapshot.paused('someone-came-in')) },
  {
    name: 'somebody came in there',
    room: () =>
      new FakeRoom(
        snapshot.connecting({
          participants: [
            participant({ media: { microphone: true, camera: true, screen: false, paused: 'someone-came-in' } }),
          ],
        }),
      ),
  },
];

/** Says that somebody else is in the room, behind the cover too; then there is a field. */
async function answerWithCompany(element: RoomOccupantsNotice): Promise<void> {
  for (const part of ['uncover-button', 'company-button']) {
    element.renderRoot.querySelector<HTMLElement>(`[part="${part}"]`)?.click();
    await settled(element);
  }
}
async function write(element: RoomOccupantsNotice, text: string): Promise<void> {
  await answerWithCompany(element);
  const input = byPart<HTMLInputElement>(element, 'occupants-input');
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settled(element);
}
async function asking(room = new FakeRoom(snapshot.occupants())) {
  return { room, element: (await show(RoomOccupantsNotice, { name: '', room: () => room })) as RoomOccupantsNotice };
}
const said = (element: RoomOccupantsNotice): string => byPart(element, 'continue-button').textContent.trim();

describe('<room-occupants-notice>', () => {
  elementSuite(RoomOccupantsNotice, cases);

  it('[R13] declares to be alone by a button that says so, and joins', async () => {
    const { room, element } = await asking();
    expect(said(element)).to.equal('Ich bin allein im Raum');
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.equal([['acceptRules', 'de'], ['declareOccupants', []], ['join']]);
  });

  it('[R13] names all persons in the button, the one being typed included', async () => {
    const { room, element } = await asking();
    await write(element, 'Mia, mein Bruder');
    expect(said(element)).to.equal('Ja, so ist es: Mia, mein Bruder und ich');
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.equal([['acceptRules', 'de'], ['declareOccupants', ['Mia', 'mein Bruder']], ['join']]);
  });

  it('[R14] [R16] states the closed room, the screen and no recording', async () => {
    const text = textOf((await asking()).element);
    expect(text).to.include('Die Tür ist zu.').and.include('auf den Bildschirm').and.include('nimmt das Gespräch auf');
  });

  it('adds names by comma and Enter, and removes them by Backspace', async () => {
    const { element } = await asking();
    await answerWithCompany(element);
    byPart(element, 'occupants-input').focus();
    await sendKeys({ type: 'Mia,Tom' });
    await sendKeys({ press: 'Enter' });
    await settled(element);
    expect(said(element)).to.equal('Ja, so ist es: Mia, Tom und ich');
    // Held down a little too long in the field, it must not take away who was named already.
    await sendKeys({ press: 'Backspace' });
    await settled(element);
    expect(said(element)).to.equal('Ja, so ist es: Mia, Tom und ich');
  });

  it('sends with Enter in an empty field', async () => {
    const { room, element } = await asking();
    await answerWithCompany(element);
    byPart(element, 'occupants-input').focus();
    await sendKeys({ press: 'Enter' });
    expect(room.calls).to.deep.equal([['acceptRules', 'de'], ['declareOccupants', []], ['join']]);
  });

  it('removes a person by a button with the name', async () => {
    const { element } = await asking();
    await write(element, 'Mia,');
    const remove = element.renderRoot.querySelector<HTMLButtonElement>('.person button')!;
    expect(remove.ariaLabel).to.equal('Mia entfernen');
    const status = element.renderRoot.querySelector('[role="status"]')!;
    expect(status.textContent).to.equal('Mia hinzugefügt');
    remove.click();
    await settled(element);
    expect(status.textContent).to.equal('Mia entfernt');
    expect(said(element)).to.equal('Ich bin allein im Raum');
  });

  it('refuses more than twelve persons and says so', async () => {
    const { element } = await asking();
    await write(element, Array.from({ length: 13 }, (_, index) => `Person ${String(index)}`).join(','));
    expect(byPart<HTMLButtonElement>(element, 'continue-button').disabled).to.equal(true);
    expect(textOf(element)).to.include('höchstens 12 Personen');
  });

  it('[R13] acknowledges one side’s declaration, with its words beside the button', async () => {
    const other = participant({ id: 'p7', acknowledged: unconfirmed, occupants: { people: ['Tom'], hash: 'x' } });
    const { room, element } = await asking(new FakeRoom(snapshot.connecting({ participants: [other] })));
    expect(textOf(element)).to.include('Bei Frau Sommer sind außerdem im Raum: Tom.');
    byPart(element, 'acknowledge-button').click();
    expect(room.calls).to.deep.equal([['acknowledgeOccupants', 'p7', 'x']]);
  });

  it('moves the focus to the next acknowledgement, and after the last to its heading', async () => {
    const first = participant({ acknowledged: unconfirmed });
    const second = participant({ id: 'p2', name: 'Stern', acknowledged: unconfirmed });
    const by = (one: typeof first) => ({ ...one, acknowledged: { byUs: true, byThem: false } });
    const { room, element } = await asking(new FakeRoom(snapshot.connecting({ participants: [first, second] })));
    const focused = () => element.shadowRoot?.activeElement;
    const press = async (next: Parameters<typeof snapshot.connecting>[0]): Promise<void> => {
      byPart(element, 'acknowledge-button').focus();
      byPart(element, 'acknowledge-button').click();
      room.set(snapshot.connecting(next));
      await settled(element);
    };
    await press({ participants: [by(first), second] });
    expect(focused()?.getAttribute('aria-label')).to.equal('Einverstanden: Stern');
    await press({ participants: [by(first), by(second)] });
    expect(focused()?.textContent).to.equal('Die anderen im Gespräch');
  });

  it('names whose acknowledgement is pending', async () => {
    const { element } = await asking(
      new FakeRoom(
        snapshot.connecting({ participants: [participant({ acknowledged: { byUs: true, byThem: false } })] }),
      ),
    );
    expect(textOf(element)).to.include('Frau Sommer muss Ihre Angabe noch bestätigen.');
  });

  it('lets the host remove a participant after one question', async () => {
    const { room, element } = await asking(
      new FakeRoom(snapshot.active({ role: 'host', participants: [participant()] })),
    );
    byPart(element, 'take-out-button').click();
    await settled(element);
    const dialog = byPart<HTMLDialogElement>(element, 'take-out-dialog');
    expect(dialog.matches(':modal')).to.equal(true);
    expect(dialog.textContent).to.include('Frau Sommer aus dem Raum nehmen?');
    expect(room.calls).to.deep.equal([]);
    dialog.querySelector<HTMLButtonElement>('[value="yes"]')!.click();
    expect(room.calls).to.deep.equal([['remove', 'p1']]);
  });

  it('lets a guest remove no one', async () => {
    const { element } = await asking(new FakeRoom(snapshot.active({ participants: [participant()] })));
    expect(() => byPart(element, 'take-out-button')).to.throw();
  });

  it('[R14] asks again, without joining again, when another person entered', async () => {
    const { room, element } = await asking(new FakeRoom(snapshot.paused('someone-came-in')));
    await write(element, 'meine Mutter');
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.equal([['declareOccupants', ['meine Mutter']]]);
  });

  it('[R14] shows a neutral cover first after somebody came in, then two answers', async () => {
    const { room, element } = await asking(new FakeRoom(snapshot.paused('someone-came-in')));
    expect(textOf(element)).to.equal('Einen Moment bitte Weiter');
    byPart(element, 'uncover-button').click();
    await settled(element);
    expect(element.shadowRoot?.activeElement?.textContent.trim()).to.equal('Alles angehalten');
    expect(said(element)).to.equal('Ich bin wieder allein');
    expect(byPart(element, 'company-button').textContent.trim()).to.equal('Jemand bleibt hier');
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.equal([['declareOccupants', []]]);
  });

  it('[R17] has the rules for groups one press away in a small room, and open in a group', async () => {
    for (const [policy, open] of [
      [POLICIES.beratung, false],
      [POLICIES.gruppe, true],
    ] as const) {
      const { element } = await asking(new FakeRoom(snapshot.occupants({ policy })));
      const details = element.renderRoot.querySelector('details')!;
      expect(details.open).to.equal(open);
      expect(details.textContent).to.include('bleibt unter uns');
    }
  });

  it('[R14] offers no acknowledgement while another person is in that room', async () => {
    const other = participant({
      acknowledged: unconfirmed,
      media: { microphone: true, camera: true, screen: false, paused: 'someone-came-in' },
    });
    const { element } = await asking(new FakeRoom(snapshot.connecting({ participants: [other] })));
    expect(() => byPart(element, 'acknowledge-button')).to.throw();
    expect(textOf(element)).to.include('jemand hereingekommen');
  });
});

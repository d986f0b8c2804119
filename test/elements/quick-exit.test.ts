import { expect } from '@open-wc/testing';
import { QuickExit } from '../../src/elements/quick-exit/quick-exit.ts';
import { byPart, elementSuite, show, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

/** The same element; only the page of the test stays where it is. */
class StayingExit extends QuickExit {
  static override readonly tag = 'staying-exit';
  readonly went: string[] = [];
  protected override leaveFor(href: string): void {
    this.went.push(href);
  }
}
const session = () => new FakeRoom(snapshot.active({ participants: [participant()] }));
const running: ElementCase = { name: 'in a session', room: session };

describe('<quick-exit>', () => {
  elementSuite(QuickExit, [running]);

  afterEach(() => {
    document.documentElement.hidden = false;
  });

  const open = async (room: FakeRoom): Promise<StayingExit> =>
    (await show(StayingExit, { name: '', room: () => room })) as StayingExit;

  it('hides the page, leaves the room, then goes to the neutral page', async () => {
    const room = session();
    const element = await open(room);
    byPart(element, 'exit-button').click();
    expect(document.documentElement.hidden).to.equal(true);
    expect(room.calls).to.deep.equal([['quit']]);
    expect(element.went).to.deep.equal(['about:blank']);
  });

  const press = (): unknown =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));

  it('does the same for Escape pressed three times, not twice', async () => {
    const room = session();
    const element = await open(room);
    press();
    press();
    expect(element.went).to.deep.equal([]);
    press();
    expect(element.went).to.deep.equal(['about:blank']);
    expect(room.calls).to.deep.equal([['quit']]);
  });

  it('counts by when the keys were pressed, not by when a page that stalls hears of them', async () => {
    const element = await open(session());
    const pressedAt = (timeStamp: number): unknown =>
      document.body.dispatchEvent(
        Object.defineProperty(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }), 'timeStamp', {
          value: timeStamp,
        }),
      );
    for (const time of [1_000, 2_000, 3_000]) pressedAt(time);
    expect(element.went).to.deep.equal([]);
    pressedAt(3_400);
    expect(element.went).to.deep.equal(['about:blank']);
  });

  it('stays when Escape takes back what an input method composes', async () => {
    const element = await open(session());
    for (const _press of [1, 2, 3])
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, isComposing: true }));
    expect(element.went).to.deep.equal([]);
  });
});

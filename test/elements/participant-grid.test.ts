import { expect } from '@open-wc/testing';
import { ParticipantGrid } from '../../src/elements/participant-grid/participant-grid.ts';
import { CallControls } from '../../src/elements/call-controls/call-controls.ts';
import { define } from '../../src/define.ts';
import type { Participant } from '../../src/room/state/state.ts';
import { POLICIES } from '../../src/policy.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, inRoom, participant, drawnCamera, snapshot } from '../support/room-fixture.ts';
import { html, type LitElement } from 'lit';
import { waitUntil } from '../support/wait-until.ts';

const SCREEN = { microphone: true, camera: true, screen: true, paused: 'no' } as const;

function people(count: number, changes: Partial<Participant> = {}): readonly Participant[] {
  return Array.from({ length: count }, (_, index) =>
    participant({ id: `p${String(index)}`, name: `Person ${String(index)}`, ...(index === 1 ? changes : {}) }),
  );
}
function roomOf(participants: readonly Participant[]): FakeRoom {
  const room = new FakeRoom(snapshot.active({ participants, policy: POLICIES.gruppe }));
  room.streams.set('self camera', drawnCamera());
  for (const { id } of participants) room.streams.set(`${id} camera`, drawnCamera());
  return room;
}
const sized = (element: HTMLElement): void => {
  element.style.blockSize = '480px';
};
const showing = { media: SCREEN, streams: { audio: true, camera: true, screen: true } };
const cases: readonly ElementCase[] = [
  ...[0, 1, 3, 8].map((count): ElementCase => ({
    name: `${String(count)} people`,
    room: () => roomOf(people(count)),
    prepare: sized,
  })),
  { name: 'somebody shows a screen', room: () => roomOf(people(4, showing)), prepare: sized },
];
const tiles = (element: LitElement): readonly HTMLElement[] => [
  ...element.renderRoot.querySelectorAll<HTMLElement>('participant-tile'),
];

describe('<participant-grid>', () => {
  elementSuite(ParticipantGrid, cases);

  for (const count of [1, 2, 3, 4, 5, 6, 7, 8])
    for (const [width, height] of [
      [320, 480],
      [800, 500],
    ] as const)
      it(`[R17] fits ${String(count)} others into ${String(width)}×${String(height)} without overlap`, async () => {
        const element = await show(ParticipantGrid, { name: '', room: () => roomOf(people(count)) }, { width });
        element.style.blockSize = `${String(height)}px`;
        // The tiles are placed once the size of the grid is known.
        await waitUntil(() => tiles(element).every((tile) => tile.getBoundingClientRect().height > 60));
        const box = element.getBoundingClientRect();
        const boxes = tiles(element).map((tile) => tile.getBoundingClientRect());
        expect(boxes.length).to.equal(count);
        for (const [index, tile] of boxes.entries()) {
          expect(tile.width, 'width').to.be.greaterThan(60);
          expect(tile.height, 'height').to.be.greaterThan(60);
          expect(tile.bottom).to.be.at.most(box.bottom + 1);
          for (const next of boxes.slice(index + 1)) {
            const apart =
              tile.right <= next.left + 1 ||
              next.right <= tile.left + 1 ||
              tile.bottom <= next.top + 1 ||
              next.bottom <= tile.top + 1;
            expect(apart).to.equal(true);
          }
        }
      });

  it('shows a pinned person large, and the others beside, without moving a tile in the document', async () => {
    const room = roomOf(people(4));
    const element = await show(ParticipantGrid, { name: '', room: () => room, prepare: sized });
    await waitUntil(() => tiles(element).every((tile) => tile.getBoundingClientRect().height > 40));
    const before = tiles(element);
    room.set(snapshot.active({ participants: people(4), layout: { kind: 'pinned', id: 'p2' } }));
    await settled(element);
    const area = (tile: HTMLElement): number => tile.clientWidth * tile.clientHeight;
    await waitUntil(() => before.every((tile, index) => index === 2 || area(tile) * 3 < area(before[2]!)));
    expect(tiles(element)).to.deep.equal(before);
    room.set(snapshot.active({ participants: people(4) }));
    await waitUntil(() => area(before[0]!) === area(before[2]!));
  });

  it('shows who speaks large and stays in a silence, until another speaks', async () => {
    const room = roomOf(people(3));
    const element = await show(ParticipantGrid, { name: '', room: () => room, prepare: sized });
    const large = (): string | undefined =>
      element.renderRoot.querySelector('.large participant-tile')?.getAttribute('participant-id') ?? undefined;
    const speak = async (...speaking: readonly string[]): Promise<void> => {
      const participants = people(3).map((p) => ({ ...p, speaking: speaking.includes(p.id) }));
      room.set(snapshot.active({ participants, layout: { kind: 'speaker' } }));
      await settled(element);
    };
    await speak();
    expect(large()).to.equal(undefined);
    await speak('p1');
    expect(large()).to.equal('p1');
    await speak();
    await speak('p0', 'p1');
    expect(large()).to.equal('p1');
    await speak('p0');
    expect(large()).to.equal('p0');
  });

  it('shows the others and the self-view in a block without a height', async () => {
    const room = roomOf(people(2, showing));
    const block = await inRoom<LitElement>(room, html`<main><participant-grid></participant-grid></main>`);
    const grid = block.querySelector<ParticipantGrid>('participant-grid')!;
    await settled(grid);
    for (const participants of [people(2, showing), people(2), people(1)]) {
      room.set(snapshot.active({ participants }));
      await settled(grid);
      expect(tiles(grid).length).to.be.greaterThan(0);
      for (const tile of tiles(grid)) {
        const { height, bottom } = tile.getBoundingClientRect();
        expect(height).to.be.greaterThan(40);
        expect(bottom).to.be.at.most(grid.getBoundingClientRect().bottom + 1);
      }
    }
  });

  it('shows a shared screen first and larger than any participant', async () => {
    for (const width of [320, 800]) {
      const element = await show(ParticipantGrid, { name: '', room: () => roomOf(people(4, showing)) }, { width });
      element.style.blockSize = '500px';
      const area = (tile: Element): number => tile.getBoundingClientRect().width * tile.getBoundingClientRect().height;
      const [screen, ...rest] = tiles(element);
      expect(screen!.getAttribute('kind')).to.equal('screen');
      for (const person of rest) expect(area(screen!)).to.be.greaterThan(2 * area(person));
    }
  });

  it('keeps the tiles of others when a participant joins, leaves or shares a screen', async () => {
    const three = people(3);
    const room = roomOf(three);
    const element = await show(ParticipantGrid, { name: '', room: () => room });
    const first = tiles(element)[0]!;
    room.set(snapshot.active({ participants: three.slice(0, 2) }));
    await settled(element);
    expect(tiles(element).length).to.equal(2);
    room.set(snapshot.active({ participants: [three[0]!, { ...three[1]!, ...showing }] }));
    await settled(element);
    expect(tiles(element)).to.include(first);
  });

  it('[R15] hides the self-view until the participant requests it', async () => {
    define(CallControls);
    const room = roomOf(people(1));
    const both = await inRoom<LitElement>(
      room,
      html`<div><participant-grid></participant-grid><call-controls></call-controls></div>`,
    );
    const grid = both.querySelector<ParticipantGrid>('participant-grid')!;
    const controls = both.querySelector<CallControls>('call-controls')!;
    await Promise.all([settled(grid), settled(controls)]);
    expect(grid.renderRoot.querySelector('.own')).to.equal(null);
    const button = byPart(controls, 'self-view-button');
    expect(button.ariaPressed).to.equal('false');
    button.click();
    await Promise.all([settled(grid), settled(controls)]);
    expect(grid.renderRoot.querySelector('.own')).to.not.equal(null);
    expect(button.ariaPressed).to.equal('true');
  });

  it('[R13] acknowledges all who are alone by one press, each for themselves, and nobody else', async () => {
    const asked = { acknowledged: { byUs: false, byThem: false } };
    const list = people(5).map((one, index) => ({
      ...one,
      ...(index === 0 ? {} : asked),
      ...(index === 4 ? { occupants: { people: ['Tom'], hash: 'x' } } : {}),
    }));
    const room = roomOf(list);
    const element = await show(ParticipantGrid, { name: '', room: () => room, prepare: sized });
    byPart(element, 'acknowledge-all-button').click();
    expect(room.calls).to.deep.equal([1, 2, 3].map((index) => ['acknowledgeOccupants', `p${String(index)}`, 'theirs']));
    room.set(
      snapshot.active({ participants: list.map((one) => ({ ...one, acknowledged: { byUs: true, byThem: true } })) }),
    );
    await settled(element);
    expect(() => byPart(element, 'acknowledge-all-button')).to.throw();
  });

  it('names all who are alone, the host with the mark, whatever they call themselves', async () => {
    const asked = { acknowledged: { byUs: false, byThem: false } };
    const names = ['0', 'Anna und Tom', 'Frau Berger'];
    const room = roomOf(people(3).map((one, i) => ({ ...one, ...asked, name: names[i] ?? '', host: i === 2 })));
    const element = await show(ParticipantGrid, { name: '', room: () => room, prepare: sized });
    const sentence = element.renderRoot.querySelector('.all p')!;
    expect(sentence.textContent).to.match(/^0, Anna und Tom und Frau Berger\s+Beratung sind jeweils allein\./u);
    expect([...sentence.querySelectorAll('bdi')].map(({ textContent }) => textContent)).to.deep.equal(names);
    expect(sentence.querySelector('.host-mark')?.previousElementSibling?.textContent).to.equal('Frau Berger');
  });

  it('[R13] leaves the pictures of the others alone while a latecomer is confirmed', async () => {
    const late = people(5).map((one, index) =>
      index === 4 ? { ...one, acknowledged: { byUs: false, byThem: false } } : one,
    );
    const element = await show(ParticipantGrid, { name: '', room: () => roomOf(late), prepare: sized });
    const hidden = tiles(element).map((tile) => (tile as LitElement).renderRoot.querySelector('.dark') !== null);
    expect(hidden).to.deep.equal([false, false, false, false, true]);
  });

  it('says so when no one else is in the room', async () => {
    expect(textOf(await show(ParticipantGrid, cases[0]!))).to.include('noch niemand sonst');
  });
});

import { expect } from '@open-wc/testing';
import { parseReceipts } from '../../src/consent/parse-receipt.ts';
import { ConsentReceipts } from '../../src/elements/consent-receipts/consent-receipts.ts';
import type { RoomState } from '../../src/room/state/state.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, receipt, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const given = [receipt('notice'), receipt('no-recording'), receipt('group-rules'), receipt('relay')];
const ended = (): RoomState => ({
  ...(snapshot.ended('withdrawn') as Extract<RoomState, { phase: 'ended' }>),
  receipts: [receipt('notice'), receipt('notice', 'withdrawn')],
});
const cases: readonly ElementCase[] = [
  { name: 'in a session', room: () => new FakeRoom(snapshot.active({ receipts: given })) },
  {
    name: 'after the end',
    room: () => new FakeRoom(ended()),
    prepare: (element) => {
      for (const details of element.renderRoot.querySelectorAll('details')) details.open = true;
    },
  },
];
const render = (room: FakeRoom) => show(ConsentReceipts, { name: '', room: () => room });

describe('<consent-receipts>', () => {
  elementSuite(ConsentReceipts, cases);

  it('[R1] shows each consent once, as it stands now', async () => {
    const text = textOf(await render(new FakeRoom(ended())));
    expect(text.match(/Datenschutz-Information/gu)).to.have.length(1);
    expect(text).to.include('Zugestimmt am 24. November 2026');
    expect(text).to.include('Widerrufen am 24. November 2026');
    expect(text).to.include('Beratungsstelle am Park');
  });

  it('[R1] withdraws consent by one press', async () => {
    const room = new FakeRoom(snapshot.active({ receipts: given }));
    byPart(await render(room), 'withdraw-consent-button').click();
    expect(room.calls).to.deep.equal([['withdraw', 'notice']]);
  });

  it('offers no withdrawal after the session, and nothing without a consent', async () => {
    const over = await render(new FakeRoom(ended()));
    expect(() => byPart(over, 'withdraw-consent-button')).to.throw('no part');
    for (const state of [snapshot.notice(), snapshot.devices(), snapshot.ended()])
      expect(textOf(await render(new FakeRoom(state)))).to.equal('');
  });

  it('[R3] saves all receipts as a file on a click and revokes its URL immediately', async () => {
    const files = new Map<string, Blob>();
    const gone: string[] = [];
    const { createObjectURL, revokeObjectURL } = URL;
    const { click } = HTMLAnchorElement.prototype;
    const saved: string[] = [];
    URL.createObjectURL = (blob: Blob) => {
      files.set('blob:one', blob);
      return 'blob:one';
    };
    URL.revokeObjectURL = (url: string) => gone.push(url);
    HTMLAnchorElement.prototype.click = function save(this: HTMLAnchorElement) {
      saved.push(`${this.download} ${this.href}`);
    };
    try {
      const element = await render(new FakeRoom(snapshot.active({ receipts: given })));
      expect(files.size).to.equal(0);
      byPart(element, 'save-button').dispatchEvent(new MouseEvent('click', { bubbles: true }));
      expect(saved).to.deep.equal(['einwilligung.json blob:one']);
      const text = await files.get('blob:one')!.text();
      expect(parseReceipts(text)).to.deep.equal(given);
      await waitUntil(() => gone.includes('blob:one'));
    } finally {
      Object.assign(URL, { createObjectURL, revokeObjectURL });
      HTMLAnchorElement.prototype.click = click;
    }
  });
});

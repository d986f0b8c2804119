import { expect, waitUntil } from '@open-wc/testing';
import { consentRecord, withdrawnRecord } from '../../src/consent/consent-record.ts';
import { parseReceipts, RECEIPT_SCHEMA, type ConsentKind, type Receipt } from '../../src/consent/receipt.ts';
import { ConsentReceipts } from '../../src/elements/consent-receipts/consent-receipts.ts';
import { POLICIES } from '../../src/policy.ts';
import type { RoomState } from '../../src/room/state.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, FakeRoom, snapshot } from '../support/room-fixture.ts';

const AT = Date.parse('2026-11-24T10:00:00Z');
function receipt(kind: ConsentKind, state: 'given' | 'withdrawn' = 'given'): Receipt {
  const record = consentRecord({
    kind,
    configuration: CONFIGURATION,
    policy: POLICIES.beratung,
    role: 'guest',
    text: { version: '2', hash: 'h'.repeat(64), lang: 'de' },
    at: AT,
    recordId: `00000000-0000-0000-0000-${kind.length.toString(16).padStart(12, '0')}`,
    principal: 'p'.repeat(22),
  });
  return {
    receipt_id: crypto.randomUUID(),
    schema_version: RECEIPT_SCHEMA,
    record: state === 'given' ? record : withdrawnRecord(record, AT + 60_000),
    signer: { algorithm: 'ECDSA P-384 SHA-384', public_key: 'k'.repeat(130), member: null },
    signature: 's'.repeat(128),
  };
}

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
    expect(text.match(/Datenschutzhinweise/gu)).to.have.length(1);
    expect(text).to.include('Zugestimmt am 24. November 2026');
    expect(text).to.include('Widerrufen am 24. November 2026');
    expect(text).to.include('Beratungsstelle am Park');
  });

  it('[R1] withdraws by one press', async () => {
    const room = new FakeRoom(snapshot.active({ receipts: given }));
    byPart(await render(room), 'withdraw-consent-button').click();
    expect(room.calls).to.deep.equal([['withdraw', 'notice']]);
  });

  it('offers nothing to withdraw once the room is over, and nothing at all without a consent', async () => {
    const over = await render(new FakeRoom(ended()));
    expect(() => byPart(over, 'withdraw-consent-button')).to.throw('no part');
    for (const state of [snapshot.notice(), snapshot.devices(), snapshot.ended()])
      expect(textOf(await render(new FakeRoom(state)))).to.equal('');
  });

  it('[R3] saves all receipts as a file, made from a click and given up at once', async () => {
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

import { expect } from '@open-wc/testing';
import { RoomInvite } from '../../src/elements/room-invite/room-invite.ts';
import { createInvite, spokenCode } from '../../src/invite.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const links = {
  hostLink: `https://beratung.example/room#consult=${'h'.repeat(540)}`,
  guestLink: `https://beratung.example/room#consult=${'g'.repeat(136)}`,
};
const made: ElementCase = {
  name: 'both links',
  room: () => new FakeRoom(snapshot.waiting()),
  prepare: (element) => void Object.assign(element, links),
};

describe('<room-invite>', () => {
  elementSuite(RoomInvite, [made]);

  it('shows nothing without links', async () => {
    expect(textOf(await show(RoomInvite, { name: '', room: () => new FakeRoom(snapshot.waiting()) }))).to.equal('');
  });

  it('opens each link in a window without an opener', async () => {
    const element = await show(RoomInvite, made);
    await element.updateComplete;
    const anchors = [...element.renderRoot.querySelectorAll<HTMLAnchorElement>('a')];
    expect(anchors.map(({ href }) => href)).to.deep.equal([links.guestLink, links.hostLink]);
    for (const { rel } of anchors) expect(rel).to.equal('noopener noreferrer');
  });

  it('says which link was copied, and how long it is valid', async () => {
    const expires = new Date(2030, 4, 17, 18, 30);
    const element = await show(RoomInvite, made);
    Object.assign(element, await createInvite({ base: 'https://beratung.example/room', expires }));
    await settled(element);
    const labels = [...element.renderRoot.querySelectorAll('[part="copy-button"]')].map(({ ariaLabel }) => ariaLabel);
    expect(labels).to.deep.equal(['Gast-Link kopieren', 'Eigenen Link kopieren']);
    expect(textOf(element).split('Gilt bis 17. Mai 2030 um 18:30.').length).to.equal(3);
    Object.assign(element, { guestLink: 'https://beratung.example/room#consult=AB', hostLink: undefined });
    await settled(element);
    expect(textOf(element)).to.not.include('Gilt bis');
  });

  it('draws the guest link as a QR code, never the host link', async () => {
    const element = await show(RoomInvite, made);
    await waitUntil(() => element.renderRoot.querySelector('.qr'), 'the code');
    expect(element.renderRoot.querySelectorAll('.qr').length).to.equal(1);
    expect(byPart(element, 'qr').closest('.guest')).to.not.equal(null);
  });

  it('shows the public part for the people who make appointments, to be copied and not to be opened', async () => {
    const element = await show(RoomInvite, {
      ...made,
      prepare: (one) => void Object.assign(one, { publicPart: 'AXDj08' }),
    });
    expect(byPart(element, 'link')).to.have.property('value', 'AXDj08');
    expect(byPart(element, 'copy-button').ariaLabel).to.equal('Text für die Terminvergabe kopieren');
    expect(element.renderRoot.querySelectorAll('[part="open-button"], .qr').length).to.equal(0);
    await expect(element).to.be.accessible();
  });

  it('says of a host link without a key that it works in one browser only, and shows its code', async () => {
    const { kept } = (await (await fetch('/test/vectors/invites.json')).json()) as {
      readonly kept: readonly { readonly host: string; readonly guest: string; readonly code: string }[];
    };
    const [{ host: hostLink, guest: guestLink, code }] = kept as [(typeof kept)[0]];
    const element = await show(RoomInvite, {
      ...made,
      prepare: (one) => void Object.assign(one, { hostLink, guestLink }),
    });
    await waitUntil(() => element.renderRoot.querySelector('[part="spoken-code"]') !== null);
    expect(byPart(element, 'spoken-code').textContent).to.equal(code);
    expect(textOf(element)).to.include('in dem Ihr Schlüssel liegt').and.not.include('Geben Sie ihn nicht weiter');
  });

  it('shows the code of a host link, and none without one', async () => {
    const element = await show(RoomInvite, made);
    expect(element.renderRoot.querySelector('[part="spoken-code"]')).to.equal(null);
    const fresh = await createInvite({ base: 'https://beratung.example/room' });
    Object.assign(element, fresh);
    await waitUntil(() => element.renderRoot.querySelector('[part="spoken-code"]') !== null);
    expect(byPart(element, 'spoken-code').textContent).to.equal(await spokenCode(fresh.hostLink));
    await expect(element).to.be.accessible();
    Object.assign(element, { hostLink: undefined });
    await settled(element);
    expect(element.renderRoot.querySelector('[part="spoken-code"]')).to.equal(null);
  });

  it('shows the sheet for the guest when it is asked for, with the code, and none of the host link', async () => {
    const fresh = await createInvite({ base: 'https://beratung.example/room' });
    const element = await show(RoomInvite, { ...made, prepare: (one) => void Object.assign(one, fresh) });
    await waitUntil(() => element.renderRoot.querySelector('[part="spoken-code"]') !== null);
    const sheets = () => [...element.renderRoot.querySelectorAll('appointment-sheet')];
    expect(sheets().length).to.equal(0);
    byPart(element, 'sheet-button').click();
    await settled(element);
    const [sheet] = sheets();
    await waitUntil(() => textOf(sheet!).includes(fresh.guestLink), 'the sheet');
    expect(textOf(sheet!)).to.include(await spokenCode(fresh.hostLink));
    expect(textOf(sheet!).includes(fresh.hostLink)).to.equal(false);
    byPart(element, 'sheet-button').click();
    await settled(element);
    expect(sheets().length).to.equal(0);
  });
});

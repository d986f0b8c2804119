import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { WaitingRoom } from '../../src/elements/waiting-room/waiting-room.ts';
import type { RoomCode } from '../../src/room/room.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const knock = {
  id: 'k1',
  name: 'Lea-Sophie von der Heide',
  returning: true,
  hash: 'h',
  /** Always two minutes ago: what is shown in whole minutes stays the same, however long the tests take. */
  get since(): number {
    return Date.now() - 130_000;
  },
};
const guest = (knocking: 'host-absent' | 'sent' | 'admitted'): ElementCase => ({
  name: `guest, ${knocking}`,
  room: () => new FakeRoom(snapshot.waiting({ knocking })),
});
const host: ElementCase = {
  name: 'host, somebody waits',
  room: () => new FakeRoom(snapshot.waiting({ role: 'host', knocks: [knock] })),
};
const empty: ElementCase = { name: 'host, nobody waits', room: () => new FakeRoom(snapshot.waiting({ role: 'host' })) };
const CODE = { text: 'K7M-2QX-9TD', step: 'open', wrong: 0 } as const;
const withCode = (changes: Partial<RoomCode> = {}): ElementCase => ({
  name: `host, a code ${changes.step ?? 'open'}, ${String(changes.wrong ?? 0)} wrong`,
  room: () => new FakeRoom(snapshot.waiting({ role: 'host', code: { ...CODE, ...changes } })),
  prepare: (element) => element.renderRoot.querySelector('summary')?.click(),
});
const elsewhere: ElementCase = {
  name: 'host, the room is open on another device',
  room: () => new FakeRoom(snapshot.waiting({ role: 'host', signaling: 'elsewhere' })),
};
const during: ElementCase = {
  name: 'host, during a session',
  room: () => new FakeRoom(snapshot.active({ role: 'host', knocks: [knock], participants: [participant()] })),
};

describe('<waiting-room>', () => {
  elementSuite(WaitingRoom, [
    guest('host-absent'),
    guest('sent'),
    guest('admitted'),
    host,
    empty,
    elsewhere,
    during,
    withCode({ wrong: 2 }),
    withCode({ step: 'used-up', wrong: 5 }),
  ]);

  it('has the host’s code to read out, folded, with words for its letters', async () => {
    const element = await show(WaitingRoom, { ...withCode(), prepare: () => undefined });
    const code = byPart(element, 'spoken-code');
    expect(element.renderRoot.querySelector('details')?.open).to.equal(false);
    expect(code.textContent).to.equal('K7M-2QX-9TD');
    expect(code.ariaLabel).to.equal('Köln 7 München, 2 Quickborn Xanten, 9 Tübingen Düsseldorf');
    expect(textOf(element)).to.not.include('Falsch eingegeben');
    const english = await show(WaitingRoom, withCode(), { lang: 'en' });
    expect(byPart(english, 'spoken-code').ariaLabel).to.equal('Kilo 7 Mike, 2 Quebec X-ray, 9 Tango Delta');
  });

  it('tells the host of wrong codes in sight, and makes another where one is void', async () => {
    const room = new FakeRoom(snapshot.waiting({ role: 'host', code: { ...CODE, wrong: 1 } }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    expect(textOf(element)).to.include('Falsch eingegeben: 1-mal. Nach dem 5. Mal gilt der Code nicht mehr.');
    expect(element.renderRoot.querySelector('[part="new-code-button"]')).to.equal(null);
    room.set(snapshot.waiting({ role: 'host', code: { ...CODE, step: 'used-up', wrong: 5 } }));
    await settled(element);
    expect(element.renderRoot.querySelector('[role="alert"]')?.textContent).to.include('gilt nicht mehr');
    byPart(element, 'new-code-button').click();
    expect(room.calls).to.deep.equal([['renewCode']]);
    room.set(snapshot.waiting({ role: 'host', code: { ...CODE, step: 'unavailable' } }));
    await settled(element);
    expect(element.renderRoot.querySelector('[part="spoken-code"]')).to.equal(null);
    expect(textOf(element)).to.include('Gerade gibt es keinen Code.');
  });

  it('tells a guest that no one can see or hear them yet', async () => {
    expect(textOf(await show(WaitingRoom, guest('sent')))).to.include('Noch sieht und hört Sie niemand.');
  });

  it('[R13] shows the host the former name when a guest returns under another', async () => {
    const knocks = [{ ...knock, formerName: 'Tom' }];
    const room = new FakeRoom(snapshot.waiting({ role: 'host', knocks }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    expect(textOf(element)).to.include('War in diesem Gespräch schon dabei, und hieß da „Tom“');
    expect(textOf(await show(WaitingRoom, host))).to.not.include('hieß da');
  });

  it('[R13] admits and refuses by that guest’s button', async () => {
    const room = new FakeRoom(snapshot.waiting({ role: 'host', knocks: [knock] }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    byPart(element, 'admit-button').click();
    byPart(element, 'refuse-button').click();
    expect(room.calls).to.deep.equal([
      ['admit', 'k1', 'h'],
      ['refuse', 'k1', 'h'],
    ]);
  });

  it('asks a host whose room is open elsewhere before it takes over', async () => {
    const room = new FakeRoom(snapshot.waiting({ role: 'host', signaling: 'elsewhere' }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    expect(textOf(element)).to.include('Dann leiten Sie wieder von hier.');
    expect(room.calls).to.deep.equal([]);
    byPart(element, 'take-over-button').click();
    expect(room.calls).to.deep.equal([['takeOver']]);
  });

  it('lets everyone in by one press where several wait', async () => {
    const knocks = ['k1', 'k2', 'k3'].map((id) => ({ ...knock, id, hash: `hash of ${id}` }));
    const room = new FakeRoom(snapshot.waiting({ role: 'host', knocks }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    byPart(element, 'admit-all-button').click();
    expect(room.calls).to.deep.equal([['admitAll', knocks]]);
  });

  it('leaves a name that needs a look out of the press for everyone', async () => {
    const named = (id: string, name: string) => ({ ...knock, id, name, hash: `hash of ${id}` });
    const plain = [named('k1', 'Birke'), named('k2', 'Linde')];
    const looked = [{ ...named('k3', 'Esche'), formerName: 'Tom' }, named('k4', 'Ber\u0430tung')];
    const room = new FakeRoom(snapshot.waiting({ role: 'host', knocks: [...looked, ...plain] }));
    const element = await show(WaitingRoom, { name: '', room: () => room });
    expect(byPart(element, 'admit-all-button').textContent).to.include('Die anderen hereinlassen');
    byPart(element, 'admit-all-button').click();
    expect(room.calls).to.deep.equal([['admitAll', plain]]);
  });

  it('says whose room it is, when, and that the camera is on or off', async () => {
    const template = html`<waiting-room appointment="2026-11-24T14:00"></waiting-room>`;
    const text = textOf(await show(WaitingRoom, { ...guest('sent'), template }));
    expect(text).to.include('Beratungsstelle am Park').and.include('Termin: 14:00').and.include('Kamera läuft schon');
    const media = { microphone: true, camera: false, screen: false, paused: 'no' } as const;
    const off = { name: '', room: () => new FakeRoom(snapshot.waiting({ media })) };
    expect(textOf(await show(WaitingRoom, off))).to.include('Ihre Kamera ist aus.');
    // A time that is none is not shown.
    const wrong = html`<waiting-room appointment="morgen"></waiting-room>`;
    expect(textOf(await show(WaitingRoom, { ...guest('sent'), template: wrong }))).to.not.include('Termin');
  });

  it('offers the guest link to the host, as text where copying is not allowed', async () => {
    const element = await show(WaitingRoom, empty);
    await waitUntil(() => element.renderRoot.querySelector('[part="guest-link-button"]'));
    const { clipboard } = navigator;
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: () => Promise.reject(new DOMException('', 'NotAllowedError')) },
      configurable: true,
    });
    byPart(element, 'guest-link-button').click();
    await waitUntil(() => element.renderRoot.querySelector('[part="guest-link"]'));
    expect(byPart<HTMLInputElement>(element, 'guest-link').value).to.include('#consult=');
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  });

  it('names the person in each button', async () => {
    const element = await show(WaitingRoom, host);
    expect(byPart(element, 'admit-button').ariaLabel).to.include(knock.name);
    expect(byPart(element, 'refuse-button').ariaLabel).to.include(knock.name);
  });

  it('shows how long a guest has waited, and that the guest returns', async () => {
    const knocks = [{ ...knock, since: Date.now() - 130_000 }];
    const room = () => new FakeRoom(snapshot.waiting({ role: 'host', knocks }));
    const text = textOf(await show(WaitingRoom, { name: '', room }));
    expect(text).to.include('wartet seit 2 Minuten');
    expect(text).to.include('War in diesem Gespräch schon dabei');
  });

  it('shows an admitted guest nothing', async () => {
    const element = await show(WaitingRoom, { name: '', room: () => new FakeRoom(snapshot.active()) });
    expect(textOf(element)).to.equal('');
  });
});

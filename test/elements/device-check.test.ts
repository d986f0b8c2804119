import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { DeviceCheck } from '../../src/elements/device-check/device-check.ts';
import type { Devices, DevicesChoice } from '../../src/room/state/state.ts';
import { POLICIES } from '../../src/policy.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, DEVICES, FakeRoom, drawnCamera, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const NOTHING: Devices = { ...DEVICES, cameras: [], microphones: [], camera: false, microphone: false };

function roomWith(devices: Partial<Devices> = {}): FakeRoom {
  const room = new FakeRoom(snapshot.devices({ devices: { ...DEVICES, ...devices } }));
  room.streams.set('self camera', drawnCamera());
  return room;
}
const withDevices = (name: string, devices: Partial<Devices>): ElementCase => ({ name, room: () => roomWith(devices) });
const cases: readonly ElementCase[] = [
  withDevices('camera and microphone', {}),
  withDevices('asking', { ...NOTHING, access: 'asking' }),
  withDevices('nothing allowed', { ...NOTHING, problems: ['camera-denied', 'microphone-denied'] }),
  {
    name: 'a direct connection unlikely, the picture softened',
    room: () => new FakeRoom(snapshot.devices({ devices: { ...DEVICES, blur: 'picture' }, forecast: 'unlikely' })),
  },
  {
    name: 'full name',
    room: () => new FakeRoom(snapshot.devices({ devices: NOTHING, policy: POLICIES['anlage-31b'] })),
  },
];
const render = (room: FakeRoom) => show(DeviceCheck, { name: '', room: () => room });
const nameInput = (element: DeviceCheck | Awaited<ReturnType<typeof render>>) =>
  byPart<HTMLInputElement>(element, 'name-input');

describe('<device-check>', () => {
  elementSuite(DeviceCheck, cases);

  it('opens the devices once automatically', async () => {
    const room = roomWith({ ...NOTHING, access: 'unasked' });
    const element = await render(room);
    room.set(snapshot.devices({ devices: { ...NOTHING, access: 'asking' } }));
    await settled(element);
    expect(room.calls.map(([method]) => method)).to.deep.equal(['openDevices']);
  });

  it('shows the self-view mirrored and muted, and only locally', async () => {
    const element = await render(roomWith());
    const video = element.renderRoot.querySelector('video')!;
    await waitUntil(() => video.videoWidth > 0);
    expect(video.muted).to.equal(true);
    expect(getComputedStyle(video).transform).to.equal('matrix(-1, 0, 0, 1, 0, 0)');
  });

  it('leaves the choices open when the trouble with a device is over', async () => {
    const room = roomWith({ problems: ['camera-in-use'] });
    const element = await render(room);
    const list = byPart(element, 'camera-select');
    list.focus();
    room.set(snapshot.devices({ devices: DEVICES }));
    await settled(element);
    expect(list.checkVisibility()).to.equal(true);
    expect(element.shadowRoot?.activeElement === list).to.equal(true);
  });

  it('shows the blur that is used when one was picked before', async () => {
    const devices: Devices = { ...DEVICES, problems: ['camera-silent'], blurs: ['off', 'background', 'picture'] };
    const room = roomWith(devices);
    const element = await render(room);
    const list = element.renderRoot.querySelector<HTMLSelectElement>('#blur')!;
    list.focus();
    for (const blur of ['background', 'picture'] as const) {
      const changed = new Promise((resolve) => list.addEventListener('change', resolve, { once: true }));
      await sendKeys({ press: 'ArrowDown' });
      await changed;
      expect(room.calls.at(-1)).to.deep.equal(['setBlur', blur]);
      room.set(snapshot.devices({ devices: { ...devices, blur } }));
      await settled(element);
    }
    room.set(snapshot.devices({ devices: { ...devices, blur: 'background' } }));
    await settled(element);
    expect(list.value).to.equal('background');
  });

  it('[R15] hides the self-view on request', async () => {
    const element = await render(roomWith());
    element.renderRoot.querySelector<HTMLButtonElement>('.own-picture')!.click();
    await settled(element);
    expect(element.renderRoot.querySelector('video')).to.equal(null);
    expect(textOf(element)).to.include('Ihr Bild ist ausgeblendet');
  });

  it('[R5] continues with a pseudonym, and without', async () => {
    for (const name of ['Abendstern', '']) {
      const room = roomWith();
      const element = await render(room);
      nameInput(element).value = name;
      byPart(element, 'continue-button').click();
      expect(room.calls).to.deep.include(['rename', name]);
      expect(room.calls).to.deep.include(['useDevices', DEVICES.choice]);
    }
  });

  it('[R1] keeps the wish for devices that are still opening when the person continues', async () => {
    const choice: DevicesChoice = { camera: { kind: 'default' }, microphone: { kind: 'device', id: 'm2' } };
    const room = roomWith({ ...NOTHING, access: 'asking', choice });
    const element = await render(room);
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.include(['useDevices', choice]);
  });

  it('[R1] requests a missing name beside the field when the policy requires one', async () => {
    const room = new FakeRoom(snapshot.devices({ devices: DEVICES, policy: POLICIES['anlage-31b'], name: '' }));
    const element = await render(room);
    byPart(element, 'continue-button').click();
    await settled(element);
    expect(room.calls.map(([method]) => method)).to.not.include('useDevices');
    expect(textOf(element)).to.include('Es fehlt noch Ihr Name.');
    expect(nameInput(element).getAttribute('aria-invalid')).to.equal('true');
    const described = (nameInput(element).getAttribute('aria-describedby') ?? '').split(' ');
    expect(described.map((id) => element.renderRoot.querySelector(`#${id}`)?.textContent?.trim())[0]).to.equal(
      'Es fehlt noch Ihr Name.',
    );
    expect(element.renderRoot.querySelector('.missing')?.getAttribute('role')).to.equal('alert');
    expect(element.shadowRoot?.activeElement).to.equal(nameInput(element));
    nameInput(element).value = 'Mia Sommer';
    byPart(element, 'continue-button').click();
    expect(room.calls).to.deep.include(['rename', 'Mia Sommer']);
    expect(room.calls.map(([method]) => method)).to.include('useDevices');
  });

  it('continues on Enter in the name field', async () => {
    const room = roomWith();
    const element = await render(room);
    nameInput(element).focus();
    await sendKeys({ type: 'o' });
    await sendKeys({ press: 'Enter' });
    expect(room.calls.map(([method]) => method)).to.deep.equal(['rename', 'useDevices']);
  });

  it('does not accept the word for an unnamed guest as a name', async () => {
    const room = new FakeRoom(snapshot.devices({ name: 'Gast' }));
    expect(nameInput(await render(room)).value).to.equal('');
  });

  it('says which device is missing and what to do, and continues without it', async () => {
    const room = roomWith({ ...NOTHING, problems: ['camera-denied', 'microphone-denied'] });
    const element = await render(room);
    expect(textOf(element)).to.include('Der Browser darf die Kamera nicht benutzen.');
    const button = byPart<HTMLButtonElement>(element, 'continue-button');
    expect(button.textContent.trim()).to.equal('Ohne Kamera und Mikrofon weiter');
    expect(button.disabled).to.equal(false);
  });

  it('says below the video why there is none, in an existing status element', async () => {
    const room = roomWith();
    const element = await render(room);
    const status = element.renderRoot.querySelector('.picture + [role="status"]')!;
    expect(status.textContent).to.equal('');
    room.set(snapshot.devices({ devices: { ...DEVICES, camera: false, problems: ['camera-denied'] } }));
    await settled(element);
    expect(status.textContent).to.include('Der Browser darf die Kamera nicht benutzen.');
    expect(element.renderRoot.querySelector('.picture')!.textContent).to.include('Sie sprechen ohne Kamera.');
    room.set(snapshot.devices({ devices: { ...NOTHING, problems: ['camera-denied', 'microphone-denied'] } }));
    await settled(element);
    expect(element.renderRoot.querySelector('.picture')!.textContent.trim()).to.equal('Kein Bild.');
  });

  it('requests another camera, or none, from the room', async () => {
    const room = roomWith();
    const element = await render(room);
    const select = element.renderRoot.querySelector<HTMLSelectElement>('#camera')!;
    for (const value of ['device:c2', 'none']) {
      select.value = value;
      select.dispatchEvent(new Event('change'));
    }
    const { microphone } = DEVICES.choice;
    expect(room.calls).to.deep.equal([
      ['openDevices', { camera: { kind: 'device', id: 'c2' }, microphone }],
      ['openDevices', { camera: { kind: 'none' }, microphone }],
    ]);
  });

  it('[R15] shows clear video unless requested, and offers to blur it', async () => {
    const room = roomWith();
    const element = await render(room);
    const select = element.renderRoot.querySelector<HTMLSelectElement>('#blur')!;
    expect(select.value).to.equal('off');
    expect([...select.options].map(({ text }) => text)).to.deep.equal(['Klar', 'Ganzes Bild unscharf']);
    select.value = 'picture';
    select.dispatchEvent(new Event('change'));
    expect(room.calls).to.deep.equal([['setBlur', 'picture']]);
    room.set(snapshot.devices({ devices: { ...DEVICES, blur: 'picture' } }));
    await settled(element);
    expect(textOf(element)).to.include('Ihr Zimmer und Ihr Gesicht sind nicht zu erkennen');
  });

  it('[R15] offers to blur the background alone when the system can', async () => {
    const element = await render(roomWith({ blurs: ['off', 'background', 'picture'] }));
    expect(textOf(element)).to.include('Hintergrund unscharf');
  });

  for (const [forecast, relay, words] of [
    ['looking', true, 'Wir prüfen'],
    ['likely', true, 'gelingt eine direkte Verbindung wahrscheinlich'],
    ['unlikely', true, 'Ja und Nein sind gleich gute Antworten'],
    ['unlikely', false, 'In einem anderen Netz'],
  ] as const)
    it(`[R7] shows the forecast without alarm: ${words}`, async () => {
      const servers = CONFIGURATION.servers.filter(({ role }) => relay || role !== 'relay');
      const configuration = { ...CONFIGURATION, servers };
      const element = await render(new FakeRoom(snapshot.devices({ devices: DEVICES, forecast, configuration })));
      expect(textOf(element)).to.include(words);
      expect(element.renderRoot.querySelector('.forecast')?.getAttribute('role')).to.equal('status');
      if (!relay) expect(textOf(element)).to.not.include('fragen wir Sie');
    });

  for (const forecast of ['unasked', 'unknown'] as const)
    it(`says nothing about the path when the forecast is ${forecast}`, async () => {
      const element = await render(new FakeRoom(snapshot.devices({ devices: DEVICES, forecast })));
      expect(element.renderRoot.querySelector('.forecast')).to.equal(null);
    });

  it('shows the microphone level in a meter', async () => {
    const room = roomWith();
    const element = await render(room);
    const meter = element.renderRoot.querySelector('[role="meter"]')!;
    const bar = meter.querySelector('rect.level')!;
    room.level = 0.25;
    await waitUntil(() => bar.getAttribute('width') === '25');
    expect(meter.getAttribute('aria-valuenow')).to.equal('30');
    room.level = 0;
    await waitUntil(() => bar.getAttribute('width') === '0');
  });

  it('stops drawing when it is removed', async () => {
    const room = roomWith();
    const element = await render(room);
    const bar = element.renderRoot.querySelector('rect.level')!;
    element.remove();
    room.level = 1;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    expect(bar.getAttribute('width')).to.equal('0');
  });
});

import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { LitElement } from 'lit';
import { DeviceMenu } from '../../src/elements/device-menu/device-menu.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { isSession } from '../../src/room/room.ts';
import { ScriptedRoom } from '../../src/testing/testing.ts';
import { DEVICES, FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const speakers = [
  { id: 'default', label: 'Standard' },
  { id: 's1', label: 'Kopfhörer' },
];
const room = (changes: Partial<typeof DEVICES> = {}) =>
  new FakeRoom(snapshot.active({ participants: [participant()], devices: { ...DEVICES, ...changes } }));
const open: ElementCase = { name: 'with devices', room: () => room({ loudspeakers: speakers }) };
const failing: ElementCase = {
  name: 'with trouble',
  room: () => room({ camera: false, microphone: false, problems: ['camera-denied', 'microphone-lost'] }),
};
const unnamed: ElementCase = {
  name: 'without names',
  room: () => room({ cameras: [{ id: 'c1', label: '' }], microphones: [], loudspeakers: [] }),
};

const choose = async (element: LitElement, part: string, value: string): Promise<void> => {
  const list = byPart(element, part) as unknown as HTMLSelectElement;
  list.value = value;
  list.dispatchEvent(new Event('change'));
  await settled(element);
};
const showing = (fake: FakeRoom): Promise<LitElement> => show(DeviceMenu, { name: '', room: () => fake });
/** Browsers differ in what they have; here all of it is there. */
const canSwitch = 'setSinkId' in HTMLMediaElement.prototype;

describe('<device-menu>', () => {
  elementSuite(DeviceMenu, [open, failing, unnamed]);

  it('switches to another camera and turns it on', async () => {
    const fake = room();
    await choose(await showing(fake), 'camera-select', 'device:c2');
    expect(fake.calls).to.deep.equal([
      ['switchDevice', { camera: { kind: 'device', id: 'c2' } }],
      ['setCamera', true],
    ]);
  });

  it('goes on without a microphone when none is chosen', async () => {
    const fake = room();
    await choose(await showing(fake), 'microphone-select', 'none');
    expect(fake.calls).to.deep.equal([['switchDevice', { microphone: { kind: 'none' } }]]);
  });

  it('says what is wrong with each device and tries again', async () => {
    const fake = failing.room() as FakeRoom;
    const element = await showing(fake);
    expect(textOf(element)).to.include('Der Browser darf die Kamera nicht benutzen.');
    expect(textOf(element)).to.include('Ihr Mikrofon ist nicht mehr da.');
    byPart(element, 'retry-button').click();
    expect(fake.calls).to.deep.equal([['switchDevice', DEVICES.choice]]);
  });

  describe('as other devices come into use', () => {
    const microphones = (...names: readonly string[]) => names.map((name) => ({ id: name, label: `${name} Mikrofon` }));
    const using = (names: readonly string[], id: string | null) =>
      snapshot.active({
        participants: [participant()],
        devices: {
          ...DEVICES,
          microphones: microphones(...names),
          choice: { ...DEVICES.choice, microphone: id === null ? { kind: 'default' } : { kind: 'device', id } },
        },
      });
    const listOf = (element: LitElement) => byPart<HTMLSelectElement & HTMLElement>(element, 'microphone-select');
    /** By the keys: only what a person picks makes an option ignore its attribute. */
    const pick = async (element: LitElement, fake: FakeRoom, name: string): Promise<void> => {
      const list = listOf(element);
      list.focus();
      const changed = new Promise((resolve) => list.addEventListener('change', resolve, { once: true }));
      // Up to the end, and then by position: typing a letter waits for more of them.
      await sendKeys({ press: 'Home' });
      const steps = [...list.options].findIndex(({ value }) => value === `device:${name}`);
      for (let step = 0; step < steps; step += 1) await sendKeys({ press: 'ArrowDown' });
      await changed;
      expect(list.value).to.equal(`device:${name}`);
      fake.set(using(['A', 'B', 'C'], name));
      await settled(element);
    };

    it('shows the one in use when two were picked and a headset appears', async () => {
      const fake = new FakeRoom(using(['A', 'B', 'C'], null));
      const element = await showing(fake);
      await pick(element, fake, 'C');
      await pick(element, fake, 'B');
      fake.set(using(['H', 'A', 'B', 'C'], 'B'));
      await settled(element);
      expect(listOf(element).value).to.equal('device:B');
    });

    it('shows the one in use when a picked one falls back and is used again', async () => {
      const fake = new FakeRoom(using(['A', 'B', 'C'], null));
      const element = await showing(fake);
      await pick(element, fake, 'C');
      fake.set(using(['A', 'B', 'C'], null));
      await settled(element);
      expect(listOf(element).value).to.equal('default');
      fake.set(using(['A', 'B', 'C'], 'C'));
      await settled(element);
      expect(listOf(element).value).to.equal('device:C');
    });

    it('keeps the options that stay when one comes before them', async () => {
      const fake = new FakeRoom(using(['A', 'B'], 'B'));
      const element = await showing(fake);
      const before = [...listOf(element).options].find(({ value }) => value === 'device:B');
      fake.set(using(['H', 'A', 'B'], 'B'));
      await settled(element);
      expect(before?.value).to.equal('device:B');
      expect(before?.selected).to.equal(true);
    });
  });

  it('numbers devices that the browser does not name', async () => {
    expect(textOf(await show(DeviceMenu, unnamed))).to.match(/Gerät 1/u);
  });

  it('is empty outside of a session', async () => {
    expect(textOf(await showing(new FakeRoom(snapshot.devices()))).trim()).to.equal('');
  });

  if (canSwitch) {
    it('plays on another loudspeaker', async () => {
      const fake = room({ loudspeakers: speakers });
      await choose(await showing(fake), 'loudspeaker-select', 's1');
      expect(fake.calls).to.deep.equal([['switchDevice', { loudspeaker: 's1' }]]);
    });

    it('shows the loudspeaker in use, also in a menu that is opened again', async () => {
      const fake = room({ loudspeakers: speakers, loudspeaker: 's1' });
      const shown = (element: LitElement) =>
        byPart<HTMLSelectElement & HTMLElement>(element, 'loudspeaker-select').value;
      const element = await showing(fake);
      expect(shown(element)).to.equal('s1');
      element.remove();
      expect(shown(await showing(fake))).to.equal('s1');
    });

    it('shows that of the system when the chosen one is gone', async () => {
      const scripted = new ScriptedRoom();
      scripted.set(snapshot.active({ devices: { ...DEVICES, loudspeakers: speakers } }));
      const element = await show(DeviceMenu, { name: '', room: () => scripted });
      const list = byPart<HTMLSelectElement & HTMLElement>(element, 'loudspeaker-select');
      await choose(element, 'loudspeaker-select', 's1');
      const { state } = scripted;
      expect(isSession(state) && state.devices.loudspeaker).to.equal('s1');
      if (isSession(state)) scripted.set({ ...state, devices: { ...state.devices, loudspeaker: '' } });
      await settled(element);
      expect(list.value).to.equal('');
    });

    it('says so and keeps the old one when a loudspeaker cannot be used', async () => {
      const fake = room({ loudspeakers: speakers });
      fake.switchDevice = () => Promise.reject(new Error('gone'));
      const element = await showing(fake);
      await choose(element, 'loudspeaker-select', 's1');
      expect(textOf(element)).to.include('Das hat gerade nicht geklappt.');
      expect((byPart(element, 'loudspeaker-select') as unknown as HTMLSelectElement).value).to.equal('');
    });

    it('lets the browser ask where it lists no loudspeaker by itself', async () => {
      const devices = navigator.mediaDevices as MediaDevices & { selectAudioOutput?: unknown };
      const before = devices.selectAudioOutput;
      const answers = [
        () => Promise.reject(new DOMException('', 'NotAllowedError')),
        () => Promise.resolve({ deviceId: 's7' }),
      ];
      Object.assign(devices, { selectAudioOutput: () => answers.shift()?.() });
      try {
        const fake = room();
        const element = await showing(fake);
        byPart(element, 'loudspeaker-button').click();
        await settled(element);
        expect(fake.calls).to.deep.equal([]);
        byPart(element, 'loudspeaker-button').click();
        await settled(element);
        expect(fake.calls).to.deep.equal([['switchDevice', { loudspeaker: 's7' }]]);
      } finally {
        if (before === undefined) Reflect.deleteProperty(devices, 'selectAudioOutput');
        else Object.assign(devices, { selectAudioOutput: before });
      }
    });
  }
});

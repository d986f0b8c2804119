import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { CallControls } from '../../src/elements/call-controls/call-controls.ts';
import type { SessionFields } from '../../src/room/state/state.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { DEVICES, FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const company = { participants: [participant()] };
const active = (changes: Partial<SessionFields> = {}): FakeRoom =>
  new FakeRoom(snapshot.active({ ...company, ...changes }));
const cases: readonly ElementCase[] = [
  { name: 'guest', room: () => active() },
  {
    name: 'everything off',
    room: () => active({ media: { microphone: false, camera: false, screen: false, paused: 'no' } }),
  },
  {
    name: 'showing the screen',
    room: () => active({ media: { microphone: true, camera: true, screen: true, paused: 'no' } }),
  },
  { name: 'without devices', room: () => active({ devices: { ...DEVICES, camera: false, microphone: false } }) },
  { name: 'waiting', room: () => new FakeRoom(snapshot.waiting()) },
  { name: 'in a pause', room: () => new FakeRoom(snapshot.paused('privacy', company)) },
  {
    name: 'host of a group, asked whether to end',
    room: () => active({ role: 'host', participants: [participant(), participant({ id: 'p2', name: 'Tom' })] }),
    prepare: (element) => byPart(element, 'leave-button').click(),
  },
];
const render = (room: FakeRoom) => show(CallControls, { name: '', room: () => room });

describe('<call-controls>', () => {
  elementSuite(CallControls, cases);

  it('[R15] toggles the blur by one button', async () => {
    for (const [blur, blurs, asked] of [
      ['off', ['off', 'picture'], 'picture'],
      ['off', ['off', 'background', 'picture'], 'background'],
      ['picture', ['off', 'picture'], 'off'],
    ] as const) {
      const room = new FakeRoom(
        snapshot.active({ participants: [participant()], devices: { ...DEVICES, blur, blurs: [...blurs] } }),
      );
      const element = await show(CallControls, { name: '', room: () => room });
      const button = byPart(element, 'blur-button');
      expect(button.getAttribute('aria-pressed')).to.equal(String(blur !== 'off'));
      button.click();
      expect(room.calls).to.deep.equal([['setBlur', asked]]);
    }
  });

  it('turns the arrow that leads out where one reads from right to left, and no other sign', async () => {
    for (const [dir, arrow] of [
      ['ltr', 'none'],
      ['rtl', '-1 1'],
    ] as const) {
      const element = await show(CallControls, { name: '', room: () => active() }, { dir });
      const scaleOf = (part: string): string => getComputedStyle(byPart(element, part).querySelector('svg')!).scale;
      expect([scaleOf('leave-button'), scaleOf('microphone-button')], dir).to.deep.equal([arrow, 'none']);
    }
  });

  it('keeps every button in its place while the camera is off', async () => {
    const room = active({ media: { microphone: true, camera: false, screen: false, paused: 'no' } });
    expect(byPart<HTMLButtonElement>(await render(room), 'blur-button').disabled).to.equal(true);
  });

  it('stands in one row of equal height, wide enough for its words, on every phone', async () => {
    for (const width of [296, 366, 592]) {
      const element = await show(CallControls, { name: '', room: () => active() }, { width });
      const buttons = [...element.renderRoot.querySelectorAll<HTMLElement>('.bar button')];
      const boxes = buttons.map((button) => button.getBoundingClientRect());
      expect(new Set(boxes.map(({ height }) => Math.round(height))).size, String(width)).to.equal(1);
      expect(new Set(boxes.map(({ top }) => Math.round(top))).size, String(width)).to.equal(1);
      for (const button of buttons) expect(button.scrollWidth, button.innerText).to.be.at.most(button.clientWidth);
    }
  });

  it('opens the rest by one button, and closes it by Escape or a choice', async () => {
    const room = active();
    const element = await render(room);
    const more = byPart(element, 'more-button');
    const sheet = element.renderRoot.querySelector<HTMLElement>('.sheet')!;
    expect(sheet.offsetHeight).to.equal(0);
    more.click();
    await settled(element);
    expect([more.ariaExpanded, sheet.offsetHeight > 0]).to.deep.equal(['true', true]);
    await sendKeys({ press: 'Escape' });
    await settled(element);
    expect([more.ariaExpanded, sheet.offsetHeight]).to.deep.equal(['false', 0]);
    more.click();
    await settled(element);
    byPart(element, 'pause-button').click();
    await settled(element);
    expect(sheet.offsetHeight).to.equal(0);
    expect(element.shadowRoot?.activeElement).to.equal(more);
    expect(room.calls).to.deep.equal([['pause', 'privacy']]);
  });

  it('leaves the focus to what a choice opens', async () => {
    const element = await render(active());
    const [opener, opened] = [document.createElement('button'), document.createElement('input')];
    opener.slot = 'more';
    element.append(opener);
    element.after(opened);
    opener.addEventListener('click', () => opened.focus());
    byPart(element, 'more-button').click();
    await settled(element);
    opener.click();
    await settled(element);
    expect(document.activeElement).to.equal(opened);
    expect(element.renderRoot.querySelector<HTMLElement>('.sheet')!.offsetHeight).to.equal(0);
  });

  it('[R9] shows only the leave button when no participant can be reached', async () => {
    const without = participant({ connection: 'failed', relay: { step: 'declined' } });
    const room = new FakeRoom(snapshot.connecting({ participants: [without] }));
    const element = await show(CallControls, { name: '', room: () => room });
    expect(element.renderRoot.querySelectorAll('.bar button').length).to.equal(1);
    expect(byPart(element, 'leave-button').offsetWidth).to.be.above(0);
  });

  it('requests the opposite of the current state', async () => {
    const room = active();
    const element = await render(room);
    byPart(element, 'microphone-button').click();
    byPart(element, 'camera-button').click();
    byPart(element, 'share-button').click();
    expect(room.calls).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', false],
      ['setScreen', true],
    ]);
  });

  it('shows the room’s state, not the last press', async () => {
    const room = active();
    const element = await render(room);
    const button = byPart(element, 'microphone-button');
    button.click();
    await settled(element);
    expect(button.ariaPressed).to.equal('true');
    room.set(snapshot.active({ ...company, media: { microphone: false, camera: true, screen: false, paused: 'no' } }));
    await settled(element);
    expect(button.ariaPressed).to.equal('false');
  });

  it('works by keyboard alone, in visual order', async () => {
    const room = active();
    const element = await render(room);
    byPart(element, 'microphone-button').focus();
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: ' ' });
    expect(room.calls).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', false],
    ]);
  });

  it('[R14] [R15] pauses for privacy and for another person in the room', async () => {
    const room = active();
    const element = await render(room);
    byPart(element, 'pause-button').click();
    byPart(element, 'someone-came-in-button').click();
    expect(room.calls).to.deep.equal([
      ['pause', 'privacy'],
      ['pause', 'someone-came-in'],
    ]);
  });

  it('[R14] pauses for another person by one key, wherever the focus is', async () => {
    const room = active();
    const element = await render(room);
    const field = document.body.appendChild(document.createElement('textarea'));
    field.addEventListener('keydown', (event) => event.stopImmediatePropagation());
    field.focus();
    await sendKeys({ press: 'F8' });
    expect(room.calls).to.deep.equal([['pause', 'someone-came-in']]);
    const button = byPart(element, 'someone-came-in-button');
    expect(button.getAttribute('aria-keyshortcuts')).to.equal('F8');
    expect(button.title).to.include('F8');
    field.remove();
  });

  it('[R14] uses the site’s own key, or none', async () => {
    const room = active();
    const element = (await render(room)) as CallControls;
    element.someoneCameInKey = 'Alt+Shift+J';
    await settled(element);
    const press = (key: string, held: KeyboardEventInit = {}): boolean =>
      window.dispatchEvent(new KeyboardEvent('keydown', { key, ...held, cancelable: true }));
    press('F8');
    press('j');
    press('J', { shiftKey: true });
    press('J', { shiftKey: true, altKey: true, ctrlKey: true });
    expect(room.calls).to.deep.equal([]);
    press('J', { shiftKey: true, altKey: true });
    expect(room.calls).to.deep.equal([['pause', 'someone-came-in']]);
    element.someoneCameInKey = '';
    await settled(element);
    press('');
    press('F8');
    expect(room.calls.length).to.equal(1);
    expect(byPart(element, 'someone-came-in-button').hasAttribute('aria-keyshortcuts')).to.equal(false);
  });

  it('lets a guest leave without a question', async () => {
    const room = active();
    byPart(await render(room), 'leave-button').click();
    expect(room.calls).to.deep.equal([['leave']]);
  });

  it('asks the host of a group once before it ends for all', async () => {
    const room = active({ role: 'host', participants: [participant(), participant({ id: 'p2', name: 'Tom' })] });
    const element = await render(room);
    byPart(element, 'leave-button').click();
    const dialog = byPart<HTMLDialogElement>(element, 'end-dialog');
    expect(dialog.matches(':modal')).to.equal(true);
    expect(room.calls).to.deep.equal([]);
    expect(textOf(element)).to.include('Gespräch für alle beenden?');
    dialog.querySelector<HTMLButtonElement>('[value="yes"]')!.click();
    expect(room.calls).to.deep.equal([['leave']]);
    expect(dialog.open).to.equal(false);
  });

  it('lets the host of a pair end it without a question', async () => {
    const room = active({ role: 'host' });
    byPart(await render(room), 'leave-button').click();
    expect(room.calls).to.deep.equal([['leave']]);
  });

  it('stays in the session when the host cancels by button or Escape', async () => {
    const room = active({ role: 'host', participants: [participant(), participant({ id: 'p2', name: 'Tom' })] });
    const element = await render(room);
    const dialog = byPart<HTMLDialogElement>(element, 'end-dialog');
    byPart(element, 'leave-button').click();
    await sendKeys({ press: 'Escape' });
    expect(dialog.open).to.equal(false);
    byPart(element, 'leave-button').click();
    dialog.querySelector<HTMLButtonElement>('[value="no"]')!.click();
    expect(dialog.open).to.equal(false);
    expect(room.calls).to.deep.equal([]);
  });

  it('offers a group a raised hand, a break for guests, and who speaks large', async () => {
    const participants = [participant(), participant({ id: 'p2', name: 'Tom', host: false })];
    const room = active({ participants });
    const element = await render(room);
    for (const part of ['hand-button', 'break-button', 'layout-button']) byPart(element, part).click();
    room.set(snapshot.active({ participants, hand: true, break: true, layout: { kind: 'speaker' } }));
    await settled(element);
    for (const part of ['hand-button', 'break-button', 'layout-button']) {
      expect(byPart(element, part).ariaPressed).to.equal('true');
      byPart(element, part).click();
    }
    expect(room.calls).to.deep.equal([
      ['raiseHand', true],
      ['askForBreak', true],
      ['setLayout', 'speaker'],
      ['raiseHand', false],
      ['askForBreak', false],
      ['setLayout', 'grid'],
    ]);
    room.set(snapshot.active({ role: 'host', participants }));
    await settled(element);
    expect(element.renderRoot.querySelector('[part="break-button"]')).to.equal(null);
    room.set(snapshot.active({ participants: [participant()] }));
    await settled(element);
    expect(element.renderRoot.querySelector('[part="hand-button"]')).to.equal(null);
  });

  it('has targets of at least 44 pixels', async () => {
    const element = await show(CallControls, cases[0]!, { width: 320 });
    for (const button of element.renderRoot.querySelectorAll('.bar button')) {
      const { width, height } = button.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(44);
    }
  });
});

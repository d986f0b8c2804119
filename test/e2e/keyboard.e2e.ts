/**
 * A call from the link to goodbye without a pointer (WCAG 2.1.1, 2.1.2, 2.4.7): each control is reached with the tab key, shows
 * its focus within the window, and lets the focus go again.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

/** More stops than any screen has. */
const STOPS = 40;

interface Stop {
  readonly name: string;
  readonly parts: readonly string[];
  /** What hides the focus; empty where it can be seen. */
  readonly fault: string;
}

/** In the page: the element that has the focus, through all shadow roots. */
function stop(): Stop {
  let focused = document.activeElement ?? document.body;
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const { top, bottom, left, right } = focused.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const faults = [
    focused.matches(':focus-visible') ? '' : 'not drawn as focused',
    outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2 ? `outline ${outlineStyle} ${outlineWidth}` : '',
    bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth ? 'outside the window' : '',
  ];
  const parts = [...focused.part];
  return {
    name: focused === document.body ? '' : `${focused.localName}[${parts.join(' ')}] ${focused.textContent.trim()}`,
    parts,
    fault: faults.filter((fault) => fault !== '').join(', '),
  };
}

/** Where the tab key goes; with the shift key back. */
type Direction = 'on' | 'back';

/** Presses the tab key until a part has the focus, unless it has it; every stop on the way can be seen. */
async function tabTo({ page }: Person, part: string, direction: Direction = 'on'): Promise<void> {
  const stops: string[] = [];
  if ((await page.evaluate(stop)).parts.includes(part)) return;
  for (let count = 0; count < STOPS; count++) {
    if (direction === 'back') await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    const { name, parts, fault } = await page.evaluate(stop);
    stops.push(name);
    // After the last control the focus is with the browser for one press.
    if (name !== '') assert.equal(fault, '', `${name}, on the way to ${part}: ${fault}`);
    if (parts.includes(part)) return;
  }
  assert.fail(`${part} not reached: ${stops.join(' → ')}`);
}

interface Press {
  readonly key?: 'Enter' | ' ';
  readonly direction?: Direction;
}

async function press(person: Person, part: string, { key = 'Enter', direction }: Press = {}): Promise<void> {
  await person.find(part);
  await tabTo(person, part, direction);
  await person.page.keyboard.press(key);
}

/** Waits until the focus is where people look for it after a change of the screen: on a heading or a control in the room. */
async function keepsFocus(person: Person): Promise<void> {
  await person.see(() => document.activeElement === document.querySelector('consult-room'));
}

/** Waits until a part has the focus. */
async function focuses({ page }: Person, part: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused?.part.contains(wanted);
    },
    { timeout: PATIENCE, polling: POLLING },
    part,
  );
}

/** From the notice to the waiting room. */
async function arrive(guest: Person): Promise<void> {
  await press(guest, 'accept-button');
  await guest.seePhase('devices');
  await keepsFocus(guest);
  await guest.find('name-input');
  await tabTo(guest, 'name-input');
  await guest.page.keyboard.type('Mia');
  await press(guest, 'continue-button');
  await guest.seePhase('occupants');
  await keepsFocus(guest);
  await press(guest, 'company-button', { key: ' ' });
  await guest.find('occupants-input');
  await tabTo(guest, 'occupants-input');
  await guest.page.keyboard.type('meine Schwester');
  await press(guest, 'continue-button');
  await guest.seePhase('waiting');
  await keepsFocus(guest);
}

/** What one does in a call: microphone, writing, a look at the security, "someone is here". */
async function talk(guest: Person): Promise<void> {
  await press(guest, 'microphone-button', { key: ' ' });
  await guest.see(
    () =>
      !(document.querySelector('consult-room') as unknown as { room: { state: { media: { microphone: boolean } } } })
        .room.state.media.microphone,
  );
  await press(guest, 'chat-button');
  await focuses(guest, 'chat-input');
  await guest.page.keyboard.type('Hallo');
  await press(guest, 'send-button');
  await guest.page.keyboard.press('Escape');
  await focuses(guest, 'chat-button');
  await press(guest, 'more-button');
  await press(guest, 'security-button');
  await press(guest, 'compared-button');
  await guest.page.keyboard.press('Escape');
  await focuses(guest, 'more-button');
  await press(guest, 'someone-came-in-button', { direction: 'back' });
  await guest.seePhase('paused');
  await keepsFocus(guest);
  await press(guest, 'uncover-button');
  await keepsFocus(guest);
  await press(guest, 'continue-button');
}

describe('the keyboard alone', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const name of browserNames)
    it(`leads from the link to goodbye in ${name}`, async () => {
      const links = await makeRoom(server.address);
      const host = await openWindow(browsers.chromium, links.host);
      await host.arrive({ name: 'Frau Berger' });
      const guest = await openWindow(browsers[name], links.guest, { width: 390, height: 844 });
      await guest.seePhase('notice');
      await arrive(guest);
      await host.click('admit-button');
      await guest.seePhase('connecting');
      await keepsFocus(guest);
      await press(guest, 'acknowledge-button');
      await host.click('acknowledge-button');
      await guest.seePhase('active');
      await keepsFocus(guest);
      await talk(guest);
      await host.click('acknowledge-button');
      await guest.seePhase('active');
      await press(guest, 'leave-button');
      await guest.seePhase('ended');
      await keepsFocus(guest);
      await guest.leave();
      await host.leave();
    });
});

/**
 * This library's way in, with its real server and its demo, as people walk it: both went through notice, devices and
 * declaration and the guest has knocked. The clock starts with the host's click and runs through admission (MLS commit
 * and welcome), keys, both acknowledgements, clicked by a script as soon as their button is there, connection and first
 * picture.
 */
import type { Browser } from 'puppeteer-core';
import { makeRoom, openWindow, type Person, type Server } from '../../e2e/stage.ts';
import { watchFirstFrame } from './first-frame.ts';

/** In the page: clicks a part as soon as it is there, and tells when it did. */
function clickPart(part: string): Promise<number> {
  const search = (root: ParentNode): HTMLElement | null => {
    for (const element of root.querySelectorAll<HTMLElement>(`[part~="${part}"]`))
      if (element.getClientRects().length > 0) return element;
    for (const element of root.querySelectorAll('*')) {
      const inner = element.shadowRoot && search(element.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const button = search(document);
      if (!button) return;
      clearInterval(timer);
      button.click();
      resolve(performance.timeOrigin + performance.now());
    }, 4);
  });
}

export interface OwnRound {
  readonly persons: readonly [Person, Person];
  readonly start: number;
  /** Until each acknowledgement was clicked, in milliseconds: how much of the time went before any connection. */
  readonly acknowledged: readonly number[];
}

export async function joinOwn(browser: Browser, server: Server): Promise<OwnRound> {
  const links = await makeRoom(server.address);
  const host = await openWindow(browser, links.host, { before: watchFirstFrame });
  const guest = await openWindow(browser, links.guest, { before: watchFirstFrame });
  await host.arrive({ name: 'Frau Berger' });
  await guest.arrive({ name: 'Mia' });
  await host.find('admit-button');
  const acknowledgements = [host, guest].map(({ page }) => page.evaluate(clickPart, 'acknowledge-button'));
  const start = await host.page.evaluate(clickPart, 'admit-button');
  const acknowledged = (await Promise.all(acknowledgements)).map((time) => time - start);
  return { persons: [host, guest], start, acknowledged };
}

/** The visible text of a page, through all shadow roots. */
import { until } from '../support/until.ts';
import { PATIENCE, type Person } from './stage.ts';

/** In the page. */
function shown(): string {
  const words: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof Text) words.push(node.data);
    if (!(node instanceof Element)) return;
    const { display, visibility } = getComputedStyle(node);
    if (['STYLE', 'SCRIPT', 'TEMPLATE'].includes(node.tagName) || display === 'none' || visibility === 'hidden') return;
    if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return words.join(' ').replaceAll(/\s+/gu, ' ');
}

export const wordsOf = (person: Person): Promise<string> => person.page.evaluate(shown);

/** What stands in the address bar, as the page knows it: the driver's own `url()` may still be that of a moment before. */
export const addressOf = (person: Person): Promise<string> => person.page.evaluate(() => location.href);

/** Waits until the page shows this text. */
export async function reads(person: Person, text: string): Promise<void> {
  await until(
    () => wordsOf(person),
    (words) => words.includes(text),
    `the text "${text}"`,
  );
}

/** Presses the button with this label, preferring an open dialog. */
export async function press(person: Person, words: string): Promise<void> {
  const handle = await person.page.waitForFunction(
    (wanted) => {
      const all = (root: ParentNode): Element[] =>
        [...root.querySelectorAll('*')].flatMap((element) => [
          element,
          ...(element.shadowRoot ? all(element.shadowRoot) : []),
        ]);
      const buttons = all(document).filter(
        (element) =>
          element.matches('button') && element.getClientRects().length > 0 && element.textContent?.trim() === wanted,
      );
      return buttons.find((button) => button.closest('dialog[open]')) ?? buttons[0] ?? null;
    },
    { timeout: PATIENCE, polling: 100 },
    words,
  );
  await handle.asElement()?.evaluate((element) => (element as HTMLElement).click());
}

/** A field of the room's state. */
export const state = <T>(person: Person, name: string): Promise<T> =>
  person.page.evaluate(
    (read) =>
      (document.querySelector('consult-room') as unknown as { room: { state: Record<string, unknown> } }).room.state[
        read
      ] as never,
    name,
  );

export interface Counted {
  readonly encrypted: number;
  readonly decrypted: number;
  readonly dropped: number;
}

/** Frame counts of all links of a page, from its own connection report. */
export const counted = (person: Person): Promise<Counted> =>
  person.page.evaluate(async () => {
    const { room } = document.querySelector('consult-room') as unknown as {
      room: { reports(): Promise<readonly { frames: Counted }[]> };
    };
    const total = { encrypted: 0, decrypted: 0, dropped: 0 };
    for (const { frames } of await room.reports()) {
      total.encrypted += frames.encrypted;
      total.decrypted += frames.decrypted;
      total.dropped += frames.dropped;
    }
    return total;
  });

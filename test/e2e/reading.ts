/** What people read: the words on a page, through all shadow roots, as far as they are shown. */
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

/** Waits until a person can read this. */
export async function reads(person: Person, text: string): Promise<void> {
  await until(
    () => wordsOf(person),
    (words) => words.includes(text),
    `somebody to read «${text}»`,
  );
}

/** Presses the button with these words; of an open dialog where there is one. */
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

/** A value of the room's state. */
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

/** Frames of all links of a page, as its own connection report counts them. */
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

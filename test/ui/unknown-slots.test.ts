import { expect, fixture, html } from '@open-wc/testing';
import '../../src/index.ts';
import { FakeRoom, replaceRooms, snapshot } from '../../src/testing/testing.ts';
import type { ConsultElement } from '../../src/ui/consult-element.ts';

interface Described {
  readonly tagName: string;
  readonly slots?: readonly { readonly name: string }[];
}

/** Elements of the manifest that have named slots, with these. */
async function slotted(): Promise<readonly (readonly [tag: string, slots: readonly string[]])[]> {
  const { modules } = (await (await fetch('/custom-elements.json')).json()) as {
    readonly modules: readonly { readonly declarations: readonly Described[] }[];
  };
  return modules
    .flatMap(({ declarations }) => declarations)
    .map(({ tagName, slots = [] }) => [tagName, slots.map(({ name }) => name).filter(Boolean)] as const)
    .filter(([, names]) => names.length > 0);
}

describe('a misspelt slot', () => {
  const { warn } = console;
  const said: string[] = [];
  let restore = (): void => undefined;
  before(() => {
    restore = replaceRooms(() => new FakeRoom(snapshot.waiting()));
    console.warn = (...words: readonly unknown[]) => void said.push(words.join(' '));
  });
  after(() => {
    console.warn = warn;
    restore();
  });

  it('is told once in the console, with the names that there are, by every element that has slots', async () => {
    const elements = await slotted();
    expect(elements.map(([tag]) => tag)).to.deep.equal(['appointment-sheet', 'call-controls', 'consult-room']);
    for (const [tag, slots] of elements) {
      const ours = (): readonly string[] => said.filter((line) => line.startsWith(`<${tag}> has no slot`));
      const element = document.createElement(tag) as ConsultElement;
      for (const name of ['heder', ...slots]) {
        const child = document.createElement('p');
        child.slot = name;
        element.append(child);
      }
      const parent = await fixture(html`<div></div>`);
      parent.append(element);
      for (let turn = 0; turn < 3; turn++) {
        await element.updateComplete;
        element.requestUpdate();
      }
      await element.updateComplete;
      element.remove();
      expect(ours(), tag).to.have.length(1);
      const [, name = '', known = ''] = /slot "([^"]+)", only (.+) $/u.exec(ours()[0] ?? '') ?? [];
      expect([name, known.split(' ').toSorted()]).to.deep.equal(['heder', slots.toSorted()]);
    }
  });
});

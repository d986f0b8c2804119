import { expect } from '@open-wc/testing';
import { define, type ElementClass } from '../../src/define.ts';

function make(tag: string, uses: readonly ElementClass[] = [], version = '1.0.0'): ElementClass {
  return class extends HTMLElement {
    static readonly tag = tag;
    static readonly uses = uses;
    static readonly version = version;
  };
}
function warnings(act: () => void): readonly string[] {
  const said: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => said.push(text);
  act();
  console.warn = warn;
  return said;
}

describe('define()', () => {
  it('defines a class and what it uses', () => {
    const inner = make('test-inner');
    define(make('test-outer', [inner]));
    expect(customElements.get('test-inner')).to.equal(inner);
  });

  it('does nothing when the same class is defined again', () => {
    const cls = make('test-twice');
    define(cls);
    expect(warnings(() => define(cls))).to.deep.equal([]);
  });

  it('keeps the first of two copies and names both versions', () => {
    const first = make('test-copy');
    define(first);
    const [said, ...more] = warnings(() => define(make('test-copy', [], '2.0.0')));
    expect(said).to.include('1.0.0').and.include('2.0.0');
    expect(more).to.deep.equal([]);
    expect(customElements.get('test-copy')).to.equal(first);
  });
});

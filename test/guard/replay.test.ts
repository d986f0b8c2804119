import { expect } from '@open-wc/testing';
import { findReplayRecorders } from '../../src/guard/replay.ts';

describe('[R16] session replay recorders', () => {
  it('are found by their globals, and nothing else is mistaken for one', () => {
    expect(findReplayRecorders({})).to.deep.equal([]);
    // Emscripten's file system has the name of a recorder; FullStory's is a function.
    expect(findReplayRecorders({ FS: {} })).to.deep.equal([]);
    expect(findReplayRecorders({ FS: () => undefined, _paq: [] })).to.deep.equal([
      { tool: 'Matomo', trace: 'window._paq' },
      { tool: 'FullStory', trace: 'window.FS()' },
    ]);
    expect(findReplayRecorders({ rrweb: {}, DD_RUM: {}, unrelated: {} }).map(({ tool }) => tool)).to.deep.equal([
      'rrweb',
      'Datadog RUM',
    ]);
    // An element whose id happens to be such a name is not a tool.
    expect(findReplayRecorders({ clarity: document.createElement('p') })).to.deep.equal([]);
    expect(findReplayRecorders()).to.deep.equal([]);
  });

  it('are found without a global name when they watch the value of text fields', () => {
    const before = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!;
    Object.defineProperty(HTMLTextAreaElement.prototype, 'value', {
      ...before,
      set(this: HTMLTextAreaElement, text: string) {
        before.set?.call(this, text);
      },
    });
    try {
      expect(findReplayRecorders()).to.deep.equal([
        { tool: 'unknown', trace: 'HTMLTextAreaElement.prototype.value is replaced' },
      ]);
    } finally {
      Object.defineProperty(HTMLTextAreaElement.prototype, 'value', before);
    }
    // A framework's own field is nobody else's.
    const field = document.createElement('textarea');
    Object.defineProperty(field, 'value', { ...before, set: () => {} });
    expect(findReplayRecorders()).to.deep.equal([]);
  });
});

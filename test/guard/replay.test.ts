import { expect } from '@open-wc/testing';
import { findReplayRecorders } from '../../src/guard/replay.ts';

describe('[R16] replay recorders', () => {
  it('are found by what they leave in the page, and nothing else is taken for one', () => {
    expect(findReplayRecorders({})).to.deep.equal([]);
    expect(findReplayRecorders({ rrweb: {}, DD_RUM: {}, unrelated: {} }).map(({ tool }) => tool)).to.deep.equal([
      'rrweb',
      'Datadog RUM',
    ]);
    // An element whose id happens to be such a name is not a tool.
    expect(findReplayRecorders({ clarity: document.createElement('p') })).to.deep.equal([]);
    expect(findReplayRecorders()).to.deep.equal([]);
  });
});

/** Invalid input and faults of ours are reported differently. */
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { ConsultError } from '../../../src/errors.ts';
import { codeOfHandlerError } from '../../../src/room/messages/handler-errors.ts';

describe('an error that a handler threw', () => {
  afterEach(() => mock.restoreAll());

  it('keeps its code when it is one of the protocol, and says nothing in the console', () => {
    const error = mock.method(console, 'error', () => undefined);
    assert.equal(codeOfHandlerError(new ConsultError('host-not-proven')), 'host-not-proven');
    assert.equal(error.mock.callCount(), 0);
  });

  it('is action-failed when it is a fault of ours, with the error itself in the console', () => {
    const error = mock.method(console, 'error', () => undefined);
    const fault = new TypeError('undefined is not a function');
    assert.equal(codeOfHandlerError(fault), 'action-failed');
    assert.deepEqual(error.mock.calls[0]?.arguments, [fault]);
  });
});

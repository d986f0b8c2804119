/** Browsers that cannot hold a session are refused with a reason. */
import { expect } from '@open-wc/testing';
import { ConsultError } from '../../../src/errors.ts';
import { checkBrowser } from '../../../src/room/setup/browser-check.ts';

describe('the check of the browser', () => {
  const without = (name: string, value: unknown): (() => void) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    return () => void (before && Object.defineProperty(globalThis, name, before));
  };

  it('accepts this browser', () => {
    expect(() => checkBrowser()).to.not.throw();
  });

  for (const [missing, value, code] of [
    ['isSecureContext', false, 'insecure-context'],
    ['RTCPeerConnection', undefined, 'browser-unsupported'],
    ['RTCRtpScriptTransform', undefined, 'browser-unsupported'],
  ] as const)
    it(`refuses a page without ${missing} with ${code}`, () => {
      const restore = without(missing, value);
      try {
        expect(() => checkBrowser())
          .to.throw(ConsultError)
          .with.property('code', code);
      } finally {
        restore();
      }
    });
});

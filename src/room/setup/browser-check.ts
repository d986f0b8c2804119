/** Whether this browser can hold an encrypted session at all. */
import { supportsFrameEncryption } from '../../e2ee/frames/frame-support.ts';
import { ConsultError } from '../../errors.ts';

/** @throws {ConsultError} `insecure-context`, `browser-unsupported` */
export function checkBrowser(): void {
  if (!isSecureContext) throw new ConsultError('insecure-context');
  if (typeof RTCPeerConnection === 'undefined' || !supportsFrameEncryption())
    throw new ConsultError('browser-unsupported');
}

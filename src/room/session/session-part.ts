/**
 * What only a running session needs, in one part that is loaded while people read the notice: the group, frame encryption, signalling
 * and WebRTC. It is by far the largest.
 */
export { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';
export { loadCodes } from '../code/load-codes.ts';
export { authorityOf } from './authority.ts';
export { createChannel } from './create-channel.ts';
export { Session } from './session.ts';

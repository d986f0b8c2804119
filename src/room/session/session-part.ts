/**
 * What only a running session needs, in one part that is loaded while people read the notice: the group, frame encryption, signalling
 * and WebRTC. It is by far the largest.
 */
export { preparePoints } from '../../e2ee/mls/ecdh.ts';
export { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';
export { loadCodes, loadHostCode } from '../code/load-codes.ts';
export { prepareLobby } from '../admission/admission.ts';
export { authorityOf } from './authority.ts';
export { channelMaker, createChannel } from './create-channel.ts';
export { Session } from './session.ts';

/**
 * The package entry `consult-room/testing`: rooms without a server, a camera or the network, for the tests of a site, for
 * designers who want to see every state, and for our own stories. Nothing of it belongs on a page that people use.
 */
export { drawnCamera, stopDrawnCameras, type CameraShape } from './drawn-camera.ts';
export { FakeRoom, type ArgumentsOf, type AskingMethod, type RoomCall } from './fake-room.ts';
export type { Others } from './others.ts';
export type { Newcomer } from './others-inputs.ts';
export { provideRoom, replaceRooms } from './place-room.ts';
export { ScriptedRoom, type Script, type ScriptedRoomOptions } from './scripted-room.ts';
export {
  CONFIGURATION,
  DEVICES,
  ENCRYPTION,
  knock,
  participant,
  policyOf,
  receipt,
  snapshot,
  type StateChanges,
  type StateOf,
} from './snapshots.ts';

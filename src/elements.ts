/** The one list of elements. Importing it defines nothing. */
export { WaitingRoom } from './elements/waiting-room/waiting-room.ts';

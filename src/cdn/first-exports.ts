/** In the entry, what `room/room.ts` is elsewhere: the room itself is late (vite.config.ts). */
export * from '../room/room-exports.ts';
export { LateRoom as Room } from '../room/late-room.ts';

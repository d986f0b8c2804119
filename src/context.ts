/** The context that gives elements their room. Its key is a `Symbol.for`, so that two copies of the library on one page share it. */
import { createContext } from '@lit/context';
import type { RoomInterface } from './room/room.ts';

export const roomContext = createContext<RoomInterface | undefined>(Symbol.for('consult-room/room'));

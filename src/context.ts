/** The context by which elements get their room. `Symbol.for`, so that two copies of the library on one page meet. */
import { createContext } from '@lit/context';
import type { RoomInterface } from './room/room.ts';

export const roomContext = createContext<RoomInterface | undefined>(Symbol.for('consult-room/room'));

/** What every call needs after the first view, as one part. Texts and icons: only those that are not there first. */
export { callElements as elements } from './call-elements.ts';
export { styles } from '../elements/consult-room/consult-room.styles.ts';
export { RoomView } from '../elements/consult-room/screens/room-screen.ts';
export { de as texts } from '../locales/de.ts';
export { Room } from '../room/room.ts';
export { icons } from '../ui/icons.ts';
export { openFile } from './open-file.ts';
export { loadRare } from './load-rare.ts';
export { loadTrouble } from './load-trouble.ts';
export { RareElementsOfRoom } from './rare-elements-of-room.ts';
export { watchPage } from './watch-page.ts';

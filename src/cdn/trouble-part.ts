/** What is said where something goes wrong in a session; until it is there, `action-failed` stands for it. */
export { de as texts } from '../locales/de.ts';

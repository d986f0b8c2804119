/** The rare elements and their texts as one part. */
export { rareElements as elements } from './rare-elements.ts';
export { de as texts } from '../locales/de.ts';

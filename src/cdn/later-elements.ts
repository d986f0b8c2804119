/** What comes after the first view as one part: every element, and in the CDN folder the German texts of those that are not there first. */
export * as elements from '../elements.ts';
export { de as texts } from '../locales/de.ts';

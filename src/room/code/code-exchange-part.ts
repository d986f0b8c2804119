/** What spoken codes need outside of a host's room, in one part: the entry of a guest, and the code of a link. */
export { codeOfLink } from '../../e2ee/code/code-of-link.ts';
export { runEntry } from './enter-code.ts';

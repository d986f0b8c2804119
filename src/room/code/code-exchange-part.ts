/** What a spoken code needs of either side, in one part: a call that is opened by links does not wait for it. */
export { codeOfLink } from '../../e2ee/code/code-of-link.ts';
export { runEntry } from './enter-code.ts';
export { HostCode } from './host-code.ts';

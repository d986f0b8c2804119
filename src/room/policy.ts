/** The rules of this room; the data are shared with the server. */
export { LONGEST_GRACE, POLICIES, resolvePolicy, type Policy } from '../policy.ts';

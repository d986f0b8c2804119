/** The version of this copy of the library, so that two copies on one page can name themselves. */
export const VERSION = '0.1.0';

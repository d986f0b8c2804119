/** The library's frame worker as a bundle of its own. */
import '../../../src/e2ee/frame-worker.ts';

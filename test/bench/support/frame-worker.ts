/** The library's frame worker as a bundle of its own. */
import '../../../src/e2ee/frames/frame-worker.ts';

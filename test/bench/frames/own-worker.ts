/**
 * This library's worker, whole. The link goes to the own leaf, so that what was encrypted here can be decrypted here.
 */
import '../../../src/e2ee/frames/frame-worker.ts';
import { eventPath, serve } from './drive.ts';

serve(
  'own',
  eventPath((direction) => ({
    linkId: 'loop',
    stream: 'camera',
    direction: direction === 'encode' ? 'send' : 'receive',
  })),
);

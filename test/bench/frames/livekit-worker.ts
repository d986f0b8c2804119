/** livekit-client's end-to-end encryption worker from its package, whole and unchanged. */
import 'livekit-client/e2ee-worker';
import { eventPath, ownName, serve } from './drive.ts';

serve(
  ownName,
  eventPath((kind) => ({ kind, participantIdentity: 'bench', trackId: kind, codec: 'vp8', hasPacketTrailer: false })),
);

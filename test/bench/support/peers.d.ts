/** The least of the peers' types, so that the sources can be checked where the peers are not installed. */
declare module 'livekit-client/e2ee-worker';

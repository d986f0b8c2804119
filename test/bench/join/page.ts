/** PeerJS and trystero as their own documentation shows them, with local servers and no ICE server. */
import { Peer } from 'peerjs';
import { joinRoom } from '@trystero-p2p/nostr';

export type Library = 'peerjs' | 'trystero';

declare global {
  interface Window {
    /** Opens camera and microphone, so that their time is in no figure. */
    prepare(): Promise<void>;
    /** The one who is there first; resolves when it can be called. */
    host(library: Library, port: number, room: string): Promise<void>;
    /** The one who joins; gives the time at which it began. */
    join(library: Library, port: number, room: string): number;
  }
}

const config: RTCConfiguration = { iceServers: [] };
let own = new MediaStream();

function show(stream: MediaStream): void {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  void video.play();
}

function peer(id: string, port: number): Peer {
  const it = new Peer(id, { host: '127.0.0.1', port, path: '/', config });
  it.on('error', (error) => console.error(error));
  return it;
}

function trystero(port: number, name: string): void {
  const relayConfig = { urls: [`ws://127.0.0.1:${port}`], redundancy: 1 };
  const room = joinRoom({ appId: 'consult-room-bench', relayConfig, rtcConfig: config }, name);
  room.onPeerJoin = (target) => void room.addStream(own, { target });
  room.onPeerStream = show;
}

window.prepare = async () => {
  own = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
};

window.host = (library, port, room) => {
  if (library === 'trystero') {
    trystero(port, room);
    // It does not report when its announcement has arrived.
    return new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
  }
  const it = peer(`${room}-host`, port);
  it.on('call', (call) => {
    call.on('stream', show);
    call.answer(own);
  });
  return new Promise((resolve) => {
    it.on('open', resolve);
  });
};

window.join = (library, port, room) => {
  const start = performance.timeOrigin + performance.now();
  if (library === 'trystero') trystero(port, room);
  else {
    const it = peer(`${room}-guest`, port);
    it.on('open', () => it.call(`${room}-host`, own).on('stream', show));
  }
  return start;
};

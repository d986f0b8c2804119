/** The smallest page of each library that leads a call of two with its own interface, as its documentation writes it. */

export interface PageSource {
  readonly name: string;
  /** Packages whose versions the table names. */
  readonly packages: readonly string[];
  readonly code: string;
  /** Lazy parts that a call of two loads, by the start of their names; the others' are not counted, in their favour. */
  readonly later: 'none' | { readonly except: readonly string[] };
  readonly note: string;
}

const react = (component: string): string => `
import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
createRoot(document.body).render(${component});`;

export const PAGES: readonly PageSource[] = [
  {
    name: 'consult-room',
    packages: [],
    code: `import 'consult-room';`,
    // English, what mends old browsers, the spoken code, the QR code, and one encoder for many.
    later: { except: ['en-', 'notice.en-', 'adapter_core-', 'code-exchange-part-', 'qr-', 'encode-once-'] },
    note: 'end-to-end encryption, notice, consents and chat included',
  },
  {
    name: 'RealtimeKit UI',
    packages: ['@cloudflare/realtimekit-ui', '@cloudflare/realtimekit'],
    code: `
import RealtimeKitClient from '@cloudflare/realtimekit';
import { defineCustomElement } from '@cloudflare/realtimekit-ui/components/rtk-meeting';
defineCustomElement();
const meeting = await RealtimeKitClient.init({ authToken: location.hash });
document.body.append(Object.assign(document.createElement('rtk-meeting'), { meeting }));`,
    later: 'none',
    note: 'its client and its meeting element',
  },
  {
    name: 'LiveKit components',
    packages: ['@livekit/components-react', '@livekit/components-styles', 'livekit-client', 'react-dom'],
    code: `
import '@livekit/components-styles';
import { LiveKitRoom, VideoConference } from '@livekit/components-react';
${react(`h(LiveKitRoom, { token: location.hash, serverUrl: '/', video: true, audio: true }, h(VideoConference))`)}`,
    later: 'none',
    note: 'React included, end-to-end encryption off',
  },
  {
    name: 'LiveKit components, encrypted',
    packages: ['@livekit/components-react', '@livekit/components-styles', 'livekit-client', 'react-dom'],
    code: `
import '@livekit/components-styles';
import { LiveKitRoom, VideoConference } from '@livekit/components-react';
import { ExternalE2EEKeyProvider, Room } from 'livekit-client';
import 'livekit-client/e2ee-worker';
const worker = new Worker('e2ee-worker.js');
const room = new Room({ e2ee: { keyProvider: new ExternalE2EEKeyProvider(), worker } });
${react(`h(LiveKitRoom, { room, token: location.hash, serverUrl: '/', video: true, audio: true }, h(VideoConference))`)}`,
    later: 'none',
    note: 'React included, with its encryption worker',
  },
  {
    name: 'Whereby embed',
    packages: ['@whereby.com/browser-sdk'],
    code: `
import '@whereby.com/browser-sdk/embed';
document.body.innerHTML = '<whereby-embed room="https://beratung.whereby.com/room"></whereby-embed>';`,
    later: 'none',
    note: 'a frame: the call itself comes from their server, and is not counted',
  },
  {
    name: 'Whereby SDK, no interface',
    packages: ['@whereby.com/browser-sdk', 'react-dom'],
    code: `
import { useLocalMedia, useRoomConnection, VideoView } from '@whereby.com/browser-sdk/react';
${react(`h(() => {
  const localMedia = useLocalMedia();
  const { state, actions } = useRoomConnection(location.hash, { localMedia });
  return h('main', { onClick: () => actions.joinRoom() }, state.remoteParticipants.map(({ id, stream }) => h(VideoView, { key: id, stream })));
})`)}`,
    later: 'none',
    note: 'what runs in one’s own page: hooks alone, React included',
  },
];

/** The icons in use, imported one by one. They are decoration: a text label always accompanies them. */
import { html, type TemplateResult } from 'lit';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import arrowLeftRight from 'lucide/dist/esm/icons/arrow-left-right.mjs';
import blend from 'lucide/dist/esm/icons/blend.mjs';
import calendar from 'lucide/dist/esm/icons/calendar.mjs';
import check from 'lucide/dist/esm/icons/check.mjs';
import clock from 'lucide/dist/esm/icons/clock.mjs';
import copy from 'lucide/dist/esm/icons/copy.mjs';
import ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import doorOpen from 'lucide/dist/esm/icons/door-open.mjs';
import eye from 'lucide/dist/esm/icons/eye.mjs';
import eyeOff from 'lucide/dist/esm/icons/eye-off.mjs';
import fileText from 'lucide/dist/esm/icons/file-text.mjs';
import headphones from 'lucide/dist/esm/icons/headphones.mjs';
import info from 'lucide/dist/esm/icons/info.mjs';
import keyRound from 'lucide/dist/esm/icons/key-round.mjs';
import lock from 'lucide/dist/esm/icons/lock.mjs';
import logOut from 'lucide/dist/esm/icons/log-out.mjs';
import mail from 'lucide/dist/esm/icons/mail.mjs';
import messageCircle from 'lucide/dist/esm/icons/message-circle.mjs';
import mic from 'lucide/dist/esm/icons/mic.mjs';
import micOff from 'lucide/dist/esm/icons/mic-off.mjs';
import pause from 'lucide/dist/esm/icons/pause.mjs';
import phone from 'lucide/dist/esm/icons/phone.mjs';
import play from 'lucide/dist/esm/icons/play.mjs';
import plus from 'lucide/dist/esm/icons/plus.mjs';
import printer from 'lucide/dist/esm/icons/printer.mjs';
import refreshCw from 'lucide/dist/esm/icons/refresh-cw.mjs';
import route from 'lucide/dist/esm/icons/route.mjs';
import screenShare from 'lucide/dist/esm/icons/screen-share.mjs';
import screenShareOff from 'lucide/dist/esm/icons/screen-share-off.mjs';
import send from 'lucide/dist/esm/icons/send.mjs';
import server from 'lucide/dist/esm/icons/server.mjs';
import shieldCheck from 'lucide/dist/esm/icons/shield-check.mjs';
import triangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import undo2 from 'lucide/dist/esm/icons/undo-2.mjs';
import userRoundPlus from 'lucide/dist/esm/icons/user-round-plus.mjs';
import usersRound from 'lucide/dist/esm/icons/users-round.mjs';
import video from 'lucide/dist/esm/icons/video.mjs';
import videoOff from 'lucide/dist/esm/icons/video-off.mjs';
import volume2 from 'lucide/dist/esm/icons/volume-2.mjs';
import wifiOff from 'lucide/dist/esm/icons/wifi-off.mjs';
import handshake from 'lucide/dist/esm/icons/handshake.mjs';
import umbrella from 'lucide/dist/esm/icons/umbrella.mjs';
import coffee from 'lucide/dist/esm/icons/coffee.mjs';
import hand from 'lucide/dist/esm/icons/hand.mjs';
import languages from 'lucide/dist/esm/icons/languages.mjs';
import lockOpen from 'lucide/dist/esm/icons/lock-open.mjs';
import userRoundMinus from 'lucide/dist/esm/icons/user-round-minus.mjs';
import galleryThumbnails from 'lucide/dist/esm/icons/gallery-thumbnails.mjs';
import pin from 'lucide/dist/esm/icons/pin.mjs';
import x from 'lucide/dist/esm/icons/x.mjs';

/** By name. In the entry of the CDN folder only those of the first view are there at first (vite.config.ts). */
export const icons = {
  'arrow-left-right': arrowLeftRight,
  blend,
  calendar,
  check,
  clock,
  copy,
  'door-open': doorOpen,
  ellipsis,
  eye,
  'eye-off': eyeOff,
  'file-text': fileText,
  headphones,
  info,
  'key-round': keyRound,
  lock,
  'log-out': logOut,
  mail,
  'message-circle': messageCircle,
  mic,
  'mic-off': micOff,
  pause,
  phone,
  play,
  plus,
  printer,
  'refresh-cw': refreshCw,
  route,
  'screen-share': screenShare,
  'screen-share-off': screenShareOff,
  send,
  server,
  'shield-check': shieldCheck,
  'triangle-alert': triangleAlert,
  'undo-2': undo2,
  'user-round-plus': userRoundPlus,
  'users-round': usersRound,
  video,
  'video-off': videoOff,
  'volume-2': volume2,
  'wifi-off': wifiOff,
  handshake,
  umbrella,
  coffee,
  hand,
  languages,
  'lock-open': lockOpen,
  'user-round-minus': userRoundMinus,
  'gallery-thumbnails': galleryThumbnails,
  pin,
  x,
} as const;

export type IconName = keyof typeof icons;
type IconNode = (typeof icons)[IconName];

/**
 * Those that point along the line: where one reads from right to left, they point the other way, as Material's auto-mirrored icons do.
 * Things keep their shape, clocks and players their direction.
 */
export const TURNED = /^(?:log-out|send|undo-2|screen-share)/u;

const there: Partial<Record<IconName, IconNode>> = { ...icons };

/** Adds what is not there yet. */
export function addIcons(more: Partial<Record<IconName, IconNode>>): void {
  Object.assign(there, more);
}

/** Only lucide's own data becomes markup, so `unsafeSVG` never sees untrusted input. */
function markup(name: IconName): string {
  return (there[name] ?? [])
    .map(([tag, attributes]) => {
      const written = Object.entries(attributes).map(([key, value]) => `${key}="${String(value)}"`);
      return `<${tag} ${written.join(' ')}/>`;
    })
    .join('');
}

/** An icon of 1.35 em in the text colour, hidden from assistive technology. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon ${TURNED.test(name) ? 'turned' : ''}"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${unsafeSVG(markup(name))}
  </svg>`;
}

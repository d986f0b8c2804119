/** Headers of every answer: what a page with a camera should ask of browsers. */
import type { IncomingMessage } from 'node:http';

/** Powerful features that a room uses; everything else is switched off below. */
const USED = ['camera', 'microphone', 'display-capture', 'screen-wake-lock', 'autoplay', 'fullscreen'];
// Only names that a browser knows: of the others Chromium complains in everybody's console.
const UNUSED = [
  'accelerometer',
  'browsing-topics',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'otp-credentials',
  'payment',
  // Pictures of a room are nowhere but in it [R16].
  'picture-in-picture',
  'publickey-credentials-get',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];
const PERMISSIONS = [...USED.map((name) => `${name}=(self)`), ...UNUSED.map((name) => `${name}=()`)].join(', ');

/** Older browsers do not take `'self'` for WebSockets (CSP3 §6.7.2.8), so the own host is named; only a plain one. */
function socketsOf(request: IncomingMessage): string {
  const { host } = request.headers;
  return host && /^[A-Za-z0-9.-]+(:\d+)?$|^\[[0-9a-fA-F:]+\](:\d+)?$/u.test(host) ? ` ws://${host} wss://${host}` : '';
}

export function contentSecurityPolicy(request: IncomingMessage): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    `connect-src 'self'${socketsOf(request)}`,
    "worker-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

export function securityHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(request),
    'Permissions-Policy': PERMISSIONS,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

/** A page as the doctor has read it, without a server. */
import type { Page } from '../../../src/server/doctor/page-checks.ts';

export const SITE = new URL('https://beratung.example/room.html');

export const pageWith = (headers: Readonly<Record<string, string>>, html = ''): Page => ({
  url: SITE,
  status: 200,
  headers: new Headers(headers),
  html,
});

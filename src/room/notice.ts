/** The notice, for elements: they reach the layers below through the room. */
export { buildNotice, noticeHash, type Notice } from '../consent/notice.ts';

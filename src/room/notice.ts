/** The notice, for elements: they reach the layers below through the room. */
export { buildNotice, canonicalText, noticeHash, type Notice, type NoticeOptions } from '../consent/notice.ts';

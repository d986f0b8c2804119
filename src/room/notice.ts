/** The notice, for elements: they reach the layers below through the room. */
export { buildNotice, noticeFooter, noticeHash, type Notice, type NoticeBlock } from '../consent/notice.ts';

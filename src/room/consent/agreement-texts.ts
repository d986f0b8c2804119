/** The texts people agree to, for elements: they reach the layers below through the room. */
export { buildNotice, noticeFooter, noticeHash, type Notice, type NoticeBlock } from '../../consent/notice.ts';
export { rulesFor, ruleText, type RuleText } from '../../consent/rules.ts';
export { languageOf as agreementLanguage } from '../../consent/text.ts';

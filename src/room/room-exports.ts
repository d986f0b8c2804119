/** What an interface needs of the room beside `Room` itself: texts, types, small questions about the state. `room.ts` exports it all. */
export {
  buildNotice,
  loadNoticeText,
  noticeFooter,
  noticeHash,
  type Notice,
  type NoticeBlock,
} from '../consent/notice.ts';
export { registerAgreement } from '../consent/register-agreement.ts';
export type { AgreementRule, AgreementTexts, RuleWords } from '../consent/site-texts.ts';
export type {
  Duration,
  NoticeFacts,
  NoticeOptions,
  NoticeSection,
  NoticeText,
  SectionId,
  SummaryId,
} from '../consent/notice-model.ts';
export { rulesFor, ruleText, type RuleText } from '../consent/rules.ts';
export { languageOf as agreementLanguage } from '../util/language.ts';
export type { Contact, DeclaredServer, PublicConfiguration } from '../configuration.ts';
export { ConsultError, ERROR_CODES, type ErrorCode } from '../errors.ts';
export type { Policy, PolicyName } from '../policy.ts';
export { LIMITS } from './messages/message-limits.ts';
export type { MediaNotice } from './messages/messages.ts';
export type * from './code/code-entry.ts';
export { enterCode, spokenCode } from './spoken.ts';
export { holdsInvite, takeInvite } from './setup/invite-address.ts';
export type { HostToken, RoomOptions } from './setup/setup.ts';
export type * from './room-api.ts';
export { deliveryOf, newSince } from './state/chat-lines.ts';
export { wordFor } from './state/display-name.ts';
export { resembledName, type NamedPerson } from './state/name-resemblance.ts';
export { awaitsEveryone, isAwaited, whyUnreachable } from './state/reachability.ts';
export { WRONG_CODES, isRegrouping, isSession, mayStream, mediaNoticeOf, sameChoice } from './state/state.ts';
export type * from './state/public-types.ts';

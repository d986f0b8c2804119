/**
 * Whether the page is shown inside an app that opens links by itself. Most of these give no camera and no microphone, some read along, and
 * few can be told from a browser by anything but their name.
 */
const APPS =
  /FBA[NV]|FB_IAB|Instagram|\bLine\/|MicroMessenger|Snapchat|TikTok|Bytedance|musical_ly|LinkedInApp|Pinterest|WhatsApp|Telegram|KAKAOTALK|NAVER\(inapp|Twitter/iu;
/** Android's WebView names itself; that of iOS is WebKit that does not call itself Safari, on an iPad as of a desktop. */
const WEBVIEW = /; wv\)|(?:iPhone|iPad|iPod|Macintosh.*AppleWebKit)(?!.*\b(?:Safari|CriOS|FxiOS|EdgiOS)\/)/u;

export function isInAppBrowser(userAgent: string = navigator.userAgent): boolean {
  return APPS.test(userAgent) || WEBVIEW.test(userAgent);
}

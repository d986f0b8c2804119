/** Whether this browser has the interfaces for frame encryption (W3C encoded transform). There is no fallback. */
export function supportsFrameEncryption(): boolean {
  return (
    typeof RTCRtpScriptTransform !== 'undefined' &&
    'transform' in RTCRtpSender.prototype &&
    'transform' in RTCRtpReceiver.prototype
  );
}

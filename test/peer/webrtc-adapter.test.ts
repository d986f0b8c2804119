import { expect } from '@open-wc/testing';
import { lacking, mendWebRtc } from '../../src/peer/webrtc-adapter.ts';

describe('webrtc-adapter', () => {
  it('is not loaded when the browser lacks nothing', async () => {
    expect(lacking()).to.deep.equal([]);
    await mendWebRtc();
    const loaded = performance.getEntriesByType('resource').filter(({ name }) => name.includes('adapter_core'));
    expect(loaded).to.deep.equal([]);
  });

  it('is needed when an interface lacks a member, or is missing', () => {
    expect(lacking({ ...complete(), RTCIceCandidate: { prototype: {} } })).to.deep.equal([
      'RTCIceCandidate.foundation',
    ]);
    expect(lacking({ ...complete(), RTCTrackEvent: undefined })).to.deep.equal(['RTCTrackEvent.transceiver']);
  });
});

function complete() {
  return { RTCPeerConnection, RTCTrackEvent, RTCRtpSender, RTCRtpReceiver, RTCIceCandidate };
}

import { expect } from '@open-wc/testing';
import { ConnectionReport } from '../../src/elements/connection-report/connection-report.ts';
import { byPart, elementSuite, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const session = (path: 'direct' | 'relay' | 'none') =>
  new FakeRoom(
    snapshot.active({
      participants: [participant({ path })],
      encryption: { suite: 'ML-KEM-1024 + P-384', epoch: '3', safetyCode: ['1'], compared: false },
    }),
  );
const on = (path: 'direct' | 'relay' | 'none'): ElementCase => ({ name: path, room: () => session(path) });

describe('<connection-report>', () => {
  elementSuite(ConnectionReport, [on('direct'), on('relay'), on('none')]);

  it('says in plain words whether it is direct or relayed', async () => {
    expect(textOf(await show(ConnectionReport, on('direct')))).to.include('direkt, ohne Umweg');
    expect(textOf(await show(ConnectionReport, on('relay')))).to.include('der Sie beide zugestimmt haben');
  });

  it('reads the figures only while the detail is open', async () => {
    const room = session('direct');
    let read = 0;
    room.reports = async () => {
      read++;
      const reasons = { unauthenticated: 5, unknownKey: 2, waitedTooLong: 0, malformed: 0, noKey: 0 };
      const frames = { encrypted: 1234, decrypted: 999, repeated: 3, dropped: 7, reasons };
      const dtls = { version: 'FEFC', cipher: 'TLS_AES_128_GCM_SHA256' };
      return [
        {
          id: participant().id,
          path: 'direct',
          dtls,
          srtp: 'SRTP_AEAD_AES_128_GCM',
          codecs: ['video/VP8'],
          frames,
          roundTrip: 12,
        },
      ];
    };
    const element = await show(ConnectionReport, { name: '', room: () => room });
    expect(read).to.equal(0);
    byPart<HTMLDetailsElement>(element, 'details').open = true;
    await waitUntil(() => textOf(element).includes('1.234'));
    const text = textOf(element);
    for (const part of [
      'ML-KEM-1024',
      '1.3, TLS_AES_128_GCM_SHA256',
      'SRTP_AEAD_AES_128_GCM',
      'video/VP8',
      '12 ms',
      '999',
      'weil nicht echt oder beschädigt',
      'weil der Schlüssel nicht oder nicht mehr gilt',
      'Doppelt angekommen',
      'noch ein zweites Mal',
    ])
      expect(text).to.include(part);
    // Moved in the page it stays open, so it goes on reading.
    const before = read;
    const elsewhere = document.createElement('div');
    element.parentElement!.append(elsewhere);
    elsewhere.append(element);
    await waitUntil(() => read > before + 1, 'reads on after it was moved');
    // Reasons for which nothing was dropped worry nobody.
    expect(text).to.not.include('weil nicht verschlüsselt');
    element.remove();
  });
});

import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { RelayConsentDialog } from '../../src/elements/relay-consent-dialog/relay-consent-dialog.ts';
import type { RelayQuestion } from '../../src/room/state.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const configuration = {
  ...CONFIGURATION,
  servers: [
    ...CONFIGURATION.servers,
    {
      role: 'relay' as const,
      urls: ['turn:turn.example:3478'],
      addresses: ['203.0.113.7'],
      operator: 'Rechenzentrum Nord',
      country: 'DE',
    },
  ],
};
const session = (relay: RelayQuestion) =>
  new FakeRoom(snapshot.connecting({ configuration, participants: [participant({ relay })] }));
const ASKED: RelayQuestion = { step: 'asked', ours: 'open', theirs: 'open' };
const asked: ElementCase = { name: 'asked', room: () => session(ASKED) };

describe('<relay-consent-dialog>', () => {
  elementSuite(RelayConsentDialog, [asked]);

  it('[R8] names who relays, where, what it sees and what never', async () => {
    const text = textOf(await show(RelayConsentDialog, asked));
    for (const part of [
      'Rechenzentrum Nord',
      'Deutschland',
      'Internet-Adressen',
      'Ende-zu-Ende verschlüsselt',
      'Beide Seiten müssen zustimmen',
      'Nein ist eine gute Antwort',
    ])
      expect(text).to.include(part);
  });

  it('[R9] gives both answers the same weight, and the focus to neither', async () => {
    const element = await show(RelayConsentDialog, asked);
    const [accept, decline] = [byPart(element, 'accept-button'), byPart(element, 'decline-button')];
    const look = (button: HTMLElement): readonly string[] => {
      const { backgroundColor, color, fontWeight, borderColor, fontSize } = getComputedStyle(button);
      return [backgroundColor, color, fontWeight, borderColor, fontSize];
    };
    expect(look(accept)).to.deep.equal(look(decline));
    expect(Math.abs(accept.offsetWidth - decline.offsetWidth)).to.be.below(2);
    const focused = element.shadowRoot?.activeElement;
    expect(focused).to.not.equal(accept);
    expect(focused).to.not.equal(decline);
  });

  it('[R9] is not answered by Escape', async () => {
    const room = session(ASKED);
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    await sendKeys({ press: 'Escape' });
    await settled(element);
    expect(room.calls).to.deep.equal([]);
    expect(element.renderRoot.querySelector('dialog')?.open).to.equal(true);
  });

  it('answers for the participant it asks about', async () => {
    for (const [part, answer] of [
      ['accept-button', true],
      ['decline-button', false],
    ] as const) {
      const room = session(ASKED);
      byPart(await show(RelayConsentDialog, { name: '', room: () => room }), part).click();
      expect(room.calls).to.deep.equal([['answerRelay', answer, participant().id]]);
    }
  });

  it('goes when nobody needs the answer any more', async () => {
    for (const relay of [
      { step: 'none' },
      { step: 'granted' },
      { step: 'asked', ours: 'yes', theirs: 'open' },
    ] as const)
      expect(textOf(await show(RelayConsentDialog, { name: '', room: () => session(relay) }))).to.equal('');
  });
});

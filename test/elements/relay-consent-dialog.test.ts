import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import { html } from 'lit';
import type { QuickExit } from '../../src/elements/quick-exit/quick-exit.ts';
import { RelayConsentDialog } from '../../src/elements/relay-consent-dialog/relay-consent-dialog.ts';
import { POLICIES } from '../../src/policy.ts';
import { RELAY_TERMS_VERSION } from '../../src/room/relay/relay-terms.ts';
import type { Participant, RelayQuestion } from '../../src/room/state/state.ts';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, FakeRoom, participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

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
/** What a computed style says of where a box is, not of how it looks. */
const OF_PLACE =
  /^(?:inset|left|right|top|bottom|width|height|block-size|inline-size|perspective-origin|transform-origin)/u;
const ASKED: RelayQuestion = { step: 'asked', ours: 'open', theirs: 'open' };
const turnedRound: ElementCase = {
  name: 'asked to hide the address',
  room: () =>
    new FakeRoom(
      snapshot.connecting({
        configuration,
        policy: POLICIES.gewaltschutz,
        participants: [participant({ relay: ASKED })],
      }),
    ),
};
const asked: ElementCase = { name: 'asked', room: () => session(ASKED) };

describe('<relay-consent-dialog>', () => {
  elementSuite(RelayConsentDialog, [asked, turnedRound]);

  it('[R8] names the relay’s operator and country, what it sees and what it never sees', async () => {
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

  for (const [width, height] of [
    [1280, 800],
    [390, 844],
    [320, 568],
  ] as const)
    for (const scheme of ['light', 'dark'] as const)
      it(`[R9] gives both answers the same weight and shows them together, ${String(width)} pixels wide, ${scheme}`, async () => {
        await setViewport({ width, height });
        try {
          const element = await show(RelayConsentDialog, asked, { scheme, width });
          const [accept, decline] = [byPart(element, 'accept-button'), byPart(element, 'decline-button')];
          for (const property of getComputedStyle(accept))
            if (!OF_PLACE.test(property))
              expect(getComputedStyle(accept).getPropertyValue(property), property).to.equal(
                getComputedStyle(decline).getPropertyValue(property),
              );
          const [a, b] = [accept.getBoundingClientRect(), decline.getBoundingClientRect()];
          expect(Math.abs(a.width - b.width)).to.be.below(1);
          expect(Math.abs(a.height - b.height)).to.be.below(1);
          // Before anybody scrolls.
          for (const { top, bottom } of [a, b]) expect(top >= 0 && bottom <= height, 'in sight').to.equal(true);
        } finally {
          await setViewport({ width: 800, height: 600 });
        }
      });

  it('[R9] starts at the heading, where Enter and Space give no answer', async () => {
    const room = session(ASKED);
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    expect(element.shadowRoot?.activeElement?.localName).to.equal('h2');
    for (const press of ['Enter', ' ']) await sendKeys({ press });
    await settled(element);
    expect(room.calls).to.deep.equal([]);
  });

  it('is announced with its reason and answered by keyboard alone', async () => {
    const room = session(ASKED);
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    const dialog = element.renderRoot.querySelector('dialog')!;
    const described = element.renderRoot.querySelector(`#${dialog.getAttribute('aria-describedby') ?? ''}`);
    expect(described?.textContent).to.include('Eine direkte Verbindung zu Frau Sommer gelingt gerade nicht.');
    await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(byPart(element, 'accept-button'));
    await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(byPart(element, 'decline-button'));
    await sendKeys({ press: 'Enter' });
    expect(room.calls).to.deep.equal([['answerRelay', false, participant().id, 'de']]);
  });

  it('[R9] ignores a press that was meant for the screen before', async () => {
    const room = session(ASKED);
    const before = performance.now();
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    const { left, top, width, height } = byPart(element, 'accept-button').getBoundingClientRect();
    const position: [number, number] = [Math.round(left + width / 2), Math.round(top + height / 2)];
    const press = (at: number): void => {
      const event = new MouseEvent('click', { detail: 1, bubbles: true });
      Object.defineProperty(event, 'timeStamp', { value: at });
      byPart(element, 'accept-button').dispatchEvent(event);
    };
    // Too early however long it took to show the question.
    press(before + 499);
    expect(room.calls).to.deep.equal([]);
    press(performance.now() + 1000);
    expect(room.calls.length).to.equal(1);
    // And with a real pointer, as soon as the question has stood there for a moment.
    await waitUntil(
      async () => {
        await sendMouse({ type: 'click', position });
        return room.calls.length > 1;
      },
      'a press answers',
      { timeout: 5000 },
    );
  });

  it('asks about several participants one after the other, each from its heading', async () => {
    const two = (first: RelayQuestion): readonly Participant[] => [
      participant({ relay: first }),
      participant({ id: 'p2', name: 'Mond', relay: ASKED }),
    ];
    const room = new FakeRoom(snapshot.connecting({ configuration, participants: two(ASKED) }));
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    expect(textOf(element)).to.include('Frau Sommer').and.not.include('Mond');
    const button = byPart(element, 'decline-button');
    button.focus();
    button.click();
    room.set(snapshot.connecting({ configuration, participants: two({ step: 'declined' }) }));
    await settled(element);
    expect(textOf(element)).to.include('Mond').and.not.include('Frau Sommer');
    expect(element.shadowRoot?.activeElement?.localName).to.equal('h2');
    expect(room.calls).to.deep.equal([['answerRelay', false, 'p1', 'de']]);
  });

  it('[R8] closes when the direct path connects, and returns the focus', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    const room = session(ASKED);
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    expect(document.activeElement).to.equal(element);
    room.set(snapshot.connecting({ configuration, participants: [participant()] }));
    await settled(element);
    expect(element.renderRoot.querySelector('dialog')).to.equal(null);
    expect(document.activeElement).to.equal(field);
    expect(room.calls).to.deep.equal([]);
    field.remove();
  });

  it('[R8] inverts the question when the policy hides addresses', async () => {
    const text = textOf(await show(RelayConsentDialog, turnedRound));
    for (const part of [
      'Darf Ihre Adresse verborgen werden?',
      'bleibt Ihre Adresse auf der anderen Seite verborgen',
      'Er sieht die Internet-Adressen von Ihnen beiden',
      'auch keine direkte',
    ])
      expect(text).to.include(part);
    // Nothing is tried directly, so nothing says so.
    expect(text).to.not.include('versuchen wir es weiter direkt');
  });

  it('[R8] names an operator once, however many URLs it has', async () => {
    const relay = configuration.servers.at(-1)!;
    const room = new FakeRoom(
      snapshot.connecting({
        configuration: { ...configuration, servers: [...configuration.servers, relay] },
        participants: [participant({ relay: ASKED })],
      }),
    );
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    expect(textOf(element).split('Den Server betreibt Rechenzentrum Nord').length).to.equal(2);
  });

  it('[R1] changes its words only with the version that the consent names', async () => {
    const texts = [de, en].flatMap((table) =>
      Object.entries(table)
        .filter(([key]) => key.startsWith('relay-consent-dialog.'))
        .map(
          ([key, value]) =>
            `${key}=${typeof value === 'function' ? (value as (...a: string[]) => string)('A', 'B') : value}`,
        ),
    );
    const digest = await crypto.subtle.digest('SHA-384', new TextEncoder().encode(texts.join('\n')));
    const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    // Another wording is another question: raise RELAY_TERMS_VERSION, then write the new hash here.
    expect([RELAY_TERMS_VERSION, hash.slice(0, 32)]).to.deep.equal(['4', '54b48b2632c93c2b1e3ea5cfc30451fb']);
  });

  it('[R15] contains the quick exit for guests, with the site’s target', async () => {
    for (const [around, href] of [
      [html``, 'about:blank'],
      [html`<quick-exit href="/weather"></quick-exit>`, '/weather'],
    ] as const) {
      const template = html`${around}<relay-consent-dialog></relay-consent-dialog>`;
      const element = await show(RelayConsentDialog, { name: '', room: () => session(ASKED), template });
      const exit = element.renderRoot.querySelector<QuickExit>('dialog quick-exit')!;
      expect(exit.href).to.equal(href);
      expect(byPart(exit, 'exit-button').offsetWidth).to.be.above(0);
      const heading = element.renderRoot.querySelector('h2')!;
      expect(exit.getBoundingClientRect().bottom).to.be.at.most(heading.getBoundingClientRect().top);
      expect(element.shadowRoot?.activeElement).to.equal(heading);
    }
    const room = new FakeRoom(snapshot.connecting({ role: 'host', participants: [participant({ relay: ASKED })] }));
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    expect(element.renderRoot.querySelector('quick-exit')).to.equal(null);
  });

  it('[R9] is not answered by Escape', async () => {
    const room = session(ASKED);
    const element = await show(RelayConsentDialog, { name: '', room: () => room });
    await sendKeys({ press: 'Escape' });
    await settled(element);
    expect(room.calls).to.deep.equal([]);
    expect(element.renderRoot.querySelector('dialog')?.open).to.equal(true);
  });

  it('answers for the participant that it asks about', async () => {
    for (const [part, answer] of [
      ['accept-button', true],
      ['decline-button', false],
    ] as const) {
      const room = session(ASKED);
      byPart(await show(RelayConsentDialog, { name: '', room: () => room }), part).click();
      expect(room.calls).to.deep.equal([['answerRelay', answer, participant().id, 'de']]);
    }
  });

  it('[R1] records the language of the question', async () => {
    for (const [lang, read] of [
      ['en', 'en'],
      ['xh', 'de'],
    ] as const) {
      const room = session(ASKED);
      const template = html`<relay-consent-dialog lang=${lang}></relay-consent-dialog>`;
      byPart(await show(RelayConsentDialog, { name: '', room: () => room, template }), 'accept-button').click();
      expect(room.calls).to.deep.equal([['answerRelay', true, participant().id, read]]);
    }
  });

  it('closes when the answer is no longer needed', async () => {
    for (const relay of [
      { step: 'none' },
      { step: 'granted' },
      { step: 'asked', ours: 'yes', theirs: 'open' },
    ] as const)
      expect(textOf(await show(RelayConsentDialog, { name: '', room: () => session(relay) }))).to.equal('');
  });
});

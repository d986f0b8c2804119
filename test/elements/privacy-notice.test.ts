import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import { PrivacyNotice } from '../../src/elements/privacy-notice/privacy-notice.ts';
import { buildNotice, loadNoticeText, noticeHash } from '../../src/consent/notice.ts';
import { POLICIES } from '../../src/policy.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { CONFIGURATION, FakeRoom, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const cases: readonly ElementCase[] = [
  { name: 'the main points', room: () => new FakeRoom(snapshot.notice()) },
  {
    name: 'the whole text',
    room: () => new FakeRoom(snapshot.notice()),
    prepare: (element) => {
      element.renderRoot.querySelector('details')!.open = true;
    },
  },
];
const render = (room: FakeRoom, lang: 'de' | 'en' = 'de') =>
  show(PrivacyNotice, { name: '', room: () => room }, { lang });

describe('<privacy-notice>', () => {
  elementSuite(PrivacyNotice, cases);

  for (const lang of ['de', 'en'] as const)
    it(`[R1] consents to exactly the displayed text, in ${lang}`, async () => {
      const room = new FakeRoom(snapshot.notice());
      byPart(await render(room, lang), 'accept-button').click();
      await waitUntil(() => room.calls.length > 0);
      await loadNoticeText(lang);
      const shown = buildNotice({ configuration: CONFIGURATION, policy: POLICIES.beratung, role: 'guest', lang });
      const [[method, consent]] = room.calls as [[string, { notice: object; at: number }]];
      expect(method).to.equal('acceptNotice');
      expect(consent.notice).to.deep.equal({ version: shown.version, hash: await noticeHash(shown), lang });
      expect(Math.abs(Date.now() - consent.at)).to.be.lessThan(60_000);
    });

  it('[R1] requests nothing from the room before a button is pressed', async () => {
    const room = new FakeRoom(snapshot.notice());
    await render(room);
    expect(room.calls).to.deep.equal([]);
  });

  it('[R9] declines as easily as it accepts', async () => {
    const room = new FakeRoom(snapshot.notice());
    const element = await render(room);
    const [accept, decline] = [byPart(element, 'accept-button'), byPart(element, 'decline-button')];
    const look = (button: HTMLElement) => {
      const { backgroundColor, borderColor, borderWidth, color, fontSize, fontWeight } = getComputedStyle(button);
      const { width, height } = button.getBoundingClientRect();
      return { backgroundColor, borderColor, borderWidth, color, fontSize, fontWeight, width, height };
    };
    expect(look(decline)).to.deep.equal(look(accept));
    decline.click();
    expect(room.calls).to.deep.equal([['declineNotice']]);
  });

  it('shows four main points, and says how long the rest takes', async () => {
    const element = await render(new FakeRoom(snapshot.notice()));
    const shown = [...element.renderRoot.querySelectorAll('li')].filter((point) => point.checkVisibility());
    expect(shown.length).to.equal(4);
    expect(element.renderRoot.querySelector('summary')!.textContent).to.match(/Alles genau lesen \(\d Minuten\)/u);
  });

  it('[R1] takes no consent where a page hides the whole text, and says so', async () => {
    const room = new FakeRoom(snapshot.notice());
    const element = await render(room);
    element.renderRoot.querySelector('details')!.hidden = true;
    byPart(element, 'accept-button').click();
    await settled(element);
    expect(room.calls).to.deep.equal([]);
    expect(element.renderRoot.querySelector('[role="alert"]')!.textContent).to.include('gilt eine Zustimmung nicht');
  });

  it('has no checkbox and no preselection', async () => {
    const element = await render(new FakeRoom(snapshot.notice()));
    expect(element.renderRoot.querySelector('input, select')).to.equal(null);
    expect(element.renderRoot.querySelector('[autofocus]')).to.equal(null);
  });

  it('[R2] shows the real operator and every word of the notice', async () => {
    const room = new FakeRoom(snapshot.notice());
    const text = textOf(await render(room));
    const notice = buildNotice({ configuration: CONFIGURATION, policy: POLICIES.beratung, role: 'guest', lang: 'de' });
    expect(text).to.include('Beratungsstelle am Park');
    const words = [
      ...notice.summary.map((point) => point.text),
      ...notice.sections.flatMap((s) => [s.title, ...s.body.flat()]),
    ];
    for (const word of words) expect(text).to.include(word.replaceAll(/\s+/gu, ' '));
  });

  it('[R1] prints the whole text and nothing else, and folds it afterwards', async () => {
    const element = await render(new FakeRoom(snapshot.notice()));
    const details = element.renderRoot.querySelector('details')!;
    window.dispatchEvent(new Event('beforeprint'));
    expect(details.open).to.equal(true);
    window.dispatchEvent(new Event('afterprint'));
    expect(details.open).to.equal(false);
    details.open = true;
    window.dispatchEvent(new Event('beforeprint'));
    window.dispatchEvent(new Event('afterprint'));
    expect(details.open, 'what a person unfolded stays so').to.equal(true);
  });

  it('[R1] prints black on white, without buttons', async () => {
    // Firefox's driver cannot emulate paper; the rules are the same.
    if (navigator.userAgent.includes('Firefox')) return;
    const element = await show(
      PrivacyNotice,
      { name: '', room: () => new FakeRoom(snapshot.notice()) },
      { scheme: 'dark' },
    );
    await emulateMedia({ media: 'print' });
    try {
      for (const part of ['accept-button', 'decline-button', 'print-button'])
        expect(byPart(element, part).getClientRects().length, part).to.equal(0);
      const { color } = getComputedStyle(element.renderRoot.querySelector('section p')!);
      expect(color).to.equal('rgb(0, 0, 0)');
      expect(getComputedStyle(element.renderRoot.querySelector('.summary')!).backgroundColor).to.equal(
        'rgba(0, 0, 0, 0)',
      );
    } finally {
      await emulateMedia({ media: 'screen' });
    }
  });

  it('opens the whole text and reaches the buttons by keyboard', async () => {
    const room = new FakeRoom(snapshot.notice());
    const element = await render(room);
    element.renderRoot.querySelector('summary')!.focus();
    await sendKeys({ press: 'Enter' });
    expect(element.renderRoot.querySelector('details')!.open).to.equal(true);
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    expect((element.renderRoot as ShadowRoot).activeElement).to.equal(byPart(element, 'accept-button'));
  });
});

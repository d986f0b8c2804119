import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { AppointmentSheet } from '../../src/elements/appointment-sheet/appointment-sheet.ts';
import { createInvite } from '../../src/invite.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const EXPIRES = new Date('2030-05-17T18:30:00Z');
const { guestLink, hostLink } = await createInvite({ base: 'https://beratung.example/room', expires: EXPIRES });
const full = {
  guestLink,
  code: 'K7M-2QX-9TD',
  starts: '2030-05-17T16:00:00+02:00',
  centre: 'Beratungsstelle am Markt',
  telephone: '030 1234567',
  timeZone: 'Europe/Berlin',
};

interface Values extends Partial<Omit<typeof full, 'starts'>> {
  readonly starts?: string;
  readonly minutes?: number;
}

const sheet = (name: string, values: Values): ElementCase => ({
  name,
  room: () => new FakeRoom(snapshot.waiting()),
  template: html`<appointment-sheet
    .guestLink=${values.guestLink}
    .code=${values.code}
    .starts=${values.starts}
    .minutes=${values.minutes ?? 50}
    .centre=${values.centre}
    .telephone=${values.telephone}
    .timeZone=${values.timeZone}
  ></appointment-sheet>`,
  prepare: (element) => waitUntil(() => textOf(element) !== '', 'the sheet'),
});
const render = (values: Values, lang: 'de' | 'en' = 'de') => show(AppointmentSheet, sheet('', values), { lang });
const parts = (element: Element, part: string): number =>
  element.shadowRoot!.querySelectorAll(`[part="${part}"]`).length;

describe('<appointment-sheet>', () => {
  elementSuite(AppointmentSheet, [
    sheet('all of it', full),
    sheet('a link alone', { guestLink }),
    sheet('a host link', { guestLink: hostLink }),
  ]);

  it('says when, where, how to join by link, picture and code, and whom to call', async () => {
    const text = textOf(await render(full));
    for (const part of [
      'Beratungsstelle am Markt',
      'Freitag, 17. Mai 2030 um 16:00, etwa 50 Minuten',
      'Der Link gilt bis Freitag, 17. Mai 2030 um 20:30',
      guestLink,
      'K7M-2QX-9TD',
      'Köln 7 München, 2 Quickborn Xanten, 9 Tübingen Düsseldorf',
      'Öffnen Sie https://beratung.example/room und tippen Sie',
      'Rufen Sie uns an, 030 1234567.',
    ])
      expect(text).to.include(part);
  });

  it('speaks English, with the words of radio telephony for the code', async () => {
    const text = textOf(await render(full, 'en'));
    expect(text).to.include('What to expect').and.include('Kilo 7 Mike, 2 Quebec X-ray, 9 Tango Delta');
  });

  it('leaves a line for the time, and offers no calendar entry, where the time is not set', async () => {
    const element = await render({ guestLink });
    expect([parts(element, 'calendar-button'), parts(element, 'spoken-code')]).to.deep.equal([0, 0]);
    expect(element.renderRoot.querySelectorAll('.by-hand').length).to.equal(1);
  });

  it('makes no sheet of a value that would mislead the client, says which, and reports it once', async () => {
    const wrong: Readonly<Record<string, Values>> = {
      'Das ist der Link der Beratung.': { guestLink: hostLink },
      'fehlt der Link für den Gast': {},
      'fehlt der Link für den Gast, oder': { guestLink: guestLink.slice(0, -4) },
      'oder er ist nicht vollständig': { guestLink: guestLink.replace('https:', 'javascript:') },
      'Der Code auf diesem Blatt': { ...full, code: 'K7M-2QX' },
      'Die Zeit des Termins': { ...full, starts: 'Freitag um vier' },
      'gilt nur bis vor dem Termin': { ...full, starts: '2030-05-17T21:00:00+02:00' },
      'Die Dauer des Termins': { ...full, minutes: Number.NaN },
      'Die Zeitzone des Termins': { ...full, timeZone: 'Berlin' },
    };
    for (const [text, values] of Object.entries(wrong)) {
      const errors: string[] = [];
      const listen = (event: Event): number => errors.push((event as CustomEvent<{ code: string }>).detail.code);
      document.addEventListener('consult-error', listen);
      const element = await render(values);
      element.requestUpdate();
      await settled(element);
      document.removeEventListener('consult-error', listen);
      expect(textOf(element)).to.include(text);
      expect([parts(element, 'sheet'), parts(element, 'print-button')]).to.deep.equal([0, 0]);
      expect(errors).to.deep.equal(['argument-invalid']);
    }
  });

  it('saves an entry of the same name for the same appointment, which does not say what it is', async () => {
    const { createObjectURL } = URL;
    const { click } = HTMLAnchorElement.prototype;
    const files: Blob[] = [];
    const names: string[] = [];
    URL.createObjectURL = (blob: Blob) => `blob:${String(files.push(blob))}`;
    HTMLAnchorElement.prototype.click = function save(this: HTMLAnchorElement) {
      names.push(this.download);
    };
    try {
      for (let count = 1; count <= 2; count++) {
        byPart(await render(full), 'calendar-button').dispatchEvent(new MouseEvent('click'));
        await waitUntil(() => names.length === count, 'the entry');
      }
    } finally {
      URL.createObjectURL = createObjectURL;
      HTMLAnchorElement.prototype.click = click;
    }
    const [first = '', second = ''] = await Promise.all(files.map((file) => file.text()));
    expect(names).to.deep.equal(['Termin.ics', 'Termin.ics']);
    expect(first).to.include('DTSTART:20300517T140000Z').and.include('SUMMARY:Termin\r\n');
    expect(/UID:[0-9a-f]{32}\r\n/u.exec(first)?.[0]).to.equal(/UID:.*\r\n/u.exec(second)?.[0]);
  });
});

describe('an <appointment-sheet> on paper', () => {
  /** What of a page would be printed: the rules for print, without their condition. */
  function asPrinted(...roots: readonly DocumentOrShadowRoot[]): void {
    for (const root of roots)
      root.adoptedStyleSheets = root.adoptedStyleSheets.map((one) => {
        const rules = [...one.cssRules].flatMap((rule) =>
          rule instanceof CSSMediaRule && rule.conditionText === 'print' ? [...rule.cssRules] : [],
        );
        const copy = new CSSStyleSheet();
        copy.replaceSync(rules.map(({ cssText }) => cssText).join('\n'));
        return rules.length > 0 ? copy : one;
      });
  }

  it('is alone, in a page that is strict about its layout, inside of another shadow root', async () => {
    const { print } = window;
    let printed = 0;
    window.print = () => {
      printed++;
      window.dispatchEvent(new Event('beforeprint'));
    };
    const outer = document.createElement('div');
    outer.id = 'outer';
    outer.innerHTML =
      '<style>#outer { display: grid !important; overflow: hidden }</style>text<p id="beside">beside</p>';
    const inner = document.createElement('div');
    outer.append(inner);
    const shadow = inner.attachShadow({ mode: 'open' });
    shadow.innerHTML = '<p>in the shadow</p><section><slot></slot><em>after</em></section>';
    document.body.prepend(outer);
    const [element, other] = [await render(full), await render(full)];
    inner.append('loose', element);
    await settled(element);
    const before = document.adoptedStyleSheets;
    const shadowBefore = shadow.adoptedStyleSheets;
    try {
      byPart(element, 'print-button').click();
      expect(printed).to.equal(1);
      asPrinted(document, shadow);
      const visible = (one: Element): boolean => one.checkVisibility({ visibilityProperty: true });
      expect([element, byPart(element, 'sheet')].map(visible)).to.deep.equal([true, true]);
      const hidden = [...shadow.querySelectorAll('p, em'), ...outer.querySelectorAll('#beside'), outer, other];
      expect(hidden.map(visible)).to.deep.equal(hidden.map(() => false));
      expect(getComputedStyle(outer).display).to.equal('block');
    } finally {
      window.print = print;
      document.adoptedStyleSheets = before;
      shadow.adoptedStyleSheets = shadowBefore;
      outer.remove();
    }
  });

  it('leaves no rule behind when it leaves the page', async () => {
    const element = await render(full);
    const count = document.adoptedStyleSheets.length;
    window.dispatchEvent(new Event('beforeprint'));
    expect(document.adoptedStyleSheets.length).to.equal(count + 1);
    element.remove();
    expect(document.adoptedStyleSheets.length).to.equal(count);
  });
});

/** What the page around the room does, and what becomes of it: white space, its styles, its classes, its own elements, its translator. */
import { expect, fixture } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { html, type LitElement, type TemplateResult } from 'lit';
import { ConsultRoom } from '../../src/elements/consult-room/consult-room.ts';
import { registerAgreement, type Consent, type RoomInterface } from '../../src/room/room.ts';
import type { RoomState } from '../../src/room/state/state.ts';
import { isInAppBrowser } from '../../src/ui/in-app-browser.ts';
import { registerTexts } from '../../src/ui/texts.ts';
import { define } from '../../src/define.ts';
import { german } from '../../src/consent/notice.de.ts';
import { de } from '../../src/locales/de.ts';
import { byPart, everything, settled, textOf } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

let next = new FakeRoom();

class TestRoom extends ConsultRoom {
  protected override createRoom(): RoomInterface {
    return next;
  }
}

const encryption = {
  suite: 's',
  epoch: '1',
  safetyCode: ['12345', '67890', '13579', '24680', '11223', '44556'],
  compared: false,
};
const problems = [{ id: 1, code: 'signaling-unreachable' as const }];

async function render(
  state: RoomState,
  template: TemplateResult | string = html`<consult-room></consult-room>`,
): Promise<TestRoom> {
  define(TestRoom);
  next = new FakeRoom(state);
  const box = await fixture<HTMLElement>(html`<div lang="de">${typeof template === 'string' ? '' : template}</div>`);
  if (typeof template === 'string') box.innerHTML = template;
  const element = box.querySelector<TestRoom>('consult-room')!;
  await settled(element);
  return element;
}

async function to(element: TestRoom, state: RoomState): Promise<void> {
  next.set(state);
  await settled(element);
}

const shown = (element: TestRoom, selector: string): boolean =>
  (element.renderRoot.querySelector<HTMLElement>(selector)?.offsetHeight ?? 0) > 0;

/** A page of its own, with its own styles and elements, and the whole library in it. */
async function page(content: string): Promise<Window & typeof globalThis> {
  const frame = await fixture<HTMLIFrameElement>(html`<iframe width="800" height="600"></iframe>`);
  frame.srcdoc = `<!doctype html><html lang="de"><head><meta charset="utf-8">${content}
    <script>globalThis.said = []; console.error = (...args) => said.push(args.join(' '));</script>
    <script type="module">import '/src/index.ts'; globalThis.loaded = true;</script></head>
    <body><consult-room config-url="/none"></consult-room></body></html>`;
  const inside = (): Window & typeof globalThis => frame.contentWindow as Window & typeof globalThis;
  await waitUntil(() => 'loaded' in inside(), 'the library did not load', { timeout: 18_000 });
  return inside();
}

describe('the page around the room', () => {
  describe('what stands in <consult-room>', () => {
    for (const [what, content] of Object.entries({
      'a blank': ' ',
      'a newline': '\n',
      'a comment': '<!-- the room -->',
      'words for the time until it is loaded': 'Wird geladen …',
      'a logo on a line of its own': '\n  <img slot="top" alt="Logo" src="data:,">\n',
      'what is not seen':
        '<script type="x"></script><style></style><template><p>x</p></template><noscript>x</noscript><br>',
    }))
      it(`leaves the built-in room in its place when it is ${what}`, async () => {
        const element = await render(snapshot.notice(), `<consult-room>${content}</consult-room>`);
        expect(shown(element, 'privacy-notice')).to.equal(true);
        expect(element.innerText).to.not.include('Wird geladen');
      });

    it('leaves a step in its place when its slot holds nothing that is seen', async () => {
      for (const content of [
        '<template slot="failed"><p>x</p></template>',
        '<script slot="failed" type="x"></script>',
      ]) {
        const element = await render(snapshot.failed(), `<consult-room>${content}</consult-room>`);
        expect(shown(element, '.view h2'), content).to.equal(true);
      }
    });

    it('becomes the layout when an element is added later, and gives the place back when it goes', async () => {
      const element = await render(snapshot.notice(), '<consult-room>\n</consult-room>');
      const own = document.createElement('p');
      element.append(own);
      await waitUntil(() => element.renderRoot.querySelector('privacy-notice') === null);
      own.remove();
      await waitUntil(() => shown(element, 'privacy-notice'));
    });

    it('has what went wrong shown above it when it is a layout of the site’s own', async () => {
      const element = await render(snapshot.active(), '<consult-room><p>layout</p></consult-room>');
      await to(element, snapshot.active({ problems }));
      expect(shown(element, '[part="problems"]')).to.equal(true);
      expect(textOf(element)).to.include(de['error.signaling-unreachable']);
    });
  });

  it('gives a call a height when it has a header and a footer and sets none', async () => {
    await setViewport({ width: 1280, height: 800 });
    const element = await render(
      snapshot.active({ participants: [participant()], encryption }),
      '<header>Kopf</header><consult-room></consult-room><footer>Fuß</footer>',
    );
    const window = await fixture<HTMLElement>(html`<div style="block-size: 100vh"></div>`);
    expect(element.offsetHeight).to.be.at.least(Math.min(640, window.offsetHeight * 0.7));
  });

  describe('that defines an element of our name', () => {
    for (const tag of ['privacy-notice', 'quick-exit', 'participant-tile'])
      it(`never has its <${tag}> rendered inside the room, and is told why`, async () => {
        const inside = await page(
          `<script>customElements.define('${tag}', class extends HTMLElement { connectedCallback() { this.textContent = 'FREMD'; } });
          globalThis.codes = []; addEventListener('consult-error', ({ detail }) => codes.push(detail.code));</script>`,
        );
        const element = inside.document.querySelector('consult-room')!;
        await waitUntil(() => element.phase === 'failed');
        await waitUntil(() => textOf(element).includes(de['error.element-name-taken']));
        expect([...everything(element.renderRoot)].some(({ localName }) => localName === tag)).to.equal(false);
        const { codes, said } = inside as unknown as { codes: string[]; said: string[] };
        expect(codes).to.deep.equal(['element-name-taken']);
        expect(said.join()).to.include(tag);
      });

    it('opens as ever when the definition is another copy of ours', async () => {
      const element = await render(snapshot.notice());
      expect(element.phase).to.equal('notice');
    });
  });

  describe('whose root has another font size', () => {
    const { getComputedStyle: original } = globalThis;
    const root = document.documentElement;
    afterEach(() => {
      root.style.fontSize = '';
      globalThis.getComputedStyle = original;
    });

    /** The size of a text, once the room has noticed the root's. */
    async function size(expected: (size: number) => boolean): Promise<number> {
      const element = await render(snapshot.failed());
      const read = (): number => Number.parseFloat(original(element.renderRoot.querySelector('p.lead')!).fontSize);
      await waitUntil(
        () => {
          element.requestUpdate();
          return expected(read());
        },
        'the size of the text',
        { timeout: 5_000 },
      );
      return read();
    }
    const plain = (): Promise<number> => size((pixels) => pixels >= 16 && pixels < 20);

    it('shows text of the size that it has elsewhere when the root is set to 62.5 %', async () => {
      const usual = await plain();
      root.style.fontSize = '62.5%';
      await size((pixels) => Math.abs(pixels - usual) < 0.5);
    });

    it('shows larger text when the root is larger', async () => {
      const usual = await plain();
      root.style.fontSize = '150%';
      await size((pixels) => pixels > usual * 1.4);
    });

    it('counts in the size that the person chose in the browser when the root is smaller than that', async () => {
      const usual = await plain();
      // What the browser's settings do: `medium` is 24 pixels.
      globalThis.getComputedStyle = (element, pseudo) => {
        const style = original(element, pseudo);
        const probe = element instanceof HTMLElement && element.style.fontSize === 'medium';
        return probe ? ({ ...style, fontSize: '24px' } as CSSStyleDeclaration) : style;
      };
      root.style.fontSize = '62.5%';
      await size((pixels) => Math.abs(pixels - usual * 1.5) < 0.5);
    });
  });

  describe('that hides the room', () => {
    const running = snapshot.active({ participants: [participant()], encryption });
    const pauses = (): number => next.calls.filter(([method]) => method === 'pause').length;

    for (const [how, hide] of Object.entries({
      'in a dialog that is closed': (element: TestRoom): void => element.closest('dialog')!.close(),
      'by a style': (element: TestRoom): void => element.closest('dialog')!.style.setProperty('display', 'none'),
    }))
      it(`pauses camera and microphone when it is hidden ${how}`, async () => {
        const element = await render(running, '<dialog open><consult-room></consult-room></dialog>');
        hide(element);
        await waitUntil(() => pauses() === 1, 'a pause');
        expect(next.calls.at(-1)).to.deep.equal(['pause', 'privacy']);
      });

    it('pauses nothing when no session runs, or it is paused already', async () => {
      for (const state of [snapshot.notice(), snapshot.paused('privacy', { participants: [participant()] })]) {
        const element = await render(state, '<dialog open><consult-room></consult-room></dialog>');
        element.closest('dialog')!.close();
        // As long as a hidden room is waited for, and more.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        expect(pauses()).to.equal(0);
      }
    });
  });

  describe('in the browser of an app', () => {
    const own = Object.getOwnPropertyDescriptor(navigator, 'userAgent');
    afterEach(() => {
      if (own) Object.defineProperty(navigator, 'userAgent', own);
      else Reflect.deleteProperty(navigator, 'userAgent');
    });
    const pretend = (userAgent: string): void =>
      void Object.defineProperty(navigator, 'userAgent', { configurable: true, value: userAgent });

    it('is told before the notice, with a link to copy, and can go on all the same', async () => {
      pretend(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 350.0',
      );
      const template = html`<consult-room invite="#consult=AWcTOKEN"></consult-room>`;
      const element = await render(snapshot.notice(), template);
      expect(shown(element, 'privacy-notice')).to.equal(false);
      expect(textOf(element)).to.include(de['consult-room.in-app.heading']);
      const link = `${location.origin}${location.pathname}${location.search}#consult=AWcTOKEN`;
      expect(element.renderRoot.querySelector<HTMLInputElement>('#link')!.value).to.equal(link);
      const { writeText } = navigator.clipboard;
      const copied: string[] = [];
      navigator.clipboard.writeText = async (text) => void copied.push(text);
      byPart(element, 'copy-link-button').click();
      await waitUntil(() => textOf(element).includes(de['consult-room.in-app.copied.yes']));
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      byPart(element, 'copy-link-button').click();
      await waitUntil(() => textOf(element).includes(de['consult-room.in-app.copied.refused']));
      navigator.clipboard.writeText = writeText;
      expect(copied).to.deep.equal([link]);
      byPart(element, 'continue-here-button').click();
      await waitUntil(() => shown(element, 'privacy-notice'));
    });

    it('is known by its name or as a web view, and browsers are not taken for one', () => {
      for (const app of [
        'Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 Version/4.0 Chrome/141.0 Mobile Safari/537.36',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/500]',
        'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36 Line/15.0',
      ])
        expect(isInAppBrowser(app), app).to.equal(true);
      for (const browser of [
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
        'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/141.0 Mobile/15E148 Safari/604.1',
        'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36',
      ])
        expect(isInAppBrowser(browser), browser).to.equal(false);
    });
  });

  describe('that writes classes anew', () => {
    it('does not take the marks of privacy off the room', async () => {
      const element = await render(snapshot.notice());
      expect(element.classList.contains('rr-block')).to.equal(true);
      element.className = 'beratung';
      element.removeAttribute('data-dd-privacy');
      await waitUntil(() => element.classList.contains('rr-block') && element.hasAttribute('data-dd-privacy'));
      expect(element.classList.contains('beratung')).to.equal(true);
    });
  });

  describe('in a language', () => {
    it('that is not there reads the German text from left to right', async () => {
      const element = await render(snapshot.notice(), '<div lang="ar" dir="rtl"><consult-room></consult-room></div>');
      for (const inner of [element, element.renderRoot.querySelector<LitElement>('privacy-notice')!])
        expect(getComputedStyle(inner.renderRoot.querySelector('section, div')!).direction).to.equal('ltr');
    });

    it('that is there is read as the page wants', async () => {
      const element = await render(snapshot.notice(), '<div lang="de" dir="rtl"><consult-room></consult-room></div>');
      expect(getComputedStyle(element.renderRoot.querySelector('section')!).direction).to.equal('rtl');
    });

    it('for which there is no notice asks for the consent in the language of the notice, and says so', async () => {
      const esperanto = Object.fromEntries(
        Object.entries(de).map(([key, text]) => [key, typeof text === 'string' ? `EO ${text}` : () => 'EO']),
      );
      registerTexts('eo', esperanto as Partial<typeof de>);
      const element = await render(snapshot.notice(), '<div lang="eo"><consult-room></consult-room></div>');
      expect(byPart(element, 'accept-button').textContent.trim()).to.equal(de['privacy-notice.accept']);
      expect(textOf(element)).to.include('EO');
      const notice = element.renderRoot.querySelector<LitElement>('privacy-notice')!;
      expect(notice.renderRoot.querySelector('.hint[lang="eo"]')?.textContent.trim()).to.equal('EO');
      await to(element, snapshot.devices());
      expect(byPart(element, 'continue-button').textContent.trim()).to.equal(`EO ${de['device-check.continue']}`);
      await to(element, snapshot.occupants());
      expect(byPart(element, 'continue-button').textContent).to.not.include('EO');
      byPart(element, 'continue-button').click();
      expect(next.calls).to.deep.include(['acceptRules', 'de']);
    });
  });

  describe('in a language that the site has brought', () => {
    const inLanguage = (mark: string): Partial<typeof de> =>
      Object.fromEntries(
        Object.entries(de).map(([key, text]) => [key, typeof text === 'string' ? `${mark} ${text}` : () => mark]),
      ) as Partial<typeof de>;
    const agreement = {
      version: 'own-1',
      notice: { ...german, title: () => 'OWN title' },
      rules: {
        'no-recording': { title: 'OWN', lines: ['OWN rule'] },
        'group-rules': { title: 'OWN', lines: ['OWN 1', 'OWN 2', 'OWN 3'] },
      },
    };

    it('[R1] asks for the consent in it, and names its version and language', async () => {
      registerAgreement('eu', agreement);
      registerTexts('eu', inLanguage('EU'));
      const element = await render(snapshot.notice(), '<div lang="eu-ES"><consult-room></consult-room></div>');
      expect(byPart(element, 'accept-button').textContent.trim()).to.equal(`EU ${de['privacy-notice.accept']}`);
      const notice = element.renderRoot.querySelector<LitElement>('privacy-notice')!;
      expect(notice.renderRoot.textContent).to.include('OWN title');
      expect(notice.renderRoot.querySelector('.hint')).to.equal(null);
      byPart(element, 'accept-button').click();
      await waitUntil(() => next.calls.some(([method]) => method === 'acceptNotice'));
      const [, consent] = next.calls.find(([method]) => method === 'acceptNotice') as [string, Consent];
      expect(consent.notice).to.include({ version: 'own-1', lang: 'eu' });
      await to(element, snapshot.occupants());
      expect(textOf(element)).to.include('OWN rule');
    });

    it('[R1] asks for the consent in German while buttons in it are missing', async () => {
      const { 'relay-consent-dialog.accept': _missing, ...most } = inLanguage('GL');
      registerAgreement('gl', agreement);
      registerTexts('gl', most);
      const element = await render(snapshot.notice(), '<div lang="gl"><consult-room></consult-room></div>');
      expect(byPart(element, 'accept-button').textContent.trim()).to.equal(de['privacy-notice.accept']);
      expect(textOf(element)).to.not.include('OWN');
    });
  });

  describe('that is translated', () => {
    /** As the translators of browsers do: each text becomes a `<font>` in a `<font>`, but where it is marked. */
    function translate(root: ParentNode, obeys: 'marks' | 'nothing'): void {
      const inner = [...root.querySelectorAll('*')];
      for (const element of inner) if (element.shadowRoot) translate(element.shadowRoot, obeys);
      for (const element of inner) {
        if (element.localName === 'style' || element.closest('svg')) continue;
        if (obeys === 'marks' && element.closest('[translate="no"], .notranslate')) continue;
        for (const node of element.childNodes) {
          if (!(node instanceof Text) || node.data.trim() === '') continue;
          const font = document.createElement('font');
          font.append(Object.assign(document.createElement('font'), { textContent: 'tercüme' }));
          node.replaceWith(font);
        }
      }
    }

    it('does not hand names, what is written, and the code to the translator', async () => {
      const chat = [{ id: 1, from: 'p1', name: 'Frau Sommer', host: false, text: 'Hier ist Frau Sommer', at: 1 }];
      const people = participant({
        name: 'Frau Sommer',
        occupants: { people: ['Frau Sommer'], hash: 'h' },
        acknowledged: { byUs: false, byThem: false },
        relay: { step: 'granted', direct: 'found' },
      });
      const own: RoomState = snapshot.active({
        role: 'host',
        name: 'Frau Sommer',
        participants: [people],
        knocks: [{ id: 'k', name: 'Frau Sommer', returning: true, formerName: 'Frau Sommer', since: 1, hash: 'h' }],
        problems: [{ id: 2, code: 'recording-refused', about: 'Frau Sommer' }],
        encryption,
        chat,
      });
      const element = await render(own);
      const secret = /Frau Sommer|12345/u;
      // What is announced names people too.
      const announced = element.renderRoot.querySelector('[aria-live]')!;
      await waitUntil(() => announced.childElementCount > 0, 'an announcement');
      let seen = 0;
      const check = (): void => {
        for (const found of everything(element.renderRoot))
          for (const node of found.childNodes)
            if (node instanceof Text && secret.test(node.data)) {
              seen++;
              expect(found.closest('[translate="no"]'), found.outerHTML).to.not.equal(null);
              expect(found.closest('.notranslate'), found.outerHTML).to.not.equal(null);
            }
      };
      check();
      for (const button of element.renderRoot.querySelectorAll<HTMLElement>('.panels button')) {
        button.click();
        await settled(element);
        check();
      }
      expect(seen).to.be.at.least(8);
    });

    it('shows what has changed since, and not what the translator left there', async () => {
      const element = await render(snapshot.active({ participants: [participant()], encryption }));
      translate(element.renderRoot, 'marks');
      expect(element.renderRoot.querySelector('.safe')!.textContent).to.include('tercüme');
      await to(
        element,
        snapshot.active({ participants: [participant({ encryption: 'pending' })], encryption, problems }),
      );
      expect(textOf(element)).to.include(de['consult-room.encrypting']);
      expect(textOf(element)).to.include(de['error.signaling-unreachable']);
      await to(element, snapshot.paused('privacy', { participants: [participant()], encryption }));
      expect(textOf(element)).to.include(de['consult-room.paused.text.privacy']);
    });

    it('writes a changed sentence where the translator had put its own', async () => {
      const element = await render(snapshot.active({ participants: [participant()], encryption }));
      const code = document.createElement('safety-code') as LitElement;
      element.append(code);
      await settled(code);
      const state = (): string => code.renderRoot.querySelector('.state')!.textContent.trim();
      translate(code.renderRoot, 'marks');
      expect(state()).to.equal('tercüme');
      next.set(snapshot.active({ participants: [participant()], encryption: { ...encryption, compared: true } }));
      await settled(code);
      expect(state()).to.equal(de['safety-code.compared']);
    });

    it('leaves the words of a consent alone when the translator obeys the marks', async () => {
      const element = await render(snapshot.notice());
      translate(element.renderRoot, 'marks');
      byPart(element, 'accept-button').click();
      await waitUntil(() => next.calls.some(([method]) => method === 'acceptNotice'));
    });

    it('[R1] takes no consent to words that were changed, shows them again, and says so', async () => {
      const element = await render(snapshot.notice());
      translate(element.renderRoot, 'nothing');
      byPart(element, 'accept-button').click();
      await waitUntil(() => textOf(element).includes(de['agreement.altered']));
      expect(next.calls).to.deep.equal([['start']]);
      const notice = element.renderRoot.querySelector<LitElement>('privacy-notice')!;
      expect(notice.renderRoot.querySelector('.original')!.textContent).to.not.include('tercüme');
      byPart(element, 'accept-button').click();
      await waitUntil(() => next.calls.some(([method]) => method === 'acceptNotice'));
    });

    it('[R16] takes no acceptance of rules that were changed', async () => {
      const element = await render(snapshot.occupants());
      translate(element.renderRoot, 'nothing');
      byPart(element, 'continue-button').click();
      await waitUntil(() => textOf(element).includes(de['agreement.altered']));
      expect(next.calls).to.deep.equal([['start']]);
      byPart(element, 'continue-button').click();
      expect(next.calls.map(([method]) => method)).to.include('acceptRules');
    });

    it('[R8] takes no yes to a relay question that was changed, and every no', async () => {
      const asked = snapshot.connecting({
        participants: [
          participant({ connection: 'connecting', relay: { step: 'asked', ours: 'open', theirs: 'open' } }),
        ],
        encryption,
      });
      const element = await render(asked);
      const dialog = element.renderRoot.querySelector<LitElement>('relay-consent-dialog')!;
      translate(dialog.renderRoot, 'nothing');
      byPart(dialog, 'accept-button').click();
      await waitUntil(() => textOf(dialog).includes(de['agreement.altered']));
      expect(next.calls).to.deep.equal([['start']]);
      translate(dialog.renderRoot, 'nothing');
      byPart(dialog, 'decline-button').click();
      expect(next.calls.at(-1)?.slice(0, 2)).to.deep.equal(['answerRelay', false]);
    });
  });

  describe('with its writing tools', () => {
    it('gets nothing that people write: no spelling, no suggestions, no history, no password manager', async () => {
      const element = await render(snapshot.devices());
      const fields = [byPart(element, 'name-input')];
      await to(element, snapshot.occupants());
      byPart(element, 'company-button').click();
      await settled(element);
      fields.push(byPart(element, 'occupants-input'));
      await to(element, snapshot.active({ participants: [participant()], encryption }));
      byPart(element, 'chat-button').click();
      await settled(element);
      fields.push(byPart(element, 'chat-input'));
      for (const field of fields) {
        expect(field.getAttribute('spellcheck')).to.equal('false');
        expect(field.getAttribute('autocorrect')).to.equal('off');
        expect(field.getAttribute('autocomplete')).to.equal('off');
        expect(field.getAttribute('writingsuggestions')).to.equal('false');
        expect(field.getAttribute('translate')).to.equal('no');
        for (const name of ['data-gramm', 'data-lt-active', 'data-1p-ignore', 'data-lpignore', 'data-bwignore'])
          expect(field.hasAttribute(name), name).to.equal(true);
        // Browsers offer the real name to fields that are called so, whatever `autocomplete` says.
        expect(`${field.id} ${(field as HTMLInputElement).name}`).to.not.match(/(?<!nick)name/iu);
      }
    });
  });
});

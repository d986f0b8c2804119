import { expect, fixture } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';
import { ConsultElement } from '../../src/ui/consult-element.ts';
import { addGerman, awaitGerman, loadTexts, refreshTexts, registerTexts, Texts } from '../../src/ui/texts.ts';
import { waitUntil } from '../support/wait-until.ts';

class TextElement extends LitElement {
  readonly texts = new Texts(this);
  protected override render(): TemplateResult {
    return html`${this.texts.term('device-check.continue')}`;
  }
}
customElements.define('test-texts', TextElement);
class Outer extends LitElement {
  protected override render(): TemplateResult {
    return html`<test-texts></test-texts>`;
  }
}
customElements.define('test-texts-outer', Outer);
class Late extends ConsultElement {
  protected override render(): TemplateResult {
    return html`<p>${this.t('device-check.continue')} ${this.t('waiting-room.admit')}</p>`;
  }
}
customElements.define('test-texts-late', Late);

const shown = async (element: TextElement): Promise<string> => {
  await element.updateComplete;
  return element.renderRoot.textContent ?? '';
};

describe('texts', () => {
  before(() => loadTexts('en'));

  it('follow the nearest lang, through shadow roots', async () => {
    const outer = await fixture<Outer>(html`<div lang="en"><test-texts-outer></test-texts-outer></div>`);
    const inner = outer.querySelector('test-texts-outer')!.shadowRoot!.querySelector<TextElement>('test-texts')!;
    expect(await shown(inner)).to.equal('Continue');
  });

  it('fall back to German for an unknown or invalid language', async () => {
    for (const lang of ['xh', 'not a language!']) {
      const box = await fixture(html`<div lang=${lang}><test-texts></test-texts></div>`);
      const element = box.querySelector<TextElement>('test-texts')!;
      expect(await shown(element)).to.equal('Weiter');
      expect(element.texts.shown()).to.equal('de');
    }
  });

  it('change with the lang of an ancestor', async () => {
    const box = await fixture<HTMLElement>(html`<div lang="de"><test-texts></test-texts></div>`);
    box.lang = 'en';
    refreshTexts();
    expect(await shown(box.querySelector('test-texts')!)).to.equal('Continue');
  });

  it('use a site’s wording of one text and keep the others', async () => {
    registerTexts('en-GB', { 'device-check.continue': 'Carry on' });
    const box = await fixture(html`<div lang="en-GB"><test-texts></test-texts></div>`);
    const element = box.querySelector<TextElement>('test-texts')!;
    expect(await shown(element)).to.equal('Carry on');
    expect(element.texts.term('waiting-room.admit')).to.equal('Let in');
  });

  it('use a language only when it has every text, from whichever calls', async () => {
    const read = async (lang: string): Promise<string> => {
      const box = await fixture(html`<div lang=${lang}><test-texts></test-texts></div>`);
      return box.querySelector<TextElement>('test-texts')!.texts.shown();
    };
    const { 'device-check.continue': one, ...others } = en;
    registerTexts('fr', others);
    expect(await read('fr')).to.equal('de');
    registerTexts('fr', { 'device-check.continue': one });
    expect(await read('fr')).to.equal('fr');
    // A part of one region stands on the whole language; a region's own whole says nothing of the others.
    registerTexts('fr-CA', { 'device-check.continue': one });
    expect(await read('fr-CA')).to.equal('fr-ca');
    registerTexts('pt-BR', en);
    expect([await read('pt-BR'), await read('pt')]).to.deep.equal(['pt-br', 'de']);
    registerTexts('en-GB', { 'device-check.continue': 'Carry on' });
    expect(await read('en-GB')).to.equal('en-gb');
  });

  it('say for every error what happened and what to do, in every language', async () => {
    for (const [lang, table] of [
      ['de', de],
      ['en', en],
    ] as const) {
      const box = await fixture(html`<div lang=${lang}><test-texts></test-texts></div>`);
      const { texts } = box.querySelector<TextElement>('test-texts')!;
      for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
        const { what, advice } = texts.error(code);
        expect(what, code).to.match(/[.!?]$/u);
        expect(advice, code).to.match(/[.!?]$/u);
        expect(table[`error.${code}`]).to.equal(what);
      }
    }
  });

  describe('of a language that is loaded when it is shown', () => {
    const late = async (lang: string): Promise<Late> => {
      const box = document.body.appendChild(document.createElement('div'));
      box.lang = lang;
      const element = document.createElement('test-texts-late') as Late;
      box.append(element);
      return element;
    };
    const read = (element: Late): string | undefined => element.renderRoot.querySelector('p')?.textContent;

    it('show nothing before they arrive, and never another language', async () => {
      let arrive: (texts: typeof en) => void = () => undefined;
      registerTexts('it', () => new Promise((resolve) => (arrive = resolve)));
      const element = await late('it');
      await new Promise(requestAnimationFrame);
      expect(read(element)).to.equal(undefined);
      arrive({ ...en, 'device-check.continue': 'Avanti' });
      await element.updateComplete;
      expect(read(element)).to.equal('Avanti Let in');
    });

    it('leave what the site worded before them', async () => {
      registerTexts('da', async () => ({ ...en, 'device-check.continue': 'Videre' }));
      registerTexts('da', { 'waiting-room.admit': 'Luk ind' });
      const element = await late('da');
      await element.updateComplete;
      expect(read(element)).to.equal('Videre Luk ind');
    });

    it('are German after a failure, and change when a later attempt succeeds', async () => {
      let attempts = 0;
      registerTexts('nl', async () => {
        if (++attempts === 1) throw new TypeError('Failed to fetch dynamically imported module');
        return { ...en, 'device-check.continue': 'Verder' };
      });
      const element = await late('nl');
      await element.updateComplete;
      expect(read(element)).to.equal('Weiter Hereinlassen');
      await waitUntil(() => read(element) === 'Verder Let in', '');
      expect(attempts).to.equal(2);
    });
  });

  describe('where a part of German comes later, as in the CDN folder,', () => {
    const read = async (lang: string): Promise<TextElement> =>
      (await fixture(html`<div lang=${lang}><test-texts></test-texts></div>`)).querySelector('test-texts')!;
    const { 'device-check.continue': weiter } = de;

    it('wait for it before they call another language complete', async () => {
      let arrive: () => void = () => undefined;
      const rest = new Promise<void>((resolve) => (arrive = resolve));
      awaitGerman(() => rest.then(() => addGerman({ 'device-check.continue': weiter }, 'last')));
      registerTexts('sv', { ...en, 'device-check.continue': 'Vidare' });
      const element = await read('sv');
      expect(element.texts.shown()).to.equal('de');
      expect(await shown(element)).to.equal('Weiter');
      const loading = loadTexts('sv');
      arrive();
      await loading;
      expect(element.texts.shown()).to.equal('sv');
      await waitUntil(async () => (await shown(element)) === 'Vidare', 'Swedish');
      // Once all of German is there, nothing else waits.
      registerTexts('fi', { ...en, 'device-check.continue': 'Jatka' });
      expect((await read('fi')).texts.shown()).to.equal('fi');
    });

    it('fall back to it, and notice what a language lacks', async () => {
      const key = 'device-check.of-later' as keyof typeof de;
      registerTexts('nb', en);
      const element = await read('nb');
      expect(element.texts.shown()).to.equal('nb');
      addGerman({ [key]: 'Später' }, 'last');
      expect(element.texts.shown()).to.equal('de');
      expect(element.texts.term(key)).to.equal('Später');
      for (const lang of ['nb', 'en', 'fr']) registerTexts(lang, { [key]: 'Later' });
      expect(element.texts.shown()).to.equal('nb');
    });

    it('leave what the site worded before', async () => {
      registerTexts('de', { 'device-check.continue': 'Los' });
      addGerman({ 'device-check.continue': weiter }, 'last');
      try {
        expect(await shown(await read('de'))).to.equal('Los');
      } finally {
        registerTexts('de', { 'device-check.continue': weiter });
      }
    });
  });

  it('mix no words of one language into the other', () => {
    const words = (table: object): readonly string[] =>
      // Functions by their source: it holds the words.
      Object.values(table).map(String);
    expect(words(en).filter((text) => /\b(und|nicht|Sie|bitte)\b/u.test(text))).to.deep.equal([]);
    expect(words(de).filter((text) => /\b(the|and|please|you)\b/u.test(text))).to.deep.equal([]);
  });
});

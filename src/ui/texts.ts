/** Texts of an element, in the language of its closest ancestor with a `lang`, across shadow roots. */
import type { ReactiveControllerHost } from 'lit';
import { LocalizeController, registerTranslation, update, type FunctionParams } from '@shoelace-style/localize';
import { de, type Texts as TextTable } from '../locales/de.ts';
import { agreementLanguage, type ErrorCode, type Problem } from '../room/room.ts';
import { LateTexts } from './late-texts.ts';

export type { TextTable };
export type TextKey = keyof TextTable;
type Translation = TextTable & { readonly $code: string; readonly $name: string; readonly $dir: 'ltr' | 'rtl' };

/** German, which every language falls back to. In the CDN folder the texts of later elements are added when these are loaded. */
const german: TextTable = { ...de };

/** Loads the rest of German; null where it is whole. */
let loadRest: (() => Promise<unknown>) | null = null;

/** Registered text keys by language code. */
const given = new Map<string, Set<string>>();

/** Cache of {@link isComplete}; texts are added and never removed. */
const complete = new Set<string>();

/** Whether the language has every text, counting those of its region and of the language; otherwise German is used. */
function isComplete(lang: string): boolean {
  if (late.isMissing(lang)) return false;
  if (complete.has(lang)) return true;
  const { language, region } = new Intl.Locale(lang);
  const own = given.get(`${language}-${region?.toLowerCase() ?? ''}`);
  const base = given.get(language);
  const all = Object.keys(german).every((key) => own?.has(key) || base?.has(key));
  if (all) complete.add(lang);
  return all;
}

const late = new LateTexts(addMissing);

/** Adds texts of the library: the site's own wording stays, which may have been there first. */
function addMissing(lang: string, texts: Partial<TextTable>): void {
  const own = given.get(lang);
  addTexts(lang, Object.fromEntries(Object.entries(texts).filter(([key]) => !own?.has(key))));
}

/**
 * Says that only a part of German is there. Languages registered from now on wait for the rest: before, nobody knows whether they have
 * every text.
 *
 * @param load calls {@link addGerman}
 */
export function awaitGerman(load: () => Promise<unknown>): void {
  loadRest = load;
}

/** Adds texts of German that are late: `last` where it is whole with them. */
export function addGerman(texts: Partial<TextTable>, which: 'some' | 'last'): void {
  if (which === 'last') loadRest = null;
  Object.assign(german, texts);
  complete.clear();
  addMissing('de', texts);
}

/**
 * Adds a language, or a site's own wording of one.
 *
 * @param lang BCP 47, such as `de` or `pt-BR`
 * @param texts some or all texts; those of an earlier call stay where this one has none. A function loads them when the language is
 *   first shown; where it rejects, German is shown and the function is called again later.
 */
export function registerTexts(lang: string, texts: Partial<TextTable> | (() => Promise<Partial<TextTable>>)): void {
  if (typeof texts === 'function') late.add(lang.toLowerCase(), texts);
  else addTexts(lang, texts);
}

/**
 * Loads a language that is not there yet, as elements do by themselves before they show it.
 *
 * @param lang BCP 47
 * @returns when it is there, or could not be loaded within seconds and German stands in
 */
export function loadTexts(lang: string): Promise<void> {
  return late.load(lang) ?? Promise.resolve();
}

function addTexts(lang: string, texts: Partial<TextTable>): void {
  const name = new Intl.DisplayNames(['en'], { type: 'language' }).of(lang) ?? lang;
  const direction = /^(ar|fa|he|ur|ps|yi|ckb)\b/u.test(lang) ? 'rtl' : 'ltr';
  const code = lang.toLowerCase();
  if (loadRest && code !== 'de') loadWith(code, loadRest);
  given.set(code, new Set([...(given.get(code) ?? []), ...Object.keys(texts)]));
  // The library merges entries of one code; missing keys exist already or fall back in `term`.
  const translation: Partial<TextTable> & Pick<Translation, '$code' | '$name' | '$dir'> = {
    ...texts,
    $code: lang,
    $name: name,
    $dir: direction,
  };
  registerTranslation(translation);
}

/** Re-renders every connected element, for a `lang` that changed below the root element. */
export const refreshTexts = update;

registerTexts('de', de);
registerTexts('en', async () => (await import('../locales/en.ts')).en);

/**
 * Loads with a language what else must be in it, such as the text that people agree to: buttons and what they agree to never part.
 * Until both are there, German is shown.
 */
export function loadWith(lang: string, load: () => Promise<unknown>): void {
  late.add(lang, async () => {
    await load();
    return {};
  });
}

function nearestLang(element: Element): string {
  let node: Element | null = element;
  while (node) {
    const found: Element | null = node.closest('[lang]');
    if (found) return found.getAttribute('lang') ?? '';
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : null;
  }
  return '';
}

/** Cache: `lang key` of existing texts; texts are added and replaced, never removed. */
const there = new Set<string>();

/** Any language that has texts, or only those in which there are texts that people agree to: nobody presses "J'accepte" under a German notice. */
export type Speaks = 'any' | 'agreement';

/** Problems that are about a participant, and their words. */
const ABOUT = {
  'hand-over-declined': 'consult-room.problem.hand-over-declined',
  'stand-in-leads': 'consult-room.problem.stand-in-leads',
  'host-changed': 'consult-room.problem.host-changed',
  'handed-over': 'consult-room.problem.host-changed',
} as const satisfies Partial<Record<ErrorCode, TextKey>>;

export class Texts extends LocalizeController<Translation> {
  readonly #speaks: Speaks;
  /** Language of the host while it renders, looked up once for all its texts. */
  #rendered: string | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, speaks: Speaks = 'any') {
    super(host);
    this.#speaks = speaks;
  }

  hostUpdate(): void {
    this.#rendered = null;
    this.#rendered = this.lang();
  }

  hostUpdated(): void {
    this.#rendered = null;
  }

  override lang(): string {
    if (this.#rendered !== null) return this.#rendered;
    const lang = this.#wanted();
    if (this.#speaks === 'any') return lang;
    // A language of the site's own whose texts are incomplete would ask for a consent in two languages.
    const isWhole = late.isMissing(lang) || isComplete(lang);
    return new Intl.Locale(lang).language === agreementLanguage(lang) && isWhole ? lang : 'de';
  }

  /** While the language is being loaded: when to render. Null where it is there, or another stands in for it. */
  loading(): Promise<void> | null {
    return late.load(this.lang());
  }

  #wanted(): string {
    const wanted = nearestLang(this.host);
    try {
      return wanted ? new Intl.Locale(wanted.replaceAll('_', '-')).toString().toLowerCase() : super.lang();
    } catch (error: unknown) {
      // A page may put anything into `lang`; ignore what is not a language tag.
      if (error instanceof RangeError) return 'de';
      throw error;
    }
  }

  /** The language of the shown texts, for the `lang` of what an element renders. */
  shown(): string {
    const lang = this.lang();
    return isComplete(lang) ? lang : 'de';
  }

  /** The direction of the texts that stand in for a language that is not there; null where the language is. */
  directionShown(): 'ltr' | 'rtl' | null {
    const shown = this.shown();
    return shown === 'de' && new Intl.Locale(this.#wanted()).language !== 'de' ? 'ltr' : null;
  }

  override term<K extends keyof Translation>(key: K, ...args: FunctionParams<Translation[K]>): string {
    if (!late.isMissing(this.lang()) && this.#has(key)) return super.term(key, ...args);
    // The localisation library may be shared with other elements on the page, so its fallback may be another language.
    const text: unknown = key in german ? german[key as TextKey] : key;
    return typeof text === 'function' ? String(text(...args)) : String(text);
  }

  #has(key: keyof Translation): boolean {
    const lang = this.lang();
    const name = `${lang} ${key}`;
    if (!there.has(name) && this.exists(key, { lang })) there.add(name);
    return there.has(name);
  }

  /** What happened and what to do about it, in words for people. */
  error(code: ErrorCode): { readonly what: string; readonly advice: string } {
    // In the entry of the CDN folder only those texts are there first that can be needed then.
    const known: ErrorCode = `error.${code}` in german ? code : 'action-failed';
    return { what: this.term(`error.${known}`), advice: this.term(`error.${known}.advice`) };
  }

  /** As {@link error}, naming the participant on whose page it happened if it was not this one. */
  problem({ code, about }: Problem): { readonly what: string; readonly advice: string } {
    if (about === undefined) return this.error(code);
    const key = (ABOUT as Partial<Record<ErrorCode, (typeof ABOUT)[keyof typeof ABOUT]>>)[code];
    if (key) return { what: this.term(key, about), advice: this.error(code).advice };
    const elsewhere = 'consult-room.problem.recording-elsewhere';
    return { what: this.term(elsewhere, about), advice: this.term(`${elsewhere}.advice`) };
  }

  /** A country by its code, in the reader's language. */
  country(code: string): string {
    return new Intl.DisplayNames([this.lang()], { type: 'region' }).of(code) ?? code;
  }

  /** “Mia, Anna und Tom”. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.lang(), { type: 'conjunction' }).format(items);
  }

  /** Whole minutes since then; never negative, because clocks differ. */
  minutesSince(then: number, now: number): number {
    return Math.max(0, Math.floor((now - then) / 60_000));
  }
}

/**
 * Languages that are loaded when they are first shown. Most people need one language only, and a page that waits for two is slower for
 * everyone.
 */
import type { Texts as TextTable } from '../locales/de.ts';

type Load = () => Promise<Partial<TextTable>>;

/** How long elements wait for their language before they show German, in milliseconds. */
const PATIENCE = 4_000;
/** Milliseconds until a language that could not be loaded is tried again, doubled with every failure up to the last. */
const RETRY = { first: 2_000, last: 60_000 } as const;

interface Source {
  readonly lang: string;
  readonly load: Load;
  state: { readonly kind: 'idle' | 'given-up' } | { readonly kind: 'waiting'; readonly until: Promise<void> };
}

export class LateTexts {
  /** What has not arrived yet. */
  readonly #sources = new Set<Source>();
  readonly #arrived: (lang: string, texts: Partial<TextTable>) => void;

  constructor(arrived: (lang: string, texts: Partial<TextTable>) => void) {
    this.#arrived = arrived;
  }

  /** @param lang BCP 47 in lower case; several sources of one language arrive together */
  add(lang: string, load: Load): void {
    this.#sources.add({ lang, load, state: { kind: 'idle' } });
  }

  /** Whether something of the language is missing that would be loaded. */
  isMissing(lang: string): boolean {
    return this.#of(lang).length > 0;
  }

  /** Loads a language. Null where nothing is to be waited for; never rejects. */
  load(lang: string): Promise<void> | null {
    const waits = this.#of(lang).flatMap((source) => this.#wait(source) ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : null;
  }

  /** `en-gb` is made of `en` and `en-gb`. */
  #of(lang: string): readonly Source[] {
    return [...this.#sources].filter((source) => `${lang}-`.startsWith(`${source.lang}-`));
  }

  #wait(source: Source): Promise<void> | null {
    if (source.state.kind === 'given-up') return null;
    if (source.state.kind === 'waiting') return source.state.until;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
    const until = Promise.race([this.#try(source, RETRY.first), patience]).then(() => {
      source.state = { kind: 'given-up' };
    });
    source.state = { kind: 'waiting', until };
    return until;
  }

  /** Resolves with the first attempt; further ones follow by themselves. */
  async #try(source: Source, pause: number): Promise<void> {
    try {
      const texts = await source.load();
      this.#sources.delete(source);
      this.#arrived(source.lang, texts);
    } catch {
      setTimeout(() => void this.#try(source, Math.min(pause * 2, RETRY.last)), pause);
    }
  }
}

/** Looks for words in the index that the build made: their beginnings, and with one letter wrong. */
import MiniSearch from 'minisearch';
import type { SearchEntry } from '../site/search-index.ts';
import { language } from './language.ts';

/** How many results are shown. */
const MOST = 30;
/** Characters of text shown around the first hit. */
const EXCERPT = 160;

const WORDS = {
  de: {
    none: (query: string) => `Nichts gefunden zu „${query}“.`,
    found: (count: number) => (count === 1 ? '1 Stelle' : `${String(count)} Stellen`),
    failed: 'Das Verzeichnis konnte nicht geladen werden. Bitte laden Sie die Seite neu.',
  },
  en: {
    none: (query: string) => `Nothing found for “${query}”.`,
    found: (count: number) => (count === 1 ? '1 place' : `${String(count)} places`),
    failed: 'The index could not be loaded. Please reload the page.',
  },
}[language];

/** Small letters without marks, so that “grosse” finds “Größe”. */
const folded = (term: string): string =>
  term
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '');

const input = document.querySelector<HTMLInputElement>('#query');
const count = document.querySelector<HTMLElement>('#count');
const results = document.querySelector<HTMLElement>('#results');

async function load(address: string): Promise<MiniSearch<SearchEntry>> {
  const entries = (await (await fetch(address)).json()) as readonly SearchEntry[];
  const index = new MiniSearch<SearchEntry>({
    fields: ['title', 'page', 'text'],
    storeFields: ['title', 'page', 'text'],
    processTerm: folded,
    searchOptions: {
      boost: { title: 4, page: 2 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 1 : false),
      combineWith: 'AND',
    },
  });
  index.addAll(entries);
  return index;
}

/** A piece of the text, from the first word that was looked for. */
function excerpt(text: string, terms: readonly string[]): string {
  const whole = folded(text);
  const at = Math.max(0, Math.min(...terms.map((term) => (whole.includes(term) ? whole.indexOf(term) : Infinity))));
  const start = Number.isFinite(at) ? Math.max(0, at - 40) : 0;
  return `${start > 0 ? '… ' : ''}${text.slice(start, start + EXCERPT)}${start + EXCERPT < text.length ? ' …' : ''}`;
}

function line(hit: SearchEntry, terms: readonly string[]): HTMLElement {
  const link = document.createElement('a');
  // Paths of the index are those of pages beside this one.
  link.href = hit.id;
  link.textContent = hit.title === hit.page ? hit.title : `${hit.page}: ${hit.title}`;
  const text = document.createElement('p');
  text.textContent = excerpt(hit.text, terms);
  const item = document.createElement('li');
  item.append(link, text);
  return item;
}

function show(index: MiniSearch<SearchEntry>, query: string): void {
  const hits = query.trim() === '' ? [] : index.search(query);
  results?.replaceChildren(...hits.slice(0, MOST).map((hit) => line(hit as unknown as SearchEntry, hit.queryTerms)));
  if (count)
    count.textContent =
      query.trim() === '' ? '' : hits.length === 0 ? WORDS.none(query.trim()) : WORDS.found(hits.length);
}

/** An address that someone cut off in the middle of a letter is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A link to a search leads to its results again; what stands behind `#` is not sent anywhere. */
const remember = (query: string): void =>
  history.replaceState(history.state, '', query === '' ? location.pathname : `#${encodeURIComponent(query)}`);

if (input) {
  try {
    const index = await load(input.dataset['index'] ?? '');
    input.addEventListener('input', () => show(index, input.value));
    input.addEventListener('change', () => remember(input.value.trim()));
    const wanted = decoded(location.hash.slice(1));
    if (wanted !== '') {
      input.value = wanted;
      show(index, wanted);
    }
    input.focus();
  } catch {
    if (count) count.textContent = WORDS.failed;
  }
}

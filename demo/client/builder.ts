/** The builder: reads its form at each change, and writes what a site needs, or what is wrong. */
import { hashes } from 'virtual:hashes';
import { registerTexts } from '../../src/index.ts';
import type { TextTable } from '../../src/ui/texts.ts';
import { publicPart, parseServerConfiguration } from '../../src/configuration.ts';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';
import type { PolicyName } from '../../src/policy.ts';
import { replaceRooms, ScriptedRoom } from '../../src/testing/testing.ts';
import { configurationOf, embeddingOf, mistakesOf, type Form } from './embed.ts';
import { language } from './language.ts';
import { dressStage } from './stage-theme.ts';

const WORDS = {
  de: {
    missing: 'Bitte füllen Sie dieses Feld aus.',
    'exit-href': 'Eine Adresse mit https:// oder ein Pfad Ihrer Seite, der mit / beginnt.',
    origin:
      'Nur https:// und der Name, ohne Pfad, zum Beispiel https://beratung.example. Zum Ausprobieren auf diesem Rechner: http://localhost:8787',
    base: 'Ein Pfad Ihrer Seite, der mit / beginnt und endet, zum Beispiel /consult-room/',
    signaling: 'Eine Adresse mit wss://, ohne Passwort und ohne #, zum Beispiel wss://signal.example/signal',
    country: 'Zwei Großbuchstaben. Server müssen im Europäischen Wirtschaftsraum stehen.',
    email: 'Eine E-Mail-Adresse, zum Beispiel post@nord.example',
    'relay-host':
      'Ein Servername ohne Schema und Port, zum Beispiel turn.nord.example. „Gewaltschutz“ braucht ihn immer.',
    'relay-address': 'Eine IP-Adresse, zum Beispiel 203.0.113.7',
    text: 'Bitte ohne die Zeichen " < > und ohne Zeilenumbruch, und nicht leer.',
    waiting: 'Bitte verbessern Sie zuerst die Eingaben, die rot markiert sind.',
  },
  en: {
    missing: 'Please fill in this field.',
    'exit-href': 'An address with https://, or a path of your site that begins with /.',
    origin:
      'Only https:// and the name, without a path, such as https://beratung.example. To try it on this computer: http://localhost:8787',
    base: 'A path of your site that begins and ends with /, such as /consult-room/',
    signaling: 'An address with wss://, without a password and without #, such as wss://signal.example/signal',
    country: 'Two capital letters. Servers must be in the European Economic Area.',
    email: 'An email address, such as post@nord.example',
    'relay-host':
      'A server name without scheme and port, such as turn.nord.example. “Protection from violence” always needs it.',
    'relay-address': 'An IP address, such as 203.0.113.7',
    text: 'Please without the characters " < > and without line breaks, and not empty.',
    waiting: 'Please correct the fields marked in red first.',
  },
}[language];

const TABLES: Readonly<Record<string, Partial<TextTable>>> = { de, en };

const form = document.querySelector<HTMLFormElement>('#builder');
const stage = document.querySelector<HTMLElement>('#stage');
const rows = document.querySelector<HTMLElement>('#texts');

const rowsOf = (): readonly HTMLElement[] => [...(rows?.querySelectorAll<HTMLElement>('.row') ?? [])];
const isCalled = (entry: [string, FormDataEntryValue]): entry is [string, string] => typeof entry[1] === 'string';

function read(source: HTMLFormElement): Form {
  const texts = rowsOf().map((row) => [
    row.querySelector('select')?.value ?? '',
    row.querySelector('input')?.value ?? '',
  ]);
  return {
    fields: Object.fromEntries([...new FormData(source)].filter(isCalled)),
    texts: Object.fromEntries(texts) as Readonly<Record<string, string>>,
  };
}

function mark(control: Element | null | undefined, place: Element | null | undefined, words: string): void {
  if (place && place.textContent !== words) place.textContent = words;
  if (words === '') control?.removeAttribute('aria-invalid');
  else control?.setAttribute('aria-invalid', 'true');
}

function write(id: string, text: string): void {
  const block = document.querySelector<HTMLElement>(`#result-${id}`);
  const code = block?.querySelector('code');
  if (!block || !code) return;
  block.hidden = text === '';
  code.textContent = text;
}

/** Shows the room as the site would have it, from the notice on. */
function preview({ fields, texts }: Form): void {
  if (!stage) return;
  const { lang = 'de', theme = '', density = '', policy, 'exit-href': exit = '' } = fields;
  dressStage([theme, density]);
  registerTexts(lang, { ...TABLES[lang], ...texts });
  const config = publicPart(parseServerConfiguration(configurationOf({ fields, texts })));
  replaceRooms(() => new ScriptedRoom({ policy: policy as PolicyName, config, lang }));
  const box = document.createElement('div');
  box.className = 'box';
  const room = document.createElement('consult-room');
  room.lang = lang;
  room.exitHref = exit;
  box.append(room);
  stage.replaceChildren(box);
}

function update(source: HTMLFormElement): void {
  const input = read(source);
  const mistakes = mistakesOf(input);
  for (const control of source.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]')) {
    const found = mistakes.fields.get(control.name);
    const words =
      found === 'invalid' && control.name in WORDS ? WORDS[control.name as keyof typeof WORDS] : WORDS.missing;
    const shown = found === 'invalid' && !(control.name in WORDS) ? WORDS.text : words;
    mark(control, document.querySelector(`#${control.name}-mistake`), found === undefined ? '' : shown);
  }
  for (const row of rowsOf()) {
    const isWrong = mistakes.texts.includes(row.querySelector('select')?.value ?? '');
    mark(row.querySelector('input'), row.querySelector('.mistake'), isWrong ? WORDS.text : '');
  }
  const isWrong = mistakes.fields.size + mistakes.texts.length > 0;
  if (isWrong) {
    for (const id of ['csp', 'texts', 'config', 'server', 'command']) write(id, '');
    write('html', WORDS.waiting);
    return;
  }
  for (const [id, text] of Object.entries(embeddingOf(input, hashes ?? {}))) write(id, text as string);
  preview(input);
}

/** A line with which one text is replaced; it begins with the text of the library. */
function addText(source: HTMLFormElement): void {
  const template = document.querySelector<HTMLTemplateElement>('#text-row');
  const row = template?.content.cloneNode(true) as DocumentFragment | undefined;
  const [select, input] = [row?.querySelector('select'), row?.querySelector('input')];
  if (!row || !select || !input) return;
  const table = TABLES[source.querySelector<HTMLSelectElement>('[name="lang"]')?.value ?? 'de'] ?? de;
  const texts = Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const taken = rowsOf().map((other) => other.querySelector('select')?.value);
  const first = texts.find(([key]) => key === 'privacy-notice.heading' && !taken.includes(key));
  const free = first ?? texts.find(([key]) => !taken.includes(key));
  select.append(...texts.map(([key]) => new Option(key, key, false, key === free?.[0])));
  const begin = (): void => {
    input.value = texts.find(([key]) => key === select.value)?.[1].replaceAll('"', '') ?? '';
  };
  begin();
  select.addEventListener('change', begin);
  row.querySelector('button')?.addEventListener('click', ({ currentTarget }) => {
    if (currentTarget instanceof Element) currentTarget.closest('.row')?.remove();
    document.querySelector<HTMLElement>('#add-text')?.focus();
    update(source);
  });
  rows?.append(row);
  select.focus();
  update(source);
}

if (form) {
  const note = document.querySelector<HTMLElement>('#not-built');
  if (note) note.hidden = hashes !== null;
  const lang = form.querySelector<HTMLSelectElement>('[name="lang"]');
  if (lang) lang.value = language;
  form.addEventListener('input', () => update(form));
  form.addEventListener('submit', (event) => event.preventDefault());
  document.querySelector('#add-text')?.addEventListener('click', () => addText(form));
  update(form);
}

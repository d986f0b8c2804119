/** The playground: shows the chosen element in the chosen state and look, and writes the CSS for it. */
import { elements } from 'virtual:elements';
import { ELEMENT_STATES } from '../states/elements.ts';
import { STATES, type StateName } from '../states/states.ts';
import { language } from './language.ts';
import { areDeclarations, cssOf, isTokenValue } from './own-css.ts';
import { showElement } from './show-element.ts';
import { dressStage } from './stage-theme.ts';

const WORDS = {
  de: {
    value: 'Diesen Wert versteht der Browser hier nicht.',
    declarations: 'Nur Angaben wie „color: #1d2b28;“, ohne Klammern und ohne url().',
    colour: 'Farbe wählen',
    none: '/* Noch nichts geändert. */',
    noState: 'keiner nötig',
  },
  en: {
    value: 'The browser does not understand this value here.',
    declarations: 'Only declarations such as “color: #1d2b28;”, without braces and url().',
    colour: 'Pick a colour',
    none: '/* Nothing changed yet. */',
    noState: 'none needed',
  },
}[language];

/** Buttons with which people agree or refuse. */
const CONSENT: readonly string[] = ['accept-button', 'decline-button'];

function find<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.querySelector(`#${id}`);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

const form = find('playground', HTMLFormElement);
const stage = find('stage', HTMLElement);
const chooser = (id: string): HTMLSelectElement => find(id, HTMLSelectElement);
const [element, state, part] = [chooser('element'), chooser('state'), chooser('part')];
const [theme, density, scheme] = [chooser('theme'), chooser('density'), chooser('scheme')];
const declarations = find('declarations', HTMLTextAreaElement);

const tokens = new Map<string, string>();
const parts = new Map<string, string>();

/** Shows what was chosen, as CSS and on the stage. */
function dress(): void {
  stage.style.colorScheme = scheme.value;
  dressStage([theme.value, density.value], cssOf({ tokens, parts }, '.stage > .box'));
  const code = document.querySelector('#result-css code');
  if (code) code.textContent = cssOf({ tokens, parts }, 'consult-room') || WORDS.none;
}

function show(): void {
  showElement(stage, element.value, (state.value || null) as StateName | null);
}

/** Fills the lists that depend on the element. */
function chooseElement(tag: string): void {
  element.value = tag;
  const { states = [], covers } = ELEMENT_STATES[tag] ?? {};
  const options = states.map((name) => new Option(STATES[name].label[language], name));
  state.replaceChildren(...(options.length > 0 ? options : [new Option(WORDS.noState, '')]));
  const { parts: own = [] } = elements.find((one) => one.tag === tag) ?? {};
  part.replaceChildren(...own.map(({ name }) => new Option(name, name)));
  part.disabled = own.length === 0;
  declarations.disabled = own.length === 0;
  choosePart();
  find('covers', HTMLElement).hidden = covers !== true;
  stage.replaceChildren();
  if (covers !== true) show();
}

function choosePart(): void {
  declarations.value = parts.get(`${element.value} ${part.value}`) ?? '';
  find('consent', HTMLElement).hidden = !CONSENT.includes(part.value);
  mark(declarations, '');
}

function mark(control: HTMLElement, words: string): void {
  const place = document.querySelector(`#${control.getAttribute('aria-describedby') ?? ''}`);
  if (place) place.textContent = words;
  if (words === '') control.removeAttribute('aria-invalid');
  else control.setAttribute('aria-invalid', 'true');
}

function takeDeclarations(): void {
  const text = declarations.value.trim();
  const isRight = areDeclarations(text);
  mark(declarations, isRight ? '' : WORDS.declarations);
  const key = `${element.value} ${part.value}`;
  if (isRight && text !== '') parts.set(key, text);
  else parts.delete(key);
  dress();
}

/** A field for one token, with a colour picker where it is a colour. */
function tokenField(name: string, initial: string, index: number): HTMLElement {
  const input = document.createElement('input');
  const place = document.createElement('p');
  place.className = 'mistake';
  place.id = `token-${String(index)}-mistake`;
  place.setAttribute('role', 'alert');
  input.placeholder = initial;
  input.spellcheck = false;
  input.setAttribute('aria-describedby', place.id);
  const take = (): void => {
    const value = input.value.trim();
    const isRight = value === '' || isTokenValue(name, value);
    mark(input, isRight ? '' : WORDS.value);
    if (isRight && value !== '') tokens.set(name, value);
    else tokens.delete(name);
    dress();
  };
  input.addEventListener('input', take);
  const label = document.createElement('label');
  label.append(name.replace('--consult-', ''), input);
  const row = document.createElement('div');
  row.className = 'field';
  if (name.includes('-color-')) {
    const picker = document.createElement('input');
    picker.type = 'color';
    picker.value = /#[0-9a-f]{6}/u.exec(initial)?.[0] ?? '#000000';
    picker.setAttribute('aria-label', `${WORDS.colour}: ${name}`);
    picker.addEventListener('input', () => {
      input.value = picker.value;
      take();
    });
    const pair = document.createElement('div');
    pair.className = 'colour';
    pair.append(picker, label);
    row.append(pair, place);
  } else row.append(label, place);
  return row;
}

const { properties = [] } = elements.find(({ tag }) => tag === 'consult-room') ?? {};
find('tokens', HTMLElement).append(...properties.map(({ name, initial }, index) => tokenField(name, initial, index)));

element.addEventListener('change', () => {
  // A link to this page leads to the same element.
  history.replaceState(history.state, '', `#${element.value}`);
  chooseElement(element.value);
});
state.addEventListener('change', () => {
  if (ELEMENT_STATES[element.value]?.covers !== true) show();
});
find('show', HTMLElement).addEventListener('click', show);
part.addEventListener('change', choosePart);
declarations.addEventListener('input', takeDeclarations);
for (const look of [theme, density, scheme]) look.addEventListener('change', dress);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => {
  tokens.clear();
  parts.clear();
  // The fields are empty after the event.
  queueMicrotask(() => {
    for (const control of form.querySelectorAll<HTMLElement>('[aria-invalid]')) mark(control, '');
    chooseElement(element.value);
    dress();
  });
});

const wanted = location.hash.slice(1);
chooseElement(wanted in ELEMENT_STATES ? wanted : 'consult-room');
dress();

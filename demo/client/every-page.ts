/** What every page does: samples can be copied, and the language of the rest of the demo follows that of the page. */
import 'virtual:tokens.css';
import { language } from './language.ts';

const WORDS = {
  de: { copy: 'Kopieren', copied: 'Kopiert', failed: 'Bitte von Hand kopieren' },
  en: { copy: 'Copy', copied: 'Copied', failed: 'Please copy by hand' },
}[language];

/** Adds a button to a sample that copies it; what it did stands on the button until the pointer or the focus leaves. */
function addCopyButton(figure: HTMLElement): void {
  const caption = figure.querySelector('figcaption')?.textContent ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = WORDS.copy;
  button.setAttribute('aria-label', `${WORDS.copy}: ${caption}`);
  const status = document.createElement('span');
  status.className = 'visually-hidden';
  status.setAttribute('role', 'status');
  const say = (words: string): void => {
    button.textContent = words;
    status.textContent = words === WORDS.copy ? '' : words;
  };
  button.addEventListener('click', () => {
    const code = figure.querySelector('code')?.textContent ?? '';
    navigator.clipboard.writeText(code).then(
      () => say(WORDS.copied),
      () => say(WORDS.failed),
    );
  });
  for (const type of ['blur', 'pointerleave'] as const) button.addEventListener(type, () => say(WORDS.copy));
  figure.querySelector('figcaption')?.after(button);
  figure.append(status);
}

for (const figure of document.querySelectorAll<HTMLElement>('.sample')) addCopyButton(figure);

/** Folds the menu: where the header has room for its links, and before the page is kept for a way back. */
const foldMenu = (): void => document.querySelector<HTMLElement>('#menu:popover-open')?.hidePopover();
matchMedia('(width >= 58rem)').addEventListener('change', foldMenu);
addEventListener('pagehide', foldMenu);

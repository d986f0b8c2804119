/** The live example of a page of the reference. */
import { ELEMENT_STATES } from '../states/elements.ts';
import { showElement } from './show-element.ts';

const stage = document.querySelector<HTMLElement>('#example');
const button = document.querySelector<HTMLButtonElement>('#show-example');
const tag = stage?.dataset['tag'] ?? '';
const { states = [], covers } = ELEMENT_STATES[tag] ?? {};
const show = (): void => {
  if (stage) showElement(stage, tag, states[0] ?? null);
};

if (covers === true && button && stage) {
  button.hidden = false;
  stage.hidden = true;
  button.addEventListener('click', () => {
    stage.hidden = false;
    show();
  });
} else show();

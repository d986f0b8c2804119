/** Defines every element. `import 'consult-room/elements'` gives the classes and defines nothing. */
import { define } from './define.ts';
import * as elements from './elements.ts';

for (const element of Object.values(elements)) define(element);

export * from './elements.ts';
export { define } from './define.ts';
export { loadTexts, registerTexts } from './ui/texts.ts';
export type { ConsultElement, ConsultElementClass } from './ui/consult-element.ts';
export type { ConsultEventDetails, ConsultEventName } from './events.ts';

/** The room's page: one element, in the language of the address. */
import '../src/index.ts';
import { applyTexts } from './texts.ts';

applyTexts();

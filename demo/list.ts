/** The page behind the quick exit: it could be anybody's, and nothing on it points back to a room. */
import { applyTexts } from './texts.ts';

applyTexts();

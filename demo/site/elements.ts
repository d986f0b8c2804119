/** The elements as pages and scripts of the documentation see them. */
import { readManifest, type ElementDescription } from '../../src/integrations/manifest.ts';

/** Those that sites begin with first, the others by name. */
export const ELEMENTS: readonly ElementDescription[] = readManifest().toSorted(
  (one, other) => Number(other.tagName === 'consult-room') - Number(one.tagName === 'consult-room'),
);

export const referencePath = (tag: string): string => `reference/${tag}.html`;

/** What the playground needs of the manifest, for its script. */
export const elementData = (): readonly ElementData[] =>
  ELEMENTS.map(({ tagName, cssParts = [], cssProperties = [] }) => ({
    tag: tagName,
    parts: cssParts.map(({ name, description = '' }) => ({ name, description })),
    properties: cssProperties.map(({ name, description = '', default: initial = '' }) => ({
      name,
      description,
      initial,
    })),
  }));

export interface ElementData {
  readonly tag: string;
  readonly parts: readonly { readonly name: string; readonly description: string }[];
  readonly properties: readonly { readonly name: string; readonly description: string; readonly initial: string }[];
}

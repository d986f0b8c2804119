/** custom-elements.json as the integrations read it. */
import { readFileSync } from 'node:fs';

interface Type {
  readonly text: string;
  /** Types in `text` that the entry `consult-room/room` exports; all others are spelled out or the platform's own. */
  readonly references?: readonly { readonly name: string }[];
}

export interface Described {
  readonly name: string;
  readonly description?: string;
  readonly type?: Type;
  readonly default?: string;
}

interface Attribute extends Described {
  /** The property that this attribute sets; none for what the element only reflects, and for `lang`. */
  readonly fieldName?: string;
}

interface Member extends Described {
  readonly kind: 'field' | 'method';
  readonly readonly?: boolean;
  readonly static?: boolean;
}

export interface ElementDescription {
  /** The module that defines it, as published. */
  readonly path: string;
  readonly name: string;
  readonly tagName: string;
  readonly description: string;
  readonly attributes?: readonly Attribute[];
  readonly members?: readonly Member[];
  readonly events?: readonly Described[];
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
}

/** Every element, in the order of the manifest. */
export function readManifest(): readonly ElementDescription[] {
  const { modules } = JSON.parse(readFileSync(new URL('../../custom-elements.json', import.meta.url), 'utf8')) as {
    readonly modules: readonly {
      readonly path: string;
      readonly declarations: readonly Omit<ElementDescription, 'path'>[];
    }[];
  };
  return modules.flatMap(({ path, declarations }) => declarations.map((declaration) => ({ ...declaration, path })));
}

/** Names of types that `consult-room/room` exports, in the types of this list. */
export const namedTypes = (list: readonly Described[]): readonly string[] =>
  [...new Set(list.flatMap(({ type }) => type?.references?.map(({ name }) => name) ?? []))].toSorted();

/** Properties that a page may set. */
export const writable = ({ members = [] }: ElementDescription): readonly Member[] =>
  members.filter((member) => member.kind === 'field' && member.readonly !== true);

/** Attributes that set a property. */
export const settable = ({ attributes = [] }: ElementDescription): readonly (Attribute & { fieldName: string })[] =>
  attributes.flatMap((attribute) =>
    attribute.fieldName === undefined ? [] : [{ ...attribute, fieldName: attribute.fieldName }],
  );

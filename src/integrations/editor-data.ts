/**
 * What editors show while someone writes the tags: custom data of VS Code (version 1.1, vscode-custom-data) and web-types of
 * the JetBrains editors (JetBrains/web-types), from the manifest.
 */
import { writable, type Described, type ElementDescription } from './manifest.ts';

const described = ({ name, description = '' }: Described): { name: string; description: string } => ({
  name,
  description,
});

/** The values of an attribute, where its type lists them. */
const valuesOf = (type = ''): readonly string[] => Array.from(type.matchAll(/'([^']+)'/gu), ([, value = '']) => value);

/** `slot` belongs to every element: an editor offers the names of all elements that have slots, and says whose they are. */
function slotAttribute(manifest: readonly ElementDescription[]): object {
  const values = manifest.flatMap(({ tagName, slots = [] }) =>
    slots
      .filter(({ name }) => name !== '')
      .map(({ name, description = '' }) => ({ name, description: `\`<${tagName}>\`: ${description}` })),
  );
  return { name: 'slot', description: 'The slot of the parent in which this element is shown.', values };
}

function vscode(manifest: readonly ElementDescription[]): object {
  const markdown = (value = ''): object => ({ kind: 'markdown', value });
  return {
    version: 1.1,
    globalAttributes: [slotAttribute(manifest)],
    tags: manifest.map(({ tagName, description, attributes = [], slots = [], events = [], cssParts = [] }) => ({
      name: tagName,
      description: markdown(
        [
          description,
          ...list('Slots', slots, (name) => (name === '' ? 'the default slot' : `\`${name}\``)),
          ...list('Events', events, (name) => `\`${name}\``),
          ...list('Parts', cssParts, (name) => `\`${name}\``),
        ].join('\n\n'),
      ),
      attributes: attributes.map(({ name, description: text, type }) => ({
        name,
        description: markdown(text),
        ...(valuesOf(type?.text).length > 0 ? { values: valuesOf(type?.text).map((value) => ({ name: value })) } : {}),
      })),
    })),
  };
}

function list(heading: string, items: readonly Described[], shown: (name: string) => string): readonly string[] {
  if (items.length === 0) return [];
  return [`**${heading}**`, items.map(({ name, description = '' }) => `- ${shown(name)}: ${description}`).join('\n')];
}

function webTypes(manifest: readonly ElementDescription[], version: string): object {
  return {
    $schema: 'https://json.schemastore.org/web-types',
    name: 'consult-room',
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: manifest.map((element) => ({
          name: element.tagName,
          description: element.description,
          attributes: (element.attributes ?? []).map((attribute) => ({
            ...described(attribute),
            value: { type: attribute.type?.text ?? 'string' },
          })),
          slots: (element.slots ?? []).map(described),
          js: {
            properties: writable(element).map((property) => ({
              ...described(property),
              type: property.type?.text ?? 'unknown',
            })),
            events: (element.events ?? []).map(described),
          },
          css: {
            properties: (element.cssProperties ?? []).map(described),
            parts: (element.cssParts ?? []).map(described),
          },
        })),
      },
    },
  };
}

/** File name → content. */
export const editorData = (
  manifest: readonly ElementDescription[],
  version: string,
): Readonly<Record<string, string>> => ({
  'vscode.html-custom-data.json': `${JSON.stringify(vscode(manifest), undefined, 2)}\n`,
  'web-types.json': `${JSON.stringify(webTypes(manifest, version), undefined, 2)}\n`,
});

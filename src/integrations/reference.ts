/** The reference of every element as one page of Markdown, for people and for language models, from the manifest. */
import { namedTypes, settable, writable, type Described, type ElementDescription } from './manifest.ts';

/** One line of a table: no line breaks, and no `|` that would end a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/gu, ' ');
const code = (text: string): string => `\`${cell(text)}\``;

function table(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `### ${heading}`,
    [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row))].join('\n'),
  ];
}

const named = (list: readonly Described[] = [], none = ''): readonly (readonly string[])[] =>
  list.map(({ name, description = '' }) => [name === '' ? none : code(name), cell(description)]);

const typed = (list: readonly Described[]): readonly (readonly string[])[] =>
  list.map(({ name, type, description = '' }) => [code(name), code(type?.text ?? 'string'), cell(description)]);

/** A value that is set where a page sets none; an empty cell where there is none, as for `string | undefined`. */
const initial = ({ default: value }: Described): string => (value === undefined ? '' : code(value));

const settings = (list: readonly Described[]): readonly (readonly string[])[] =>
  list.map((item) => [code(item.name), code(item.type?.text ?? 'string'), initial(item), cell(item.description ?? '')]);

const properties = (list: readonly Described[] = []): readonly (readonly string[])[] =>
  list.map((item) => [code(item.name), initial(item), cell(item.description ?? '')]);

/** Where the types come from that have no values to list. */
function imported(list: readonly Described[]): readonly string[] {
  const names = namedTypes(list);
  return names.length === 0 ? [] : [`Types: \`import type { ${names.join(', ')} } from 'consult-room/room'\``];
}

/** A value that shows how the input is written: `policy` and `kind` have no other than these. */
const SAMPLES: Readonly<Record<string, string>> = {
  appointment: '2026-12-01T10:00',
  centre: 'Beratungsstelle am Markt',
  code: 'K7M-2QX-9TD',
  'config-url': '/config.json',
  'display-name': 'Stern',
  'exit-href': 'https://www.wetter.example',
  'guest-link': 'https://beratung.example/room.html#consult=guest',
  'host-link': 'https://beratung.example/room.html#consult=host',
  href: 'https://www.wetter.example',
  invite: 'consult=invite',
  kind: 'camera',
  'participant-id': 'p1',
  policy: 'beratung',
  signaling: 'wss://beratung.example/signal',
  'someone-came-in-key': 'F8',
  starts: '2026-12-01T10:00+01:00',
  telephone: '030 1234567',
  'time-zone': 'Europe/Berlin',
  'worker-url': '/frame-worker.js',
};

/** The value of a sample; an attribute without one is left out of the examples, and stands in the tables. */
const sample = (attribute: string): string | undefined => SAMPLES[attribute];

export type Dialect = 'html' | 'react' | 'vue' | 'svelte';

/** The tag with all its attributes and events, as it is written in a framework. */
export function example(element: ElementDescription, dialect: Dialect): string {
  const { tagName, events = [] } = element;
  const attributes = settable(element).flatMap(({ name }) => {
    const value = sample(name);
    return value === undefined ? [] : [`${name}="${value}"`];
  });
  const listeners = { html: [], react: events, svelte: events, vue: events }[dialect].map(({ name }) =>
    dialect === 'vue' ? `@${name}="onEvent"` : `on${name}={onEvent}`,
  );
  const opening = [tagName, ...attributes, ...listeners].join(' ');
  return dialect === 'react' ? `<${opening} />` : `<${opening}></${tagName}>`;
}

/** Elements that a page may use outside of a `<consult-room>`. */
const ALONE: ReadonlySet<string> = new Set([
  'appointment-sheet',
  'consult-room',
  'quick-exit',
  'room-code',
  'room-invite',
]);

const FRAMEWORK_FILES: Readonly<Record<Exclude<Dialect, 'html'>, (tag: string, handler: string) => string>> = {
  react: (tag, handler) => `import 'consult-room';
import type {} from 'consult-room/react';
${handler}
export const Page = () => (
${tag}
);
`,
  vue: (tag, handler) => `<script setup lang="ts">
import 'consult-room';
import type {} from 'consult-room/vue';
${handler}</script>

<template>
${tag}
</template>
`,
  svelte: (tag, handler) => `<script lang="ts">
  import 'consult-room';
  import type {} from 'consult-room/svelte';
${handler.replaceAll(/^(?=.)/gmu, '  ')}</script>

${tag.replaceAll(/^ {2}/gmu, '')}
`,
};

/** A whole file to begin with: the script, the tag inside a `<consult-room>` where it needs one, and a listener. */
export function exampleFile(element: ElementDescription, dialect: Dialect): string {
  const tag = example(element, dialect);
  const placed = ALONE.has(element.tagName) ? [tag] : ['<consult-room>', `  ${tag}`, '</consult-room>'];
  if (dialect === 'html')
    return `${['<script type="module" src="/consult-room/consult-room.js"></script>', ...placed].join('\n')}\n`;
  const hasEvents = (element.events ?? []).length > 0;
  const handler = hasEvents
    ? `
function onEvent(event: Event) {
  console.log(event.type, event instanceof CustomEvent && event.detail);
}
`
    : '';
  return FRAMEWORK_FILES[dialect](placed.map((line) => `  ${line}`).join('\n'), handler);
}

/** Elements with a consent to give and to refuse. */
export const asksForConsent = ({ cssParts = [] }: ElementDescription): boolean =>
  ['accept-button', 'decline-button'].every((part) => cssParts.some(({ name }) => name === part));

function section(element: ElementDescription): string {
  const {
    tagName,
    name,
    description,
    attributes = [],
    members = [],
    events = [],
    slots,
    cssParts,
    cssProperties,
  } = element;
  const methods = members.filter(({ kind }) => kind === 'method');
  const readable = members.filter((member) => member.kind === 'field' && !writable(element).includes(member));
  const withEvents = events.length > 0;
  return [
    `## \`<${tagName}>\``,
    `\`import { ${name} } from 'consult-room/elements'\``,
    description,
    `\`\`\`html\n${example(element, 'html')}\n\`\`\``,
    ...(withEvents
      ? (['react', 'vue', 'svelte'] as const).map(
          (dialect) => `\`\`\`${dialect === 'react' ? 'jsx' : dialect}\n${example(element, dialect)}\n\`\`\``,
        )
      : []),
    ...table('Attributes', ['attribute', 'type', 'default', ''], settings(attributes)),
    ...table('Properties', ['property', 'type', 'default', ''], settings(writable(element))),
    ...table('Read-only properties', ['property', 'type', ''], typed(readable)),
    ...imported(readable),
    ...table('Methods', ['method', ''], named(methods)),
    ...table('Events', ['event', 'type', ''], typed(events)),
    ...imported(events),
    ...table('Slots', ['slot', ''], named(slots, 'the default slot')),
    ...table('Parts', ['part', ''], named(cssParts)),
    ...table('Custom properties', ['property', 'default', ''], properties(cssProperties)),
  ].join('\n\n');
}

export function referencePage(manifest: readonly ElementDescription[], version: string): string {
  return `# Elements of consult-room ${version}

Generated from \`custom-elements.json\`. Two elements have a consent to give and to refuse, \`<privacy-notice>\` and
\`<relay-consent-dialog>\`: paint \`accept-button\` and \`decline-button\` alike, or the consent is worth nothing.

${manifest.map(({ tagName }) => `- [\`<${tagName}>\`](#${tagName})`).join('\n')}

${manifest.map(section).join('\n\n')}
`;
}

/**
 * Types of the elements for the templates of React 19, Vue 3 and Svelte 5, from the manifest. They name the classes and
 * events of this package, so a type is written once, in the source.
 */
import { settable, writable, type Described, type ElementDescription } from './manifest.ts';

const USE = (framework: string, entry: string): string => `/**
 * The elements of consult-room in ${framework}. Add \`import type {} from 'consult-room/${entry}';\` once, anywhere in the
 * project. Generated from custom-elements.json.
 */`;
const IMPORTS = `import type * as elements from '../types/elements.js';
import type { ConsultEventDetails } from '../types/events.js';`;

const comment = (text: string, indent: string): string =>
  `${indent}/**\n${text
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => `${indent} * ${line}`.trimEnd())
    .join('\n')}\n${indent} */`;

/** The source has a type for the detail of each event. */
const eventType = ({ name }: Described): string => `CustomEvent<ConsultEventDetails['${name}']>`;

interface Line {
  readonly key: string;
  readonly type: string;
  readonly description: string;
}

/** Properties, and those attributes that have another name. */
function inputs(element: ElementDescription): readonly Line[] {
  const type = (field: string): string => `elements.${element.name}['${field}']`;
  const properties = writable(element).map(({ name, description = '' }) => ({
    key: name,
    type: type(name),
    description,
  }));
  const attributes = settable(element)
    .filter(({ name, fieldName }) => name !== fieldName)
    .map(({ name, fieldName, description = '' }) => ({ key: name, type: type(fieldName), description }));
  return [...properties, ...attributes];
}

function outputs(element: ElementDescription, key: (name: string) => string): readonly Line[] {
  return (element.events ?? []).map((event) => ({
    key: key(event.name),
    type: `((event: ${eventType(event)} & { readonly currentTarget: elements.${element.name} }) => void)`,
    description: event.description ?? '',
  }));
}

const block = (lines: readonly Line[], indent: string): string =>
  lines
    .map(({ key, type, description }) => {
      const name = /^\w+$/u.test(key) ? key : `'${key}'`;
      return `${comment(description, indent)}\n${indent}${name}?: ${type} | undefined;`;
    })
    .join('\n');

interface Entry {
  readonly element: ElementDescription;
  /** How an event is listened to in a template. */
  readonly listener: (name: string) => string;
  /** The type around the lines of an element. */
  readonly wrap: (lines: string, name: string) => string;
}

function entry({ element, listener, wrap }: Entry): string {
  const lines = block([...inputs(element), ...outputs(element, listener)], '    ');
  const body = lines === '' ? '{}' : `{\n${lines}\n  }`;
  return `${comment(element.description, '  ')}\n  '${element.tagName}': ${wrap(body, element.name)};`;
}

const pascal = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/gu, (_, letter: string) => letter.toUpperCase());

function react(manifest: readonly ElementDescription[]): string {
  const entries = manifest.map((element) =>
    entry({
      element,
      listener: (name) => `on${name}`,
      wrap: (lines, name) => `DetailedHTMLProps<HTMLAttributes<elements.${name}>, elements.${name}> & ${lines}`,
    }),
  );
  return `${USE('React 19', 'react')}
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
${IMPORTS}

export interface ConsultRoomElements {
${entries.join('\n')}
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends ConsultRoomElements {}
  }
}
`;
}

function vue(manifest: readonly ElementDescription[]): string {
  const entries = manifest.map((element) =>
    entry({
      element,
      listener: (name) => `on${pascal(name)}`,
      wrap: (lines) => `ElementComponent<${lines}>`,
    }),
  );
  return `${USE('Vue 3', 'vue')}
import type { HTMLAttributes, ReservedProps } from 'vue';
${IMPORTS}

type ElementComponent<Own> = new () => {
  readonly $props: ReservedProps & HTMLAttributes & Own;
  /** \`<template #name>\` fills no slot of an element, and what is in it would be lost: write \`slot="name"\`. */
  readonly $slots: { readonly default?: () => unknown };
};

export interface ConsultRoomElements {
${entries.join('\n')}
}

declare module 'vue' {
  export interface GlobalComponents extends ConsultRoomElements {}
  export interface HTMLAttributes {
    /** Puts anything into a slot of an element. Vue's own types lack it, and strict templates refuse it. */
    slot?: string | undefined;
  }
}
`;
}

function svelte(manifest: readonly ElementDescription[]): string {
  const entries = manifest.map((element) =>
    entry({
      element,
      listener: (name) => `on${name}`,
      wrap: (lines, name) => `HTMLAttributes<elements.${name}> & ${lines}`,
    }),
  );
  return `${USE('Svelte 5', 'svelte')}
import type { HTMLAttributes } from 'svelte/elements';
${IMPORTS}

export interface ConsultRoomElements {
${entries.join('\n')}
}

declare module 'svelte/elements' {
  export interface SvelteHTMLElements extends ConsultRoomElements {}
}
`;
}

/** File name → content. */
export const frameworkTypes = (manifest: readonly ElementDescription[]): Readonly<Record<string, string>> => ({
  'react.d.ts': react(manifest),
  'vue.d.ts': vue(manifest),
  'svelte.d.ts': svelte(manifest),
  // For `import 'consult-room/react'` without `type`.
  'types-only.js': 'export {};\n',
});

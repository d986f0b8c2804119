/** For language models: an index after llmstxt.org, and the guides and the reference as Markdown. */
import { readFileSync } from 'node:fs';
import { referencePage } from '../../src/integrations/reference.ts';
import { ELEMENTS } from './elements.ts';
import { GUIDE_TEXTS } from './guide-texts.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** File → content. */
export function llmsFiles(): ReadonlyMap<string, string> {
  const guides = GUIDE_TEXTS.map(({ name, title, about }) => `- [${title.en}](guides/${name}.md): ${about.en}`);
  const index = `# consult-room

> ${ELEMENTS[0]?.description.split('\n\n')[0]?.replaceAll('\n', ' ') ?? ''}

Version ${version}. MIT licence. Everything is served from the site's own server; nothing is recorded.

## Guides

${guides.join('\n')}

## Reference

- [All elements](reference.md): attributes, properties, events, slots, parts and custom properties
`;
  return new Map([
    ['llms.txt', index],
    ['reference.md', referencePage(ELEMENTS, version)],
    ...GUIDE_TEXTS.map(({ name, text }) => [`guides/${name}.md`, text.en] as const),
  ]);
}

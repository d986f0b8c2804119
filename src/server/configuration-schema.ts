/**
 * The JSON Schema of the configuration file (draft 2020-12), from the validators themselves, so that the two cannot
 * disagree. Used when the package is built; the server itself checks with the validators and needs no schema.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import { ServerConfiguration } from '../configuration.ts';

export function configurationSchema(): Readonly<Record<string, unknown>> {
  const schema = toJsonSchema(ServerConfiguration, {
    // What stands in the file, before defaults and trimming.
    typeMode: 'input',
    target: 'draft-2020-12',
    ignoreActions: ['trim', 'check'],
    // JSON Schema reads patterns as our `u` flag does (draft 2020-12 core §6.4), but the converter refuses any flag.
    overrideAction: ({ valibotAction, jsonSchema }) =>
      'requirement' in valibotAction && valibotAction.requirement instanceof RegExp && valibotAction.type === 'regex'
        ? { ...jsonSchema, pattern: valibotAction.requirement.source }
        : undefined,
  });
  // Editors find the schema by this entry; the server ignores it.
  const properties = { $schema: { type: 'string' }, ...schema.properties };
  return { title: 'Configuration of a consult-room site', ...schema, properties };
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ServerConfiguration } from '../../src/configuration.ts';
import { readConfiguration } from '../../src/server/configuration-file.ts';
import { configurationSchema } from '../../src/server/configuration-schema.ts';
import { CONFIGURATION } from './harness.ts';

interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly const?: unknown;
}

function* within(schema: Schema): Generator<Schema> {
  yield schema;
  const parts = [...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  for (const part of [...parts, ...(schema.items ? [schema.items] : [])]) yield* within(part);
}

describe('the JSON Schema of the configuration', () => {
  const schema = configurationSchema() as Schema;

  it('has the entries that the server reads, and no others', () => {
    assert.deepEqual(
      Object.keys(schema.properties ?? {}).sort(),
      ['$schema', ...Object.keys(ServerConfiguration.entries)].sort(),
    );
    assert.deepEqual([...(schema.required ?? [])].sort(), ['operator', 'servers']);
    for (const part of within(schema)) if (part.type === 'object') assert.equal(part.additionalProperties, false);
  });

  it('has a form for each role of a server, the relay’s with its secret', () => {
    const { items } = schema.properties?.['servers'] ?? {};
    const forms = items?.oneOf ?? items?.anyOf ?? [];
    assert.deepEqual(forms.map(({ properties }) => String(properties?.['role']?.const)).sort(), [
      'relay',
      'signaling',
      'stun',
    ]);
    const relay = forms.find(({ properties }) => properties?.['role']?.const === 'relay');
    assert.ok(relay?.properties?.['secret'] && !relay.required?.includes('secret'));
  });

  it('has the patterns of the validators', () => {
    const patterns = [...within(schema)].flatMap(({ pattern }) =>
      pattern === undefined ? [] : [new RegExp(pattern, 'u')],
    );
    const country = patterns.find((pattern) => pattern.test('DE'));
    const duration = patterns.find((pattern) => pattern.test('PT2H'));
    assert.ok(country && !country.test('Germany'));
    assert.ok(duration && !duration.test('two hours'));
  });

  it('can be named in the file', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(directory, { recursive: true }));
    const path = join(directory, 'config.json');
    writeFileSync(path, JSON.stringify({ $schema: './config.schema.json', ...CONFIGURATION }));
    const { operator } = await readConfiguration(path, undefined);
    assert.equal(operator.name, CONFIGURATION.operator.name);
  });
});

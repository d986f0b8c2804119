/**
 * Renders the chart without Helm, which no package of Debian or npm brings: the few actions of Go's templates and of Helm that the chart
 * uses, as their documentation has them. Any other is refused, and a missing value too, where Helm would write `<no value>`.
 */
import { createHash } from 'node:crypto';
import { parse, parseAllDocuments } from 'yaml';

type Scope = Readonly<Record<string, unknown>>;

const WORD = /"(?:[^"\\]|\\.)*"|[$.\w]+/gu;

function valueOf(word: string, scope: Scope, root: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word);
  if (word === '.') return scope['.'];
  const [from, path] = word.startsWith('$.') ? [root, word.slice(2)] : [scope, word.slice(1)];
  if (!word.includes('.')) throw new Error(`unknown: ${word}`);
  const found = path.split('.').reduce<unknown>((value, name) => (value as Scope | undefined)?.[name], from);
  if (found === undefined) throw new Error(`no value: ${word}`);
  return found;
}

const FUNCTIONS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  quote: (value: unknown) => JSON.stringify(String(value)),
  toJson: (value: unknown) => JSON.stringify(value),
  sha256sum: (text: string) => createHash('sha256').update(text).digest('hex'),
  join: (between: string, list: readonly string[]) => list.join(between),
  list: (...values: readonly unknown[]) => values,
  printf: (format: string, ...values: readonly unknown[]) => {
    const left = values.values();
    return format.replaceAll('%s', () => String(left.next().value));
  },
};

/** A pipeline: `f a b | g` is `g (f a b)`. */
function pipeline(text: string, scope: Scope, root: Scope): unknown {
  let piped: readonly unknown[] = [];
  for (const command of text.split('|')) {
    const [name = '', ...words] = command.match(WORD) ?? [];
    const known = FUNCTIONS[name];
    if (!known && (words.length > 0 || piped.length > 0)) throw new Error(`unknown: ${name}`);
    const args = [...words.map((word) => valueOf(word, scope, root)), ...piped] as never[];
    piped = [known ? known(...args) : valueOf(name, scope, root)];
  }
  return piped[0];
}

function render(template: string, scope: Scope, root: Scope): string {
  const loop = /\{\{- range ([^}]+) \}\}([\s\S]*?)\s*\{\{- end \}\}/u;
  const [whole, over = '', body = ''] = loop.exec(template) ?? [];
  if (whole !== undefined) {
    const items = pipeline(over, scope, root) as readonly unknown[];
    const each = items.map((item) => render(body, { '.': item }, root)).join('');
    // `{{-` takes the white space before it away.
    const before = template.slice(0, template.indexOf(whole)).trimEnd();
    return (
      render(before, scope, root) + each + render(template.slice(template.indexOf(whole) + whole.length), scope, root)
    );
  }
  return template.replaceAll(/\{\{ ([^}]+) \}\}/gu, (_, text: string) => String(pipeline(text, scope, root)));
}

/** @returns what the chart installs, by kind */
export function renderChart(template: string, values: string, more: Scope = {}): Readonly<Record<string, unknown>> {
  const root = { Release: { Name: 'consult-room' }, Values: { ...(parse(values) as Scope), ...more } };
  const documents = parseAllDocuments(render(template, root, root), { strict: true, uniqueKeys: true });
  return Object.fromEntries(
    documents.map((document) => {
      const [error] = document.errors;
      if (error) throw error;
      const object = document.toJS() as { readonly kind: string };
      return [object.kind, object];
    }),
  );
}

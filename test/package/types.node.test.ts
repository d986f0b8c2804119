/** What the types of the package name, as a site meets them. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import type * as typescript from '../../node_modules/@custom-elements-manifest/analyzer/node_modules/typescript/lib/typescript.d.ts';

/** TypeScript 7 has no interface for programs yet; the manifest's analyzer brings the last one that has. */
const ts = createRequire(resolve('node_modules/@custom-elements-manifest/analyzer/package.json'))(
  'typescript',
) as typeof typescript;

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};

/** Entry → file of its types; those of frameworks are generated, and compiled in a test of their own. */
const files = new Map(
  Object.entries(entries).flatMap(([entry, target]) =>
    typeof target === 'string' || !target.types.startsWith('./dist/types/')
      ? []
      : [[entry, resolve(target.types.replace('*', 'de'))]],
  ),
);

const program = ts.createProgram([...files.values()], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ['node'],
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
});
const checker = program.getTypeChecker();

const isOurs = (symbol: typescript.Symbol): boolean =>
  symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(resolve('dist/types'))) ===
  true;

const behindAlias = (symbol: typescript.Symbol): typescript.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

function exportsOf(entry: string): readonly typescript.Symbol[] {
  const file = program.getSourceFile(files.get(entry) ?? '');
  const module = file && checker.getSymbolAtLocation(file);
  assert.ok(module, entry);
  return checker.getExportsOfModule(module);
}

/** Whether there is something to import at run time; a class may be exported as a type alone. */
const isValue = (symbol: typescript.Symbol): boolean =>
  (behindAlias(symbol).flags & ts.SymbolFlags.Value) !== 0 &&
  symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) !== true;

/** What a site cannot use or override has types of its own. */
const isHidden = (node: typescript.Node): boolean =>
  (ts.canHaveModifiers(node) &&
    ts
      .getModifiers(node)
      ?.some(({ kind }) => [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword].includes(kind))) === true;

/** Types that a declaration names; `typeof` a constant is shown as its values, and its name says nothing. */
function namedIn(node: typescript.Node): readonly typescript.Node[] {
  if (isHidden(node)) return [];
  const inside: typescript.Node[] = [];
  ts.forEachChild(node, (child) => void inside.push(...namedIn(child)));
  if (ts.isTypeReferenceNode(node)) return [node.typeName, ...inside];
  if (ts.isExpressionWithTypeArguments(node)) return [node.expression, ...inside];
  return inside;
}

describe('the types of the package', () => {
  it('can be imported by name wherever a public declaration names them', () => {
    const exported = new Set([...files.keys()].flatMap(exportsOf).map(behindAlias));
    const missing = [...exported].filter(isOurs).flatMap((symbol) =>
      (symbol.declarations ?? []).flatMap(namedIn).flatMap((name) => {
        const found = checker.getSymbolAtLocation(name);
        assert.ok(found, name.getText());
        const type = behindAlias(found);
        const isKnown = exported.has(type) || !isOurs(type) || (type.flags & ts.SymbolFlags.TypeParameter) !== 0;
        return isKnown ? [] : [`${type.name}, in ${symbol.name}`];
      }),
    );
    assert.ok(exported.size > 150, String(exported.size));
    assert.deepEqual([...new Set(missing)], []);
  });

  it('leave out what is internal', () => {
    const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(resolve('dist/types')));
    assert.ok(ours.length > 100);
    assert.deepEqual(
      ours.filter(({ text }) => text.includes('@internal')).map(({ fileName }) => fileName),
      [],
    );
  });

  for (const entry of ['./cdn', './cdn/all'])
    it(`name what ${entry} exports, and nothing else`, () => {
      const target = entries[entry];
      assert.ok(typeof target === 'object');
      const [, list = ''] = /export\s*\{([^}]*)\}/u.exec(readFileSync(target.default, 'utf8')) ?? [];
      const names = list.split(',').map(
        (item) =>
          item
            .trim()
            .split(/\s+as\s+/u)
            .at(-1) ?? '',
      );
      const values = exportsOf(entry).filter(isValue);
      assert.ok(names.length > 3);
      assert.deepEqual(names.toSorted(), values.map(({ name }) => name).toSorted());
    });
});

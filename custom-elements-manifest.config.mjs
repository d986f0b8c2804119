/** `npm run analyze` writes custom-elements.json from the elements' doc blocks. */

/** Where a class is in the published package. */
const published = (path) => path.replace(/^\/?src\//, 'dist/npm/').replace(/\.ts$/, '.js');

/** The analyzer lists private members, helpers and source paths; a reader of the manifest can use none of these. */
const asPublished = {
  name: 'as-published',
  packageLinkPhase({ customElementsManifest }) {
    const isPublic = ({ name, privacy }) => (privacy ?? 'public') === 'public' && !/^[#_]/.test(name);
    const elements = customElementsManifest.modules.flatMap(({ path, declarations }) =>
      (declarations ?? [])
        .filter(({ tagName }) => tagName)
        .map((declaration) => ({ path: published(path), declaration })),
    );
    elements.sort((a, b) => a.path.localeCompare(b.path));
    const reference = ({ path, declaration }) => ({ name: declaration.name, module: path });
    customElementsManifest.modules = elements.map((element) => {
      const { superclass, members, ...rest } = element.declaration;
      const own = members?.filter(isPublic) ?? [];
      return {
        kind: 'javascript-module',
        path: element.path,
        declarations: [
          { ...rest, members: own, superclass: { name: superclass.name, module: published(superclass.module) } },
        ],
        exports: [{ kind: 'js', name: element.declaration.name, declaration: reference(element) }],
      };
    });
    customElementsManifest.modules.push({
      kind: 'javascript-module',
      path: 'dist/npm/index.js',
      declarations: [],
      exports: elements.map((element) => ({
        kind: 'custom-element-definition',
        name: element.declaration.tagName,
        declaration: reference(element),
      })),
    });
  },
};

/** Classes name their tag in `static tag`, and `define()` registers it: the analyzer sees neither. */
const tags = {
  name: 'tags',
  analyzePhase({ ts, node, moduleDoc }) {
    if (!ts.isClassDeclaration(node)) return;
    const declaration = moduleDoc.declarations?.find(({ name }) => name === node.name?.getText());
    const tag = node.members.find((member) => member.name?.getText() === 'tag')?.initializer;
    if (declaration === undefined || tag === undefined || !ts.isStringLiteralLike(tag)) return;
    declaration.tagName = tag.text;
    declaration.customElement = true;
    declaration.members = declaration.members?.filter((member) => !member.static);
    // A default that is a constant elsewhere is told by `@default`: its name means nothing to a site.
    for (const member of node.members) {
      const told = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
      const found = declaration.members?.find(({ name }) => name === member.name?.getText());
      if (told !== undefined && found !== undefined) found.default = ts.getTextOfJSDocComment(told.comment);
    }
  },
};

const GLOB = 'src/elements/*/*.ts';
const ROOM = 'dist/npm/room/room.js';

/** What an alias stands for: `'camera' | 'screen'`, not `TileKind`. Interfaces keep their names. */
function spelledOut(ts, checker, type) {
  const parts = type.isUnion() ? type.types : [type];
  const nothing = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
  const text = parts.map((part) =>
    part.isStringLiteral()
      ? `'${part.value}'`
      : checker.typeToString(part, undefined, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias),
  );
  // `undefined` last, as it is written.
  const order = (part) => (part.flags & nothing ? 1 : 0);
  const shown = text
    .map((value, index) => ({
      value: / => /.test(value) && parts.length > 1 ? `(${value})` : value,
      part: parts[index],
    }))
    .toSorted((one, other) => order(one.part) - order(other.part));
  return shown.map(({ value }) => value).join(' | ');
}

/** Writes a type with the values of short unions, and says of which entry the types are that it names. */
function namer(ts, program) {
  const checker = program.getTypeChecker();
  const room = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('src/room/room.ts'));
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(room)).map((symbol) => [symbol.name, symbol]),
  );
  /** A few values are shorter to read than a name to look up. */
  const valued = (name) => {
    const symbol = exported.get(name);
    const isAlias = symbol && symbol.flags & ts.SymbolFlags.Alias;
    const type = symbol && checker.getDeclaredTypeOfSymbol(isAlias ? checker.getAliasedSymbol(symbol) : symbol);
    const isShort = type?.isUnion() && type.types.length <= 4 && type.types.every((part) => part.isStringLiteral());
    return isShort ? spelledOut(ts, checker, type) : name;
  };
  return (given) => {
    const type = given && { ...given, text: given.text.replace(/\b[A-Z]\w+/g, valued) };
    const references = [...new Set(type?.text.match(/\b[A-Z]\w+/g) ?? [])]
      .filter((name) => exported.has(name))
      .map((name) => ({ name, package: 'consult-room', module: ROOM }));
    return references.length > 0 ? { ...type, references } : type;
  };
}

/**
 * A reader of the manifest cannot look up the names of types in the source: says what aliases stand for, and of which entry the
 * others are. The analyzer itself reads one file at a time and knows no types.
 */
function types() {
  let ts;
  let program;
  const declared = new Map();
  return {
    name: 'types',
    analyzePhase({ ts: given, node }) {
      if (!given.isClassDeclaration(node)) return;
      ts = given;
      const { options } = ts.parseJsonConfigFileContent(
        ts.readConfigFile('tsconfig.json', ts.sys.readFile).config,
        ts.sys,
        '.',
      );
      if (program === undefined) {
        program = ts.createProgram(
          ts.sys.readDirectory('src', ['.ts'], [], ['elements/*/*.ts', 'room/room.ts']),
          options,
        );
        // A union lists its values in the order in which the checker met them: that of the snapshot, not of the first comparison.
        const meet = (part) => {
          if (ts.isLiteralTypeNode(part)) program.getTypeChecker().getTypeFromTypeNode(part);
          ts.forEachChild(part, meet);
        };
        const state = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('src/room/state/state.ts'));
        meet(state.statements.find((statement) => statement.name?.text === 'RoomState'));
      }
      const checker = program.getTypeChecker();
      for (const file of program.getSourceFiles())
        for (const found of file.statements.filter((statement) => ts.isClassDeclaration(statement)))
          if (found.name?.text === node.name?.text && file.fileName.includes('src/elements/'))
            for (const member of found.members)
              if ((ts.isPropertyDeclaration(member) || ts.isGetAccessor(member)) && member.type)
                declared.set(
                  `${found.name.text}.${member.name.getText()}`,
                  spelledOut(ts, checker, checker.getTypeFromTypeNode(member.type)),
                );
    },
    packageLinkPhase({ customElementsManifest }) {
      const named = namer(ts, program);
      for (const { declarations } of customElementsManifest.modules)
        for (const { name, attributes = [], members = [], events = [] } of declarations ?? []) {
          for (const member of members) {
            const text = declared.get(`${name}.${member.name}`);
            if (text !== undefined) member.type = named({ text });
          }
          for (const attribute of attributes) {
            const field = members.find((member) => member.name === attribute.fieldName);
            if (field?.type) attribute.type = field.type;
            if (field?.default !== undefined) attribute.default = field.default;
          }
          for (const event of events) event.type = named(event.type);
        }
    },
  };
}

export default {
  globs: [GLOB],
  exclude: ['src/elements/**/*.styles.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [tags, types(), asPublished],
};

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

export default {
  globs: ['src/elements/*/*.ts'],
  exclude: ['src/elements/**/*.styles.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [tags, asPublished],
};

/**
 * Dependencies that the test server cannot hand to a browser as they are: optional ones that are not installed (the MLS
 * and HPKE packages import them only for suites that this library does not use), and one that is CommonJS.
 */
import { build } from 'esbuild';

const ABSENT = '/__absent.js';
const BUNDLED = new Map([['webrtc-adapter', '/__webrtc-adapter.js']]);
const OPTIONAL = /^(crypto|@hpke\/(chacha20poly1305|dhkem-.*|hybridkem-.*|ml-kem)|@noble\/ciphers\/.*)$/u;

async function bundle(name) {
  const { outputFiles } = await build({
    stdin: { contents: `import '${name}';`, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

export function dependencyPlugin() {
  const bundles = new Map();
  return {
    name: 'dependencies',
    resolveImport({ source }) {
      if (BUNDLED.has(source)) return BUNDLED.get(source);
      return OPTIONAL.test(source) ? ABSENT : undefined;
    },
    async serve({ path }) {
      if (path === ABSENT) return { body: `throw new Error('not installed');`, type: 'js' };
      const [name] = [...BUNDLED].find(([, served]) => served === path) ?? [];
      if (name === undefined) return undefined;
      if (!bundles.has(name)) bundles.set(name, bundle(name));
      return { body: await bundles.get(name), type: 'js' };
    },
  };
}

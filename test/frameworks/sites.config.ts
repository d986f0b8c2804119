/** Builds one of the sites: `vite build --config sites.config.ts --mode react|vue|svelte`. Angular has its own builder. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL(`sites/${mode}`, import.meta.url)),
  base: './',
  logLevel: 'warn',
  plugins: {
    react: [],
    vue: [vue({ template: { compilerOptions: { isCustomElement: (tag: string) => tag.includes('-') } } })],
    svelte: [svelte()],
  }[mode],
  build: {
    target: 'es2022',
    outDir: fileURLToPath(new URL(`../../dist/frameworks/${mode}`, import.meta.url)),
    emptyOutDir: true,
  },
}));

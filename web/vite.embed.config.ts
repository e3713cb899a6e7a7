/**
 * The runtime build: dist/embed/v1/xor2gpt.js (stable name, the one script that every page loads, ours included),
 * page.js (for the iframe pages) and hashed chunks beside them. Inputs, not build.lib: that would inline the wasm as
 * base64. All addresses are relative to import.meta.url, so the folder works from any origin and any path.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { plain_imports } from './tools/build/plain-imports.ts';
import { templates } from './tools/build/templates.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const names = 'chunks/[name]-[hash][extname]';
const node_only = ['module', 'node:module'];

/** A demo's chunk is named after its lesson: ".../02-xor/demo.ts" -> "xor". */
const chunk_name = (id: string | null): string | undefined => id?.match(/\/\d+-([^/]+)\/demo\.ts$/)?.[1];

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  plugins: [templates(), plain_imports()],
  // The worker is a classic one inside a blob: the only kind that starts in every frame. What it names is named alike,
  // so that the wasm is one file. Emscripten's glue imports `module` under Node only.
  worker: { format: 'iife', rollupOptions: { external: node_only, output: { assetFileNames: names } } },
  build: {
    target: 'es2022',
    outDir: here('../dist/embed/v1'),
    emptyOutDir: false, // the iframe pages of the site build stand there already
    assetsInlineLimit: 0,
    modulePreload: false,
    manifest: 'manifest.json',
    rollupOptions: {
      input: { xor2gpt: here('src/embed/main.ts'), page: here('src/embed/page.ts') },
      preserveEntrySignatures: 'allow-extension',
      external: node_only,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: (chunk) => `chunks/${chunk_name(chunk.facadeModuleId) ?? '[name]'}-[hash].js`,
        assetFileNames: names,
        // What all demos share is one chunk: two compress worse. Drawings stay apart, for no demo uses them all, and so do
        // lit's `ref`, which only boxes to type in need, and the import helper, which the entry needs on pages without demos.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // The half of a session that lives in the worker, once more for pages where no worker starts.
            {
              name: 'host',
              test: /\/lab\/(bare-host|driver|evaluation|grains|kept-states|normalize|pacer|reporting|sizing|telling|time-travel|training|views|writing)\.ts$/,
              priority: 1,
            },
            {
              name: 'runtime',
              minShareCount: 4,
              test: /^(?!.*(preload-helper|async-directive|directives\/ref|\/plot\/(?!plot-element|theme)))/,
            },
          ],
        },
      },
    },
  },
});

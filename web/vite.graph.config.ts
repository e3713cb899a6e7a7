/**
 * The build of the page for graphs of one's own: dist/embed/v1/graph.js, beside the runtime and made like it. The engine's files get the
 * same names and bytes as the runtime's, so they stand there once; the scripts are this page's own.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import embed from './vite.embed.config.ts';

const config = mergeConfig(embed, defineConfig({ build: { manifest: false } }));
config.build.rollupOptions.input = {
  graph: fileURLToPath(new URL('src/graph-page/main.ts', import.meta.url)),
};
export default config;

/**
 * The build of the page about speed: dist/embed/v1/speed.js, made as the graph page's is (vite.graph.config.ts): engines and workers stand
 * there once, the script is this page's own.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import embed from './vite.embed.config.ts';

const config = mergeConfig(embed, defineConfig({ build: { manifest: false } }));
config.build.rollupOptions.input = {
  speed: fileURLToPath(new URL('src/speed-page/main.ts', import.meta.url)),
};
export default config;

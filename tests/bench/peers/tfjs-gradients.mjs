// TensorFlow.js's automatic gradients. Its package for Node leaves them out, and its modules name each other without endings, as bundlers
// want it: so esbuild makes one module of them here. They register with the one engine that all copies of the library share.
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/dist/register_all_gradients.js'),
  ],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  external: ['node-fetch', 'util'],
  logLevel: 'error',
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

// The long trial of lesson 21 without a browser, by hand and not part of ./lab test: the lesson's own run on a text of a megabyte, made by
// the page's engine for language models (simd128) under Node. Prints losses, at the end the validation loss over 200 batches and the SHA-256
// of the weights file; tests/browser/long/shakespeare.mjs prints the same hash when Chromium made the same bits.
//   node tests/wasm/long/shakespeare.mjs FILE [--size laptop] [--steps N] [--seed 1] [--goal 1.92] [--batches 200] [--out model.safetensors]
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: 'laptop' },
    steps: { type: 'string' },
    seed: { type: 'string', default: '1' },
    goal: { type: 'string', default: '1.92' },
    batches: { type: 'string', default: '200' },
    out: { type: 'string' },
  },
});
const [path] = positionals;
if (!path) {
  console.error('Which text? node tests/wasm/long/shakespeare.mjs FILE');
  process.exit(2);
}

/** The lesson's own configuration and reading of text: TypeScript, bundled on the way in. */
async function lesson() {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `export { model, options } from './lessons/21-tiny-gpt/model.ts';
        export { text_of } from './lessons/21-tiny-gpt/text-file.ts';
        export { defaults } from '@x2g/web/elements';
        export { gptFields } from './web/src/lab/normalize.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    plugins: [
      {
        name: 'no workers, no styles',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\?(worker&)?inline$/ }, () => ({ path: 'none', namespace: 'none' }));
          onLoad({ filter: /^none$/, namespace: 'none' }, () => ({ contents: 'export default "";' }));
        },
      },
    ],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

async function engine(name) {
  const folder = new URL('../../../web/engine/', import.meta.url);
  const { default: create } = await import(new URL('x2g.mjs', folder));
  const wasm = await WebAssembly.compile(await readFile(new URL(name, folder)));
  return create({
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(wasm, imports).then(receive);
      return {};
    },
  });
}

const { model, options, text_of, defaults, gptFields } = await lesson();
const opt = { ...defaults(options), preset: o.size, source: 'own' };
const config = model(opt, Number(o.seed), 'en', text_of(await readFile(path), 'en'));
const steps = Number(o.steps ?? config.optimizer.total);
const fields = gptFields(config);
const run = new (await engine('x2g-text.wasm')).GptRun(fields, 224 * 2 ** 20);

/** Mean loss over batches 0 … n − 1 of the part kept aside, as the page measures it. */
function validation(n) {
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    run.beginEvaluation(true, i);
    let loss = null;
    while (loss === null) loss = run.advanceEvaluation();
    sum += loss;
  }
  return sum / n;
}

let seconds = 0; // in training alone
for (let step = 0; step < steps;) {
  const next = Math.min(steps, (Math.floor(step / 100) + 1) * 100);
  const start = performance.now();
  while (run.numbers().step < next && !run.numbers().diverged) run.work(run.unitsPerStep(), next);
  seconds += (performance.now() - start) / 1000;
  step = run.numbers().step;
  if (run.numbers().diverged) throw new Error(`training blew up in step ${step + 1}`);
  const [loss, valid] = [run.numbers().loss.toFixed(4), validation(config.evalBatches).toFixed(4)];
  const speed = ((step * config.batch * config.context) / seconds).toFixed(0);
  console.log(`${seconds.toFixed(0)} s: step ${step}, loss ${loss}, validation ${valid}, ${speed} tokens/s`);
}
// The page's engine knows no weights files: the whole one writes it, as a session has it done.
const whole = new (await engine('x2g.wasm')).GptRun(fields, 224 * 2 ** 20);
for (const { name, role } of run.info().tensors)
  if (role === 'parameter') whole.set(name, Float64Array.from(run.tensor(name, false).data));
const weights = whole.save();
console.log(
  `weights: ${weights.length} bytes, SHA-256 ${createHash('sha256').update(weights).digest('hex')}`,
);
if (o.out) await writeFile(o.out, weights);
const last = validation(Number(o.batches));
const passed = last <= Number(o.goal);
console.log(
  `validation loss ${last.toFixed(4)} over ${o.batches} batches: ${passed ? 'at most' : 'above'} ${o.goal}`,
);
process.exit(passed ? 0 : 1);

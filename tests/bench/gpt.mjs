// Training of a GPT in WebAssembly under Node, both variants: tokens per second of nanoGPT's laptop recipe
// (4 layers, 4 heads, 128 channels, context 64, batch 12), as core_bench.cpp measures it natively.
// It calls the module as the worker does, without worker, slices and reports.
import { readFile } from 'node:fs/promises';

const engine = new URL('../../web/engine/', import.meta.url);

async function start(name) {
  // Both binaries share one glue (tests/wasm compares the files).
  const { default: create } = await import(new URL('x2g.mjs', engine));
  const wasm = await WebAssembly.compile(await readFile(new URL(`${name}.wasm`, engine)));
  return create({
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(wasm, imports).then(receive);
      return {};
    },
  });
}

const optimizer = {
  kind: 'adamw',
  lr: 1e-3,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
  weightDecay: 0,
  clip: 1,
  warmup: 0,
  total: 0,
  minLr: 0,
  schedule: 'warmup_cosine',
  clipValue: 0,
  alpha: 0.99,
  decayEvery: 0,
  gamma: 0.1,
  rise: 0.3,
  div: 25,
  finalDiv: 1e4,
};
const laptop = {
  layers: 4,
  heads: 4,
  channels: 128,
  context: 64,
  batch: 12,
  bias: false,
  geluErf: false,
  tokenizer: 'char',
  language: 'en',
  text: '',
  storyBytes: 300_000,
  storySeed: 1,
  validation: 0.1,
  optimizer,
  seed: 1,
};

/** Rows {case, variant, value, unit} of one benchmark. */
export async function run() {
  const rows = [];
  for (const [variant, name] of [
    ['simd128', 'x2g'],
    ['relaxed', 'x2g-text-relaxed'],
  ]) {
    const module = await start(name);
    const model = new module.GptRun(laptop, 224 * 2 ** 20);
    const step = model.unitsPerStep();
    const far = 1e9;
    model.work(3 * step, far);
    const times = [];
    const end = performance.now() + 4000;
    while (performance.now() < end || times.length < 5) {
      const begin = performance.now();
      model.work(step, far);
      times.push(performance.now() - begin);
    }
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    rows.push({
      case: 'laptop',
      variant,
      value: (laptop.batch * laptop.context * 1000) / median,
      unit: 'tokens/s',
    });
    model.delete();
  }
  return rows;
}

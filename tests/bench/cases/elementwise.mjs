// elementwise: nanoseconds an element of the kernels between the products, on arrays of 32 kB that stay in the cache.
import { alone } from '../lib/measure.mjs';

const COUNT = 8192;
const kinds = [
  'exp',
  'sigmoid',
  'tanh',
  'relu',
  'gelu_tanh',
  'gelu_tanh backward',
  'gelu_erf',
  'silu',
  'softmax of 64',
  'adamw',
];

export async function run(env) {
  const rows = [];
  for (const [variant, file] of [
    ['simd128', 'x2g-bench'],
    ['relaxed', 'x2g-bench-relaxed'],
  ]) {
    const module = await env.bench(file);
    const at = module.buffer(5 * COUNT);
    const values = module.view(at, 5 * COUNT);
    for (let i = 0; i < COUNT; i++) values[i] = (i % 1000) * 0.01 - 5;
    values.fill(0.5, COUNT, 2 * COUNT);
    values.fill(0, 2 * COUNT);
    for (const kind of env.quick ? kinds.slice(0, 1) : kinds) {
      const work = (n) => module.elementwise(kind, n, at, COUNT);
      const seconds = await alone({ work }, { ...env.times, ms: Math.max(2, env.times.ms / 8) });
      rows.push({
        case: kind,
        who: 'xor2gpt',
        threads: 1,
        variant,
        value: (seconds * 1e9) / COUNT,
        unit: 'ns/element',
      });
    }
    module.release(at);
  }
  return rows;
}

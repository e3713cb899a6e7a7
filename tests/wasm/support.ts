// What the tests of the built module share: an instance, a host without a worker, small configs. Needs `lab build` to have made web/engine/.
import { readFile } from 'node:fs/promises';
import { instantiate, type Engine, type EngineSource } from '../../web/src/lab/engine.ts';
import { Host, type HostEvent, type HostOptions } from '../../web/src/lab/host.ts';
import type { GptConfig, MlpConfig, PerceptronConfig, Variant } from '../../web/src/lab/types.ts';

export const limit = 224 * 2 ** 20;

export async function source(variant: Variant = 'simd128'): Promise<EngineSource> {
  const name = variant === 'simd128' ? 'x2g.wasm' : 'x2g-text-relaxed.wasm';
  const bytes = await readFile(new URL(`../../web/engine/${name}`, import.meta.url));
  return { variant, wasm: await WebAssembly.compile(bytes) };
}

export async function engine(variant: Variant = 'simd128'): Promise<Engine> {
  return instantiate(await source(variant));
}

/** A host whose events are kept in a list. */
export async function host(
  o: Partial<HostOptions> = {},
): Promise<{ host: Host; events: HostEvent[]; engine: Engine }> {
  const events: HostEvent[] = [];
  const made = await engine();
  const send = async (event: HostEvent): Promise<void> => void events.push(event);
  return { host: new Host(made, { sliceMs: 12, limit, send, ...o }), events, engine: made };
}

export async function until(condition: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const xor = (seed = 1): MlpConfig => ({
  kind: 'mlp',
  sizes: [2, 2, 1],
  hidden: 'tanh',
  output: 'sigmoid',
  loss: 'bce',
  init: { kind: 'normal', a: 1 },
  x: [0, 0, 0, 1, 1, 0, 1, 1],
  t: [0, 1, 1, 0],
  optimizer: { kind: 'sgd', lr: 0.5 },
  seed,
});

export const and = (): PerceptronConfig => ({
  kind: 'perceptron',
  inputs: 2,
  x: [0, 0, 0, 1, 1, 0, 1, 1],
  t: [0, 0, 0, 1],
  firesAtZero: true,
  rate: 0.1,
  shuffled: false,
  seed: 1,
});

export const tinyGpt = (seed = 1): GptConfig => ({
  kind: 'gpt',
  layers: 2,
  heads: 2,
  channels: 32,
  context: 16,
  batch: 8,
  bias: true,
  tokenizer: 'char',
  corpus: { kind: 'stories', lang: 'en', bytes: 20_000, seed: 3 },
  validation: 0.1,
  optimizer: { kind: 'adamw', lr: 3e-3, beta2: 0.95, weightDecay: 0.1, clip: 1 },
  seed,
  evalEvery: 0,
  evalBatches: 0,
});

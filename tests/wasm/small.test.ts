// The first lessons' engine: the same bits as the whole one, half the size, and a clear sentence for what it leaves out.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { instantiate, type Engine } from '../../web/src/lab/engine.ts';
import { toLabError, type LabError } from '../../web/src/lab/errors.ts';
import { FirstHost } from '../../web/src/lab/first-host.ts';
import type { RunConfig } from '../../web/src/lab/types.ts';
import { and, limit, tinyGpt, xor } from './support.ts';

type Name = 'x2g' | 'x2g-small';

async function engine(name: Name): Promise<Engine> {
  const bytes = await readFile(new URL(`../../web/engine/${name}.wasm`, import.meta.url));
  return instantiate({ variant: 'simd128', wasm: await WebAssembly.compile(bytes) });
}

async function host(name: Name): Promise<FirstHost> {
  return new FirstHost(await engine(name), { sliceMs: 12, limit, send: async () => undefined });
}

/** The digest of everything that 1000 steps leave behind. */
async function trained(name: Name, config: RunConfig): Promise<string> {
  const h = await host(name);
  h.create(config);
  await h.step(1000);
  const digest = createHash('sha256').update(h.snapshot()).digest('hex');
  h.close();
  return digest;
}

async function faultOf(work: (h: FirstHost) => unknown): Promise<LabError> {
  const h = await host('x2g-small');
  try {
    await work(h);
  } catch (thrown) {
    return toLabError(thrown);
  } finally {
    h.close();
  }
  throw new Error('it was not refused');
}

describe('the small engine', () => {
  const classes: RunConfig = {
    ...xor(3),
    sizes: [2, 24, 16, 3],
    hidden: 'gelu_tanh',
    output: 'identity',
    loss: 'cross_entropy',
    t: [0, 1, 2, 1],
    batch: 3,
    optimizer: { kind: 'adamw', lr: 0.01, weightDecay: 0.1, clip: 1 },
  };
  it.each([
    ['XOR', xor(42)],
    ['a deeper network of three classes', classes],
    ['a perceptron', and()],
  ] as const)('trains %s to the same bits as the whole one', async (_, config) => {
    expect(await trained('x2g-small', config)).toBe(await trained('x2g', config));
  });

  it('computes every activation and its derivative to the same bits', async () => {
    const [small, whole] = [await engine('x2g-small'), await engine('x2g')];
    const x = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);
    const names = [
      'identity',
      'step',
      'sigmoid',
      'tanh',
      'relu',
      'leaky_relu',
      'gelu_erf',
      'gelu_tanh',
      'silu',
    ];
    for (const name of names) expect(small.activation(name, x), name).toEqual(whole.activation(name, x));
  });

  it('keeps snapshots and writes weights that the whole one reads', async () => {
    const [small, whole] = [await host('x2g-small'), await host('x2g')];
    small.create(xor(5));
    await small.step(50);
    whole.create(xor(6));
    whole.loadWeights(small.saveWeights());
    expect(whole.tensor('W1').data).toEqual(small.tensor('W1').data);
    const bytes = small.snapshot();
    await small.step(10);
    expect(small.restore(bytes).step).toBe(50);
    small.close();
    whole.close();
  });

  it('says what it is when it is asked for what only the whole one can', async () => {
    const asked: ((h: FirstHost) => unknown)[] = [
      (h) => h.create(tinyGpt()),
      (h) => h.estimate(tinyGpt()),
      (h) => h.stories('en', 1000, 1),
      (h) => {
        h.create(xor());
        h.checkGradient('W1', 0);
      },
      (h) => {
        h.create(xor());
        h.loadWeights(h.saveWeights());
      },
    ];
    for (const work of asked) {
      const error = await faultOf(work);
      expect(error.code).toBe('bad_state');
      expect(error.message).toMatch(/engine.*open the session with engine: 'whole'/);
    }
  });

  it('is much smaller', async () => {
    const size = async (name: Name): Promise<number> =>
      (await readFile(new URL(`../../web/engine/${name}.wasm`, import.meta.url))).length;
    expect(await size('x2g-small')).toBeLessThan(0.6 * (await size('x2g')));
  });
});

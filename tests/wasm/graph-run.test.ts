// A graph of one's own as a run, in the small engine for graphs and in the whole one: the same bits, every op by node, data that stands,
// gradients checked in double, and a sentence for what is wrong.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../web/src/lab/engine.ts';
import { toLabError, type LabError } from '../../web/src/lab/errors.ts';
import { graph } from '../../web/src/lab/graph.ts';
import { FirstHost } from '../../web/src/lab/first-host.ts';
import { PlanHost } from '../../web/src/lab/plan-host.ts';
import type { GraphConfig } from '../../web/src/lab/types.ts';
import { limit } from './support.ts';

type Name = 'x2g' | 'x2g-graph' | 'x2g-small';

async function host(name: Name = 'x2g-graph'): Promise<FirstHost> {
  const wasm = await WebAssembly.compile(
    await readFile(new URL(`../../web/engine/${name}.wasm`, import.meta.url)),
  );
  const Kind = name === 'x2g-small' ? FirstHost : PlanHost;
  const engine = await instantiate({ variant: 'simd128', wasm });
  return new Kind(engine, { sliceMs: 12, limit, send: async () => undefined });
}

/** Two layers and a wave: every op that the small engine has besides the losses. */
function waves(seed = 5): GraphConfig {
  const g = graph();
  const x = g.input('x', [4, 2]);
  const h = g.activation('h', g.linear('z1', x, g.parameter('W1', [3, 2]), g.parameter('b1', [3])), 'tanh');
  const wave = g.op('sin', 'wave', [g.op('mul', 'squares', [h, h])]);
  const both = g.op('scale', 'half', [g.add('both', h, wave)], { scale: 0.5 });
  g.mse('loss', g.linear('y', both, g.parameter('W2', [1, 3])), g.input('t', [4, 1]));
  return {
    kind: 'graph',
    graph: g.plan(),
    values: { x: [0, 0, 0, 1, 1, 0, 1, 1], t: new Float32Array([0, 1, 1, 0]) },
    optimizer: { kind: 'adamw', lr: 0.05 },
    seed,
  };
}

async function fault(work: (h: FirstHost) => unknown, name: Name = 'x2g-graph'): Promise<LabError> {
  const h = await host(name);
  try {
    await work(h);
  } catch (thrown) {
    return toLabError(thrown);
  } finally {
    h.close();
  }
  throw new Error('it was not refused');
}

describe('a run of a graph of one’s own', () => {
  it('trains to the same bits in the small engine and in the whole one', async () => {
    const digests = [];
    for (const name of ['x2g-graph', 'x2g'] as const) {
      const h = await host(name);
      h.create(waves());
      const first = h.report().loss;
      const report = await h.step(300);
      expect(report.loss).toBeLessThan(0.2 * first);
      digests.push(createHash('sha256').update(h.snapshot()).digest('hex'));
      h.close();
    }
    expect(digests[0]).toBe(digests[1]);
  });

  it('says what reads what, and how much memory it takes', async () => {
    const h = await host();
    const info = h.create(waves());
    expect(info.nodes.map((n) => n.op)).toEqual([
      ...['linear', 'activation', 'mul', 'sin', 'add', 'scale', 'linear', 'mse'],
    ]);
    expect(info.nodes[0]).toEqual({ name: 'z1', op: 'linear', inputs: ['x', 'W1', 'b1'] });
    expect(info.nodes[2]?.inputs).toEqual(['h', 'h']);
    expect(info.parameterCount).toBe(12);
    expect(info.memory.total).toBeGreaterThan(12 * 4);
    expect(info.epochSteps).toBe(0);
    h.close();
  });

  it('goes by node, back to the step’s beginning, and is the same as whole steps', async () => {
    const [parts, whole] = [await host(), await host()];
    const { nodes } = parts.create(waves());
    whole.create(waves());
    const half = await parts.step(1 + nodes.length, 'node');
    expect(half.grain).toMatchObject({ phase: 'backward', node: nodes.length - 1, name: 'loss' });
    await parts.step(nodes.length + 1, 'node');
    await whole.step(1);
    expect(parts.snapshot()).toEqual(whole.snapshot());
    await parts.step(3, 'node');
    expect(parts.back().step).toBe(1);
    expect(parts.snapshot()).toEqual(whole.snapshot());
    parts.close();
    whole.close();
  });

  it('checks every weight’s gradient in double, by a nudge of any size', async () => {
    const h = await host();
    h.create(waves());
    for (const [name, size] of [
      ['W1', 6],
      ['b1', 3],
      ['W2', 3],
    ] as const)
      for (let i = 0; i < size; i += 1)
        expect(h.checkGradient(name, i).relativeError, name).toBeLessThan(1e-7);
    const nudge = h.checkGradient('W2', 0, 0.001);
    expect(nudge.above - nudge.loss).toBeCloseTo(0.001 * nudge.analytic, 5);
    expect(nudge.numeric).toBeCloseTo((nudge.above - nudge.below) / 0.002, 10);
    h.close();
  });

  it('keeps its data until it is set again', async () => {
    const h = await host();
    h.create(waves());
    await h.step(2);
    expect(Array.from(h.tensor('x').data)).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
    h.set('t', [1, 1, 1, 1]);
    await h.step(1);
    expect(Array.from(h.tensor('t').data)).toEqual([1, 1, 1, 1]);
    h.reset(6);
    expect(Array.from(h.tensor('t').data)).toEqual([0, 1, 1, 0]);
    h.close();
  });

  it.each([
    ['an op that only the whole engine has', { op: 'softmax' }, 'bad_state', /open the whole engine/],
    ['an op that nobody has', { op: 'magic' }, 'unknown_name', /no op is called "magic"/],
    ['a value for nothing', { values: { q: [1] } }, 'unknown_name', /"q"/],
    ['too few values', { values: { x: [1] } }, 'shape_mismatch', /takes 8 numbers, not 1/],
    ['a value that is none', { values: { x: Array(8).fill(NaN) } }, 'invalid_argument', /x/],
    ['no optimizer', { optimizer: undefined }, 'invalid_argument', /optimizer/],
    ['no op at all', { graph: { statements: [] } }, 'bad_state', /no op/],
    ['no graph', { graph: undefined }, 'invalid_argument', /graph/],
  ])('refuses %s', async (_, change, code, sentence) => {
    const { op, ...rest } = change as { op?: string };
    const g = graph();
    g.op(op ?? 'sin', 'y', [g.input('x', [2, 2])]);
    const config = op === undefined ? { ...waves(), ...rest } : { ...waves(), graph: g.plan(), values: {} };
    const error = await fault((h) => h.create(config as GraphConfig));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  });

  it('is refused by an engine that has no graphs', async () => {
    const error = await fault((h) => h.create(waves()), 'x2g-small');
    expect(error.code).toBe('bad_state');
    expect(error.message).toMatch(/engine: 'graph'/);
  });

  it('has a small engine', async () => {
    const size = async (name: Name): Promise<number> =>
      (await readFile(new URL(`../../web/engine/${name}.wasm`, import.meta.url))).length;
    expect(await size('x2g-graph')).toBeLessThan(0.5 * (await size('x2g')));
  });
});

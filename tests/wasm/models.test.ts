// Ready models as graphs from JavaScript, on the real engine: each trains, wrong fields are refused by name, gradients hold in double.
// That the models are right is the business of tests/core; what a trained GPT writes stands in decoding.test.ts.
import { describe, expect, it } from 'vitest';
import { graph } from '../../web/src/lab/graph.ts';
import type { GraphRun } from '../../web/src/lab/graph-run.ts';
import type { ModelStart } from '../../web/src/lab/graph-models.ts';
import type { GraphOptions, GraphPlan } from '../../web/src/lab/graph-types.ts';
import type { OptimizerConfig } from '../../web/src/lab/types.ts';
import { failure, open } from './sessions.ts';

const build = async (plan: GraphPlan, o?: GraphOptions): Promise<GraphRun> => (await open()).graph(plan, o);

type Data = Record<string, number[]>;
const all = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

async function train(start: ModelStart, data: Data, steps: number, o: GraphOptions = {}) {
  const run = await build(start, { optimizer: { kind: 'adamw', lr: 0.01 }, ...o });
  for (const [name, values] of Object.entries(data)) await run.set(name, values);
  const first = await run.forward();
  const report = await run.step(steps);
  expect(report).toMatchObject({ problem: '', step: steps });
  return { run, first, last: report.loss };
}

/** Row b counts up from b, modulo V: the next token is one more. */
const V = 5;
const counting = (B: number, T: number): Data => ({
  ids: all(B * T, (i) => (Math.floor(i / T) + (i % T)) % V),
  targets: all(B * T, (i) => (Math.floor(i / T) + (i % T) + 1) % V),
});
const small = { vocab: V, layers: 1, heads: 2, channels: 16, context: 8, batch: 4 } as const;

describe('every ready model trains from JavaScript', () => {
  const mlp: ModelStart = {
    model: 'mlp',
    config: { sizes: [2, 8, 1], loss: 'bce', batch: 4, weights: { kind: 'normal', a: 1 } },
  };
  const words: ModelStart = { model: 'skipgram', config: { vocab: 6, channels: 4, negatives: 2, batch: 6 } };
  // Words 0, 1, 2 stand together, and 3, 4, 5.
  const pairs: Data = {
    center: [0, 1, 2, 3, 4, 5],
    words: [1, 2, 0, 4, 5, 3, 3, 4, 5, 0, 1, 2, 4, 5, 3, 1, 2, 0],
    labels: all(18, (i) => (i < 6 ? 1 : 0)),
  };
  // Four pictures: two with a bright column, two with a bright row.
  const bars: Data = {
    x: all(4 * 64, (i) => {
      const [n, r, c] = [Math.floor(i / 64), Math.floor((i % 64) / 8), i % 8];
      return (n < 2 ? c === 2 + 3 * n : r === 3 * n - 4) ? 1 : 0;
    }),
    t: [0, 0, 1, 1],
  };
  const cnn = { height: 8, width: 8, filters: [4], kernel: 3, hidden: [8], classes: 2, batch: 4 };
  const lm = { vocab: V, channels: 8, hidden: 12, batch: 4, length: 8 };
  const both = { ...counting(4, 8), source: counting(4, 8)['ids'] ?? [] };
  const table: [string, ModelStart, Data][] = [
    ['a perceptron of two layers', mlp, { x: [0, 0, 0, 1, 1, 0, 1, 1], t: [0, 1, 1, 0] }],
    ['a convolutional network', { model: 'cnn', config: cnn }, bars],
    [
      'one with batch norm, average pooling and dropout',
      { model: 'cnn', config: { ...cnn, batchnorm: true, pool: 'avg', dropout: 0.2, padding: 1 } },
      bars,
    ],
    ['an Elman network', { model: 'recurrent', config: { ...lm, cell: 'rnn' } }, counting(4, 8)],
    ['an LSTM', { model: 'recurrent', config: { ...lm, layers: 2, forgetBias: 2 } }, counting(4, 8)],
    [
      'a GRU with a tied head',
      { model: 'recurrent', config: { ...lm, cell: 'gru', hidden: 8, tied: true } },
      counting(4, 8),
    ],
    ['skip-gram', words, pairs],
    ['a GPT', { model: 'gpt', config: small }, counting(4, 8)],
    ['a decoder', { model: 'transformer', config: small }, counting(4, 8)],
    [
      'a decoder in the form of Llama',
      {
        model: 'transformer',
        config: {
          ...small,
          norm: 'rmsnorm',
          positions: 'rope',
          swiglu: true,
          activation: 'silu',
          kvHeads: 1,
          tied: false,
        },
      },
      counting(4, 8),
    ],
    [
      'a decoder of 2017',
      {
        model: 'transformer',
        config: {
          ...small,
          normPlace: 'post',
          positions: 'sinusoidal',
          scaleEmbedding: true,
          bias: true,
          dropout: 0.1,
        },
      },
      counting(4, 8),
    ],
    [
      'an encoder with classes of its own',
      { model: 'transformer', config: { ...small, form: 'encoder', classes: 3, positions: 'alibi' } },
      { ...counting(4, 8), targets: all(32, (i) => (((i % 8) + Math.floor(i / 8)) % V) % 3) },
    ],
    [
      'an encoder-decoder with padding',
      { model: 'transformer', config: { ...small, form: 'encoder_decoder', padding: true } },
      { ...both, lengths: [8, 8, 8, 8], source_lengths: [8, 6, 4, 2] },
    ],
    [
      'attention alone',
      { model: 'transformer', config: { ...small, mlp: false, score: 'squared', attentionDropout: 0.1 } },
      counting(4, 8),
    ],
  ];
  it.each(table)('%s', async (_, start, data) => {
    const { first, last } = await train(start, data, 60);
    expect(last).toBeLessThan(0.8 * first);
  });

  it("and ends where it is told to, with ops of one's own behind it", async () => {
    const g = graph({ model: 'transformer', config: { ...small, loss: false } });
    const targets = g.input('t', [4, 8]);
    g.softmaxXent('my loss', 'logits', targets);
    const run = await build(g.plan());
    expect(run.nodes.at(-1)).toEqual({ name: 'my loss', op: 'softmax_xent', inputs: ['logits', 't'] });
    expect(run.names).not.toContain('targets');
    const { ids, targets: next } = counting(4, 8);
    await run.set('ids', ids ?? []);
    await run.set('t', next ?? []);
    const first = await run.forward();
    expect((await run.step(60)).loss).toBeLessThan(0.8 * first);
  });

  it('node by node, with every tensor to be looked at', async () => {
    const run = await build({ model: 'transformer', config: { ...small, length: 6 } });
    await run.set('ids', counting(4, 6)['ids'] ?? []);
    for (let i = 0; i < run.nodes.length; i += 1) await run.forwardNode(i);
    const att = await run.value('blocks.0.attn.att');
    expect(att.shape).toEqual([4, 2, 6, 6]);
    expect(att.data[0]).toBe(1); // the first token sees itself
    expect(run.nodes.find(({ name }) => name === 'blocks.0.attn.q')?.inputs).toEqual([
      'blocks.0.ln1',
      'blocks.0.attn.q.weight',
      null,
    ]);
  });
});

describe('LoRA', () => {
  const cases: [string, ModelStart, string][] = [
    [
      'a transformer',
      { model: 'transformer', config: small, lora: { targets: ['attn.q', 'attn.v'], rank: 2 } },
      'blocks.0.attn.q',
    ],
    [
      'a GPT',
      { model: 'gpt', config: small, lora: { targets: ['attn.qkv', 'mlp.fc'] } },
      'blocks.0.attn.qkv',
    ],
  ];
  it.each(cases)('on %s learns corrections and leaves the model as it is', async (_, start, N) => {
    const { run, first } = await train(start, counting(4, 8), 0);
    const [base, A] = [await run.value(`${N}.weight`), await run.value(`${N}.lora.A`)];
    expect((await run.value(`${N}.lora.B`)).data.every((v) => v === 0)).toBe(true);
    expect((await run.step(150)).loss).toBeLessThan(0.98 * first);
    expect((await run.value(`${N}.weight`)).data).toEqual(base.data);
    expect((await run.value(`${N}.lora.A`)).data).not.toEqual(A.data);
    expect(run.tensors.filter((t) => t.role === 'parameter').every((t) => t.name.includes('.lora.'))).toBe(
      true,
    );
  });
});

describe('a wrong model is refused with the name of the field', () => {
  const table: [string, unknown, string, RegExp][] = [
    ['no model of that name', { model: 'llama' }, 'unknown_name', /no model is called "llama".*transformer/],
    [
      'a field that is none',
      { model: 'cnn', config: { colors: 3 } },
      'unknown_name',
      /cnn has a field "colors".*poolSize/,
    ],
    ['a C++ name', { model: 'transformer', config: { kv_heads: 2 } }, 'unknown_name', /"kv_heads".*kvHeads/],
    ['a number out of range', { model: 'gpt', config: { layers: 99 } }, 'invalid_argument', /layers is 99/],
    ['half a head', { model: 'gpt', config: { heads: 1.5 } }, 'invalid_argument', /heads is 1\.5/],
    ['a negative one', { model: 'recurrent', config: { hidden: -1 } }, 'invalid_argument', /hidden is -1/],
    ['NaN', { model: 'skipgram', config: { negatives: NaN } }, 'invalid_argument', /negatives is/],
    [
      'a word for a number',
      { model: 'gpt', config: { channels: 'many' } },
      'invalid_argument',
      /channels.*a number/,
    ],
    [
      'a number for a switch',
      { model: 'transformer', config: { swiglu: 1 } },
      'invalid_argument',
      /swiglu.*true or false/,
    ],
    [
      'a word that is no choice',
      { model: 'transformer', config: { norm: 'batch' } },
      'unknown_name',
      /norm is "batch".*rmsnorm/,
    ],
    [
      'a field that the core names otherwise',
      { model: 'transformer', config: { kvHeads: 3 } },
      'invalid_argument',
      /^kvHeads is 3/,
    ],
    [
      'two of them',
      { model: 'transformer', config: { mlpRatio: -1 } },
      'invalid_argument',
      /^mlpRatio is -1/,
    ],
    ['a list that is none', { model: 'cnn', config: { filters: 6 } }, 'invalid_argument', /filters.*list/],
    [
      'a start that is none',
      { model: 'cnn', config: { weights: 'he' } },
      'invalid_argument',
      /weights.*\{kind, a\}/,
    ],
    [
      'a kind of start that is none',
      { model: 'mlp', config: { sizes: [1, 1], weights: { kind: 'big' } } },
      'unknown_name',
      /"big"/,
    ],
    [
      'an activation that is none',
      { model: 'cnn', config: { activation: 'swash' } },
      'unknown_name',
      /swash/,
    ],
    ['no sizes', { model: 'mlp' }, 'invalid_argument', /sizes has 0 entries/],
    [
      'a config that is a list',
      { model: 'gpt', config: [4] },
      'invalid_argument',
      /config is 4.*an object of fields/,
    ],
    ['LoRA on no layer', { model: 'gpt', lora: { targets: ['attn.q'] } }, 'unknown_name', /"attn\.q"/],
    ['LoRA without targets', { model: 'gpt', lora: {} }, 'invalid_argument', /targets is empty/],
    [
      'a field that LoRA has not',
      { model: 'gpt', lora: { targets: ['x'], r: 4 } },
      'unknown_name',
      /lora has a field "r"/,
    ],
    ['more than the memory', { model: 'gpt', config: { batch: 64, context: 1024 } }, 'out_of_memory', /MB/],
    [
      'windows that do not fit',
      { model: 'cnn', config: { height: 3, width: 3 } },
      'shape_mismatch',
      /window spans 5/,
    ],
  ];
  it.each(table)('%s', async (_, start, code, sentence) => {
    const error = await failure(build(start as GraphPlan));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(sentence)]);
  });
});

describe('gradients of a graph', () => {
  const twisted: ModelStart = {
    model: 'transformer',
    config: { ...small, norm: 'rmsnorm', positions: 'rope', swiglu: true, dropout: 0.2, bias: true },
  };
  it('hold against the difference of two losses, in double', async () => {
    const run = await build(twisted);
    for (const [name, values] of Object.entries(counting(4, 8))) await run.set(name, values);
    await run.step(3);
    for (const name of ['wte', 'blocks.0.attn.q.weight', 'blocks.0.mlp.gate.weight', 'lnf.weight']) {
      const check = await run.checkGradient(name, 3);
      expect(Math.abs(check.analytic)).toBeGreaterThan(0);
      expect(check.relativeError, name).toBeLessThan(1e-5);
    }
    await run.forward();
    await run.backward();
    const { analytic } = await run.checkGradient('wte', 3);
    expect((await run.grad('wte')).data[3]).toBeCloseTo(analytic, 4);
  });

  it('are refused where there is none', async () => {
    const run = await build(twisted);
    expect((await failure(run.checkGradient('nothing', 0))).code).toBe('unknown_name');
    expect((await failure(run.checkGradient('wte', V * 16))).message).toMatch(/index is 80/);
    expect((await failure(run.checkGradient('ids', 0))).message).toMatch(/"ids" has no gradient/);
  });

  it('of two halves add up to those of the whole', async () => {
    const whole = await build({ model: 'gpt', config: small });
    const half = await build({ model: 'gpt', config: { ...small, batch: 2 } });
    const { ids = [], targets = [] } = counting(4, 8);
    await whole.set('ids', ids);
    await whole.set('targets', targets);
    await whole.forward();
    await whole.backward();
    await half.seedLoss();
    for (const part of [0, 1]) {
      await half.set('ids', ids.slice(16 * part, 16 * part + 16));
      await half.set('targets', targets.slice(16 * part, 16 * part + 16));
      await half.forward();
      await half.accumulate(1 / 2);
    }
    const name = 'blocks.0.attn.qkv.weight';
    const [a, b] = [(await whole.grad(name)).data, (await half.grad(name)).data];
    expect(Math.max(...a.map((v, i) => Math.abs(v - (b[i] ?? NaN))))).toBeLessThan(1e-6);
    expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(1e-4);
    expect((await failure(half.accumulate(0))).message).toMatch(/share is 0/);
  });
});

describe('what else a graph is told', () => {
  it('a table of positions is a start', async () => {
    const g = graph();
    g.mse('loss', g.buffer('P', [3, 4], { init: 'sinusoidal' }), g.input('t', [3, 4]));
    const { data } = await (await build(g.plan())).value('P');
    const [i, j] = [1 * 4 + 2, 2 * 4 + 1];
    expect([data[0], data[1]]).toEqual([0, 1]);
    expect(data[i]).toBeCloseTo(Math.sin(1 / 100), 6);
    expect(data[j]).toBeCloseTo(Math.cos(2), 6);
  });

  const optimizers: OptimizerConfig[] = [
    { kind: 'sgd', lr: 0.5 },
    { kind: 'sgd', lr: 0.2, momentum: 0.9, clip: 1 },
    { kind: 'nesterov', lr: 0.2, momentum: 0.9, schedule: 'step_decay', decayEvery: 20, gamma: 0.5 },
    { kind: 'rmsprop', lr: 0.005, momentum: 0.5, schedule: 'constant' },
    { kind: 'adagrad', lr: 0.05 },
    { kind: 'adam', lr: 0.02, schedule: 'one_cycle', total: 60 },
    { kind: 'adamw', lr: 0.01, warmup: 5, total: 60, minLr: 0.001, clipValue: 0.05 },
  ];
  it.each(optimizers)('%o', async (optimizer) => {
    const { first, last } = await train({ model: 'gpt', config: small }, counting(4, 8), 60, { optimizer });
    expect(last).toBeLessThan(0.97 * first);
  });

  it('clipping by value moves no weight further than that', async () => {
    const optimizer: OptimizerConfig = { kind: 'sgd', lr: 1, clipValue: 0.001 };
    const run = await build({ model: 'gpt', config: small }, { optimizer });
    for (const [name, values] of Object.entries(counting(4, 8))) await run.set(name, values);
    const before = (await run.value('wte')).data;
    await run.step(1);
    const moves = (await run.value('wte')).data.map((v, i) => Math.abs(v - (before[i] ?? NaN)));
    expect(Math.max(...moves)).toBeGreaterThan(0.0009);
    expect(Math.max(...moves)).toBeLessThan(0.00101);
  });
});

// Graphs of one's own through a session, on the real engine: they train, node by node is the same as whole, and what is wrong is refused
// with a sentence. That the core's ops are right is not asked here; tests/core does.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { LabError } from '../../web/src/lab/errors.ts';
import { GraphRecorder, graph } from '../../web/src/lab/graph.ts';
import type { GraphRun } from '../../web/src/lab/graph-run.ts';
import type { GraphOptions, GraphPlan } from '../../web/src/lab/graph-types.ts';
import { Session } from '../../web/src/lab/session.ts';
import { gptBlock } from '../../web/src/graph-page/gpt-block.ts';
import { twoLayer } from '../../web/src/graph-page/two-layer.ts';
import { GraphHost } from '../../web/src/lab/graph-host.ts';
import { FakeWorker } from './fake-worker.ts';
import { source, until } from './support.ts';

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function open(engine: 'whole' | 'small' = 'whole'): Promise<Session> {
  const never = () => Promise.reject(new Error('no worker here'));
  const load = () => source();
  const session = await Session.open(
    { where: 'main', engine },
    { load, loadBytes: load, worker: never, silenceMs: 60_000 },
  );
  sessions.push(session);
  return session;
}

async function build(g: GraphRecorder | GraphPlan, o?: GraphOptions): Promise<GraphRun> {
  return (await open()).graph(g, o);
}

/** The LabError that a promise ends with. */
async function failure(work: Promise<unknown>): Promise<LabError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(LabError);
  return thrown as LabError;
}

async function xorNet(seed = 1): Promise<GraphRun> {
  const { g, data, options } = twoLayer();
  const run = await build(g, { ...options, seed });
  for (const [name, values] of Object.entries(data(0))) await run.set(name, values);
  return run;
}

describe('a two-layer net', () => {
  it('tells its tensors, nodes, size and memory before any step', async () => {
    const run = await xorNet();
    expect(run.tensors.find((t) => t.name === 'W1')).toEqual({
      name: 'W1',
      shape: [4, 2],
      role: 'parameter',
    });
    expect(run.tensors.find((t) => t.name === 'h')).toEqual({ name: 'h', shape: [4, 4], role: 'value' });
    expect(run.tensors.find((t) => t.name === 'loss.probs')?.role).toBe('saved');
    expect(run.nodes.map((n) => n.op)).toEqual(['linear', 'activation', 'linear', 'bce_logits']);
    expect(run.nodes[0]).toEqual({ name: 'z1', op: 'linear', inputs: ['x', 'W1', 'b1'] });
    expect(run.parameterCount).toBe(4 * 2 + 4 + 4 + 1);
    const { parameters, gradients, activations, total } = run.memory;
    expect(parameters).toBeGreaterThanOrEqual(17 * 4);
    expect(total).toBeGreaterThanOrEqual(parameters + gradients + activations);
  });

  it.each([1, 2, 3, 4, 5])('learns XOR from seed %i', async (seed) => {
    const run = await xorNet(seed);
    const first = await run.forward();
    const report = await run.step(500);
    expect(report).toMatchObject({ step: 500, problem: '' });
    expect(first).toBeGreaterThan(0.4);
    expect(report.loss).toBeLessThan(0.05);
    const z = (await run.value('z2')).data;
    expect(Array.from(z, (v) => (v > 0 ? 1 : 0))).toEqual([0, 1, 1, 0]);
  });

  it('gives the same bits node by node as whole, and from the same seed', async () => {
    const [whole, parts] = [await xorNet(7), await xorNet(7)];
    for (let i = 0; i < 3; i += 1) {
      await whole.step();
      for (let n = 0; n < parts.nodes.length; n += 1) await parts.forwardNode(n);
      await parts.seedLoss();
      for (let n = parts.nodes.length - 1; n >= 0; n -= 1) await parts.backwardNode(n);
      await parts.update();
    }
    expect((await parts.report()).step).toBe(3);
    expect(await parts.look()).toEqual(await whole.look());
    // Again from the seed: the optimizer has forgotten, too.
    await whole.reset(7);
    await whole.step(3);
    expect(await whole.look()).toEqual(await parts.look());
    await whole.reset(7);
    const fresh = await xorNet(7);
    expect((await whole.value('W1')).data).toEqual((await fresh.value('W1')).data);
    expect((await whole.value('x')).data).toEqual((await fresh.value('x')).data);
  });

  it('has gradients that the difference of two losses confirms', async () => {
    const run = await xorNet(3);
    await run.forward();
    await run.backward();
    const grad = (await run.grad('W1')).data;
    const W = (await run.value('W1')).data;
    const h = 1e-2;
    for (const i of W.keys()) {
      const losses: number[] = [];
      for (const d of [h, -h]) {
        await run.set(
          'W1',
          W.map((v, k) => (k === i ? v + d : v)),
        );
        losses.push(await run.forward());
      }
      const numeric = ((losses[0] ?? 0) - (losses[1] ?? 0)) / (2 * h);
      expect(Math.abs(numeric - (grad[i] ?? NaN))).toBeLessThan(1e-3);
    }
  });
});

describe('a GPT block', () => {
  it('learns a small cyclic text from three seeds', async () => {
    for (const seed of [1, 2, 3]) {
      const { g, data, options } = gptBlock();
      const run = await build(g, { ...options, seed });
      for (let i = 0; i < 200; i += 1) {
        for (const [name, values] of Object.entries(data(i))) await run.set(name, values);
        if (i === 0) expect(await run.forward()).toBeGreaterThan(1.5);
        await run.step();
      }
      expect((await run.report()).loss).toBeLessThan(0.3);
      const attention = await run.value('attended.att');
      const [T] = attention.shape.slice(-1);
      let sum = 0;
      for (let k = 0; k < (T ?? 0); k += 1) sum += attention.data[k] ?? NaN;
      expect(sum).toBeCloseTo(1, 5); // a row of attention weights
    }
  });
});

describe('every op of the core', () => {
  const text = readFileSync(new URL('../../core/src/graph/op_table.cpp', import.meta.url), 'utf8');
  const names = [...text.matchAll(/\{"(\w+)", (?:&table::|X2G_\w+\()/g)].map(([, name]) => name ?? '');

  it('is in the table that is read here, and in the reference', () => {
    expect(names.length).toBeGreaterThanOrEqual(33);
    const page = readFileSync(new URL('../../web/tools/reference/javascript.md', import.meta.url), 'utf8');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  // Asked without inputs, an op that this engine has says how many it takes.
  it.each(names)('%s is reached by its name', async (name) => {
    const g = graph();
    g.op(name, 'y', []);
    const error = await failure(build(g));
    expect([error.code, error.message]).toEqual([
      'invalid_argument',
      expect.stringContaining('has 0 inputs; it takes'),
    ]);
  });

  it('that has a small recipe here runs forward and backward', async () => {
    const g = graph();
    const x = g.input('x', [2, 4]);
    const y = g.linear('y', x, g.parameter('W', [4, 4]));
    const m = g.op('mul', 'm', [y, g.op('softmax', 'p', [y])]);
    const t = g.op('transpose', 't', [m], { shape: [1, 0] });
    const s = g.op('slice', 's', [t], { axis: 0, begin: 1, end: 3 });
    const r = g.op('reshape', 'r', [g.op('dropout', 'd', [s], { rate: 0.5 })], { shape: [4] });
    g.op('mean', 'loss', [r], { flag: true });
    const run = await build(g);
    await run.set('x', [1, -2, 3, 0, 0.5, 1, -1, 2]);
    expect(Number.isFinite(await run.forward())).toBe(true);
    await run.backward();
    expect((await run.value('s')).shape).toEqual([2, 2]);
    const sums = (await run.value('p')).data;
    expect((sums[0] ?? 0) + (sums[1] ?? 0) + (sums[2] ?? 0) + (sums[3] ?? 0)).toBeCloseTo(1, 5);
    await run.setTraining(false);
    await run.forward();
    expect((await run.value('d')).data).toEqual((await run.value('s')).data); // dropout passes through
  });
});

describe('what is wrong is refused with a sentence', () => {
  const x = { kind: 'input', name: 'x', shape: [2, 3] } as const;
  const op = (name: string, inputs: unknown, attributes: unknown = {}) => ({
    kind: 'op',
    op: name,
    name: 'y',
    inputs,
    attributes,
  });
  const table: [string, unknown[], string, RegExp][] = [
    ['no op of that name', [x, op('lineer', ['x'])], 'unknown_name', /no op is called "lineer".*linear/],
    ['a tensor that is not there', [x, op('add', ['x', 'w'])], 'unknown_name', /"w".*not in the graph/],
    [
      'shapes that do not fit',
      [x, { ...x, name: 't', shape: [3, 2] }, op('mse', ['x', 't'])],
      'shape_mismatch',
      /\(2, 3\)/,
    ],
    ['too few inputs', [x, op('mse', ['x'])], 'invalid_argument', /mse has 1 inputs/],
    ['a size of 0', [{ ...x, shape: [0] }, op('sum', ['x'])], 'invalid_argument', /dimension/],
    ['five dimensions', [{ ...x, shape: [1, 1, 1, 1, 1] }], 'shape_mismatch', /at most 4/],
    ['a shape that is a word', [{ ...x, shape: 'wide' }], 'invalid_argument', /shape of "x" is "wide"/],
    ['an attribute that is none', [x, op('activation', ['x'], { colour: 1 })], 'unknown_name', /"colour"/],
    [
      'an attribute of another kind',
      [x, op('activation', ['x'], { activation: 3 })],
      'invalid_argument',
      /activation is 3/,
    ],
    [
      'an activation that is none',
      [x, op('activation', ['x'], { activation: 'swash' })],
      'unknown_name',
      /swash/,
    ],
    ['inputs that are no list', [x, op('activation', 'x')], 'invalid_argument', /must be a list/],
    ['a line of another kind', [{ kind: 'variable', name: 'v' }], 'unknown_name', /"variable"/],
    ['no op at all', [x], 'bad_state', /no op/],
    ['two tensors of one name', [x, x], 'invalid_argument', /two tensors/],
    [
      'an initial value of another kind',
      [{ ...x, kind: 'parameter', init: 'random', a: 0, decay: true }],
      'unknown_name',
      /random/,
    ],
    [
      'more memory than is allowed',
      [{ ...x, shape: [4096, 32768] }, op('activation', ['x'])],
      'out_of_memory',
      /MB/,
    ],
  ];
  it.each(table)('%s', async (_, statements, code, sentence) => {
    const error = await failure(build({ statements } as GraphPlan));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(sentence)]);
  });

  it('data of another size, data that is not finite, data for what is computed', async () => {
    const run = await xorNet();
    const cases: [string, unknown, string, RegExp][] = [
      ['x', [1, 2, 3], 'shape_mismatch', /"x" has shape \(4, 2\) and takes 8 numbers, not 3/],
      ['x', Array(8).fill(NaN), 'invalid_argument', /x\[0\] is NaN/],
      ['x', 'four', 'invalid_argument', /array of numbers/],
      ['h', Array(16).fill(0), 'invalid_argument', /"h" is computed/],
      ['W9', [1], 'unknown_name', /"W9"/],
    ];
    for (const [name, values, code, sentence] of cases) {
      const error = await failure(run.set(name, values as number[]));
      expect([error.code, error.message]).toEqual([code, expect.stringMatching(sentence)]);
    }
    expect((await failure(run.grad('x'))).code).toBe('unknown_name');
    expect((await failure(run.forwardNode(99))).message).toMatch(/node is 99/);
    expect((await failure(run.step(0.5))).code).toBe('invalid_argument');
    expect((await failure(run.configure({ kind: 'sgd' }))).code).toBe('bad_state');
  });

  it('a graph that was disposed of, a graph in the small engine, a tensor of another graph', async () => {
    const session = await open();
    const run = await session.graph(twoLayer().g);
    run.dispose();
    expect((await failure(run.forward())).message).toMatch(/gone/);
    const small = await open('small');
    expect((await failure(small.graph(twoLayer().g))).message).toMatch(/engine: 'whole'/);
    const other = graph().input('x', [1]);
    expect(() => graph().op('sum', 'y', [other])).toThrow(/another graph/);
    const twice = graph();
    twice.input('x', [1]);
    expect(() => twice.input('x', [1])).toThrow(/two tensors/);
  });
});

describe('a long training', () => {
  it('answers in between, and stops where a number is not finite', async () => {
    const run = await xorNet();
    const long = run.step(40_000);
    const early = await run.report();
    expect(early.step).toBeLessThan(40_000);
    expect((await long).step).toBe(40_000);
    await run.set('W1', Array(8).fill(0));
    await run.set('b1', Array(4).fill(1));
    await run.set('W2', Array(4).fill(3e38)); // four times tanh 1 of this is beyond a float
    const report = await run.step(10);
    expect(report).toMatchObject({ problem: 'z2', step: 40_000 });
  });
});

describe('an engine that dies', () => {
  it('takes its graphs along: their handles never meet a graph of the engine after it', async () => {
    const workers: FakeWorker[] = [];
    const load = () => source();
    const worker = async () => {
      workers.push(new FakeWorker(GraphHost));
      return workers.at(-1) as unknown as Worker;
    };
    const session = await Session.open(
      { where: 'worker', engine: 'whole' },
      { load, loadBytes: load, worker, silenceMs: 60_000 },
    );
    sessions.push(session);
    const { g, options } = twoLayer();
    const old = await session.graph(g, options);
    const replaced: boolean[] = [];
    session.onFailure((_, recovered) => replaced.push(recovered));
    workers[0]?.onerror?.({ message: 'it died', preventDefault: () => undefined });
    await until(() => replaced.length > 0);
    expect(replaced).toEqual([true]);
    const fresh = await session.graph(g, options); // the first of its engine, as the old one was of its own
    const error = await failure(old.look(['W1']));
    expect([error.code, error.message]).toEqual(['bad_state', expect.stringMatching(/is gone/)]);
    old.dispose();
    expect((await fresh.look(['W1']))[0]?.shape).toEqual([4, 2]);
    for (const one of workers) if (!one.terminated) one.terminate();
  });
});

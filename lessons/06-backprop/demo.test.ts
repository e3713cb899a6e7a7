/**
 * Every figure of lesson 6, from the engine that the page runs: the documents' worked example, the checks, the mistakes; the formulas on the
 * page against the engine's gradients; and the exercises, graded right and wrong.
 */
import { describe, expect, it } from 'vitest';
import { defaults } from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { RUNAWAY } from './later/breaks.ts';
import { by_hand, note, shares, type Mistake, type Numbers, type Op } from './chain.ts';
import { checks } from './later/exercises.ts';
import { prediction } from './prediction.ts';
import lesson from './lesson.json';
import { edited, leaves, model, options, type Values } from './model.ts';
import { happened, NUDGE, predicted, probe } from './probing.ts';
import { standing } from './standing.ts';

interface Stood {
  session: Session;
  nodes: Op[];
  values: Values;
  numbers: Numbers;
}

/** The graph after one whole forward and backward pass, before its update. */
async function passed(config: Partial<Values>, seed = 1): Promise<Stood> {
  const session = await node_session('x2g-graph');
  const values = { ...defaults(options), ...config };
  const info = await session.create(model(values, seed));
  await session.step(1 + 2 * info.nodes.length, 'node');
  expect((await session.report()).grain?.phase).toBe('update');
  const known = new Map<string, [number, number]>();
  for (const { name, role } of info.tensors) {
    const has = role === 'parameter' || role === 'value';
    const grad = has ? (await session.tensor(name, true)).data[0] : undefined;
    known.set(name, [(await session.tensor(name)).data[0] ?? NaN, grad ?? NaN]);
  }
  const numbers: Numbers = {
    value: (name) => known.get(name)?.[0] ?? NaN,
    grad: (name) => known.get(name)?.[1] ?? NaN,
  };
  return { session, nodes: info.nodes, values, numbers };
}

async function measure_of(measure: string, config: Partial<Values>): Promise<number> {
  const s = await passed(config);
  const [kind = '', name = '', tensor = ''] = measure.split(' ');
  if (kind === 'value') return s.numbers.value(name);
  if (kind === 'grad') return s.numbers.grad(name);
  if (kind === 'mistake') return by_hand(s.nodes, s.values.act, s.numbers, name as Mistake).get(tensor) ?? 0;
  if (measure === 'relative error') return (await probe(s.session, 'w2', 0, 1)).check.relativeError;
  if (measure === 'nudge') {
    const found = await probe(s.session, 'w2', 0, 1);
    expect(Math.abs(predicted(found) - happened(found))).toBeLessThan(1e-3 * Math.abs(predicted(found)));
    return happened(found);
  }
  if (measure === 'loss after 100 steps') return (await s.session.step(101)).loss;
  if (measure === 'steps until it diverges') {
    const report = await s.session.step(1000);
    expect(report.status).toBe('diverged');
    return report.step;
  }
  throw new Error(`no measure "${measure}"`);
}

describe('claims of lesson 6', () => {
  it.each(lesson.claims.map((claim) => [claim.en, claim] as const))('%s', async (_, claim) => {
    const found = await measure_of(claim.measure, claim.config as Partial<Values>);
    measured(import.meta.url, claim.id, found);
    expect(Math.abs(found - claim.value)).toBeLessThanOrEqual(claim.tolerance);
  });
  it('the runaway of the switch is the claim’s', () => {
    const { lr, act, x, t, w1, w2 } = RUNAWAY;
    expect({ lr, act, x, t, w1, w2 }).toEqual({ lr: 0.5, act: 'identity', x: 2, t: 5, w1: 1, w2: 1 });
  });
});

describe('the formulas of lesson 6', () => {
  it.each([
    [{}],
    [{ act: 'tanh' }],
    [{ act: 'relu', w1: 0.7, w2: -1.5 }],
    [{ act: 'relu', w1: -0.7 }],
    [{ act: 'identity', t: 5, w1: 1, w2: 1 }],
    [{ graph: 'sine', x: -1.3 }],
  ] as [Partial<Values>][])('by hand is what the engine has, %j', async (config) => {
    const { nodes, values, numbers } = await passed(config);
    const found = by_hand(nodes, values.act, numbers, 'none');
    for (const [name, grad] of found)
      if (Number.isFinite(numbers.grad(name))) expect(grad).toBeCloseTo(numbers.grad(name), 5);
    expect([...found.keys()]).toEqual(expect.arrayContaining(nodes.map((n) => n.name)));
  });
  it('write every op as it stands in its box', async () => {
    const { nodes } = await passed({});
    expect(nodes.map((node) => note(node, 'sigmoid'))).toEqual([
      'w₁ x',
      'σ(z₁)',
      'w₂ h₁',
      'σ(z₂)',
      '½(y − t)²',
    ]);
    const matrices = await passed({ graph: 'layers' });
    expect(note(matrices.nodes[0] as Op, 'sigmoid')).toBe('W₁x + b₁');
  });
  it('give x of sin(x²) two shares, and the mistake drops one', async () => {
    const { nodes, numbers } = await passed({ graph: 'sine' });
    const both = shares(nodes[0] as Op, 'sigmoid', 'z', numbers, 'path');
    expect(both.map((share) => [share.to, share.slot, share.dropped])).toEqual([
      ['x', 0, false],
      ['x', 1, true],
    ]);
  });
  it('agree with BP1 to BP4 where there are matrices', async () => {
    const { session } = await passed({ graph: 'layers' }, 3);
    const of = async (name: string, grad = false) => Array.from((await session.tensor(name, grad)).data);
    const [x, t, y, a1, W2] = [await of('x'), await of('t'), await of('y'), await of('a1'), await of('W2')];
    const bp1 = y.map((v, i) => (v - (t[i] ?? NaN)) * v * (1 - v));
    const bp2 = a1.map(
      (a, j) => bp1.reduce((sum, d, i) => sum + (W2[3 * i + j] ?? NaN) * d, 0) * a * (1 - a),
    );
    const near = (found: number[], wanted: number[]) => {
      expect(found).toHaveLength(wanted.length);
      wanted.forEach((v, i) => expect(found[i]).toBeCloseTo(v, 6));
    };
    near(await of('z2', true), bp1);
    near(await of('z1', true), bp2);
    near(await of('b2', true), bp1);
    near(await of('b1', true), bp2);
    near(
      await of('W2', true),
      bp1.flatMap((d) => a1.map((a) => d * a)),
    );
    near(
      await of('W1', true),
      bp2.flatMap((d) => x.map((v) => d * v)),
    );
  });
});

describe('a step of lesson 6', () => {
  it('opens with its values in place, then gives each gradient when all who read the tensor have passed', async () => {
    const session = await node_session('x2g-graph');
    const { nodes } = await session.create(model(defaults(options), 1));
    let report = await session.step(1 + nodes.length, 'node');
    expect(report.step).toBe(0);
    expect(standing(report, nodes, false)).toMatchObject({ phase: 'backward', last: undefined });
    report = await session.step(1, 'node');
    const first = standing(report, nodes, false);
    expect(first.last).toBe(nodes.length - 1);
    expect(['L', 'y', 'z2', 'w2'].map((name) => first.has_grad(name))).toEqual([true, true, false, false]);
    report = await session.step(nodes.length - 1, 'node');
    expect(report.step).toBe(0);
    expect(standing(report, nodes, false).phase).toBe('update');
    report = await session.step(1, 'node');
    expect(report.step).toBe(1);
    expect(standing(report, nodes, false)).toMatchObject({ phase: 'between' });
    expect(standing(report, nodes, false).has_grad('w1')).toBe(true);
  });
  it('an edit goes on from the weights as they stand', async () => {
    const { session, values } = await passed({});
    await session.step(3);
    const now: Record<string, Float32Array> = {};
    for (const name of ['x', 't', 'w1', 'w2']) now[name] = (await session.tensor(name)).data;
    const next = edited(values, (name) => now[name] ?? [], 'x', 0, 1.5);
    expect(next).toEqual({ x: 1.5, t: 1, w1: now['w1']?.[0], w2: now['w2']?.[0] });
    await session.create(model({ ...values, ...next }, 1));
    expect((await session.tensor('w1')).data).toEqual(now['w1']);
  });
  it('an edited matrix is the old one but for its cell', async () => {
    const { session, values } = await passed({ graph: 'layers' });
    const now: Record<string, Float32Array> = {};
    for (const [name] of leaves) now[name] = (await session.tensor(name)).data;
    const next = edited(values, (name) => now[name] ?? [], 'W1', 3, 9);
    await session.create(model({ ...values, ...next }, 77));
    const W1 = Array.from(now['W1'] ?? []);
    W1[3] = 9;
    expect(Array.from((await session.tensor('W1')).data)).toEqual(W1);
    expect((await session.tensor('W2')).data).toEqual(now['W2']);
  });
});

describe('exercises of lesson 6', () => {
  const grade = async (id: string, values: number[], choice?: string) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return (await check.grade({ values, choice }, await node_session('x2g-graph'))).ok;
  };
  it.each([
    ['identity', -6, 6],
    ['minimum', 2.5, 1],
    ['sine', 1.08, 0.54],
  ] as const)('%s: %d is right, %d is not', async (id, right, wrong) => {
    expect(await grade(id, [right])).toBe(true);
    expect(await grade(id, [wrong])).toBe(false);
  });
  it('shape: a gradient has the shape of its tensor', async () => {
    expect(await grade('shape', [], '2,3')).toBe(true);
    expect(await grade('shape', [], '3,2')).toBe(false);
  });
  it('the prediction is answered once both gradients are there', async () => {
    const session = await node_session('x2g-graph');
    const info = await session.create(model(defaults(options), 1));
    const views = ['w1', 'w2'].map((name) => ({
      id: `grad ${name}`,
      kind: 'tensor' as const,
      name,
      grad: true,
    }));
    expect(prediction.outcome(await session.watch(views))).toBeUndefined();
    expect(prediction.outcome(await session.step(1 + 2 * info.nodes.length, 'node'))).toBe('w2');
  });
  it('a nudge is a thousandth', () => expect(NUDGE).toBe(0.001));
});

/**
 * Every figure of lesson 2: each claim of lesson.json is trained by the real core, and the exercises are graded by it.
 */
import { describe, expect, it } from 'vitest';
import { defaults } from '@x2g/web/elements';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { BAD_SEED } from './later/breaks.ts';
import { checks } from './later/exercises.ts';
import { gate_name, published, run_by_hand } from './later/run-by-hand.ts';
import { as_tensors, or_nand, xor } from './hand.ts';
import lesson from './lesson.json';
import { LEARNED, rows_right } from './prediction.ts';
import { model, options } from './model.ts';
import { folded_lines, paper, place, point_names, strongest } from './paper.ts';

interface Outcome {
  seed: number;
  learned: boolean;
  loss: number;
  change: number;
}

/** "1-20" or "54" */
function seeds_of(text: string): number[] {
  const [first = NaN, last = first] = text.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Trains one seed; stops at the first 100 steps after which it has learned. */
async function train(config: object, seed: number, steps: number): Promise<Outcome> {
  const session = await node_session();
  await session.create(model({ ...defaults(options), ...config }, seed));
  const start = (await session.tensor('W1')).data;
  let report = await session.report();
  let learned = false;
  while (report.step < steps && !learned) {
    report = await session.step(100);
    const { y } = await session.evaluateRows(xor.x, ['y']);
    learned = report.loss < LEARNED && rows_right(y?.data) === 4;
  }
  const now = (await session.tensor('W1')).data;
  const change = Math.max(...now.map((w, i) => Math.abs(w - (start[i] ?? NaN))));
  return { seed, learned, loss: report.loss, change };
}

const measures: Record<string, (all: Outcome[]) => number[]> = {
  learned: (all) => [all.filter((o) => o.learned).length],
  'first-stuck': (all) => [all.find((o) => !o.learned)?.seed ?? NaN],
  loss: (all) => all.map((o) => o.loss),
  'lowest-loss': (all) => [Math.min(...all.map((o) => o.loss))],
  'largest-change': (all) => [Math.max(...all.map((o) => o.change))],
};

describe('claims of lesson 2', () => {
  for (const claim of lesson.claims)
    it(claim.en, async () => {
      const all: Outcome[] = [];
      for (const seed of seeds_of(claim.seeds)) all.push(await train(claim.config, seed, claim.steps));
      const found = measures[claim.measure]?.(all) ?? [NaN];
      measured(import.meta.url, claim.id, found);
      for (const value of found) expect(Math.abs(value - claim.value)).toBeLessThanOrEqual(claim.tolerance);
    });
  it('names the same bad seed in the switch and in the claim', () => {
    expect(lesson.claims.find((c) => c.id === 'bad-seed')?.value).toBe(BAD_SEED);
  });
});

describe('exercises of lesson 2', () => {
  const grade = async (id: string, values: number[], choice?: string) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return check.grade({ values, choice }, await node_session());
  };
  it('OR, NAND and AND by hand compute XOR under both conventions', async () => {
    for (const fires_at_zero of [true, false])
      expect(gate_name(await run_by_hand(await node_session(), or_nand, fires_at_zero))).toBe('XOR');
    expect((await grade('by-hand', [...or_nand])).message.en).toContain('both conventions');
  });
  it('the same weights solve it in the network of step units that the figure shows', async () => {
    const session = await node_session();
    await session.create(model({ ...defaults(options), act: 'step', start: 'or-nand' }, 1));
    for (const [name, data] of as_tensors(or_nand)) await session.set(name, data);
    const { y } = await session.evaluateRows(xor.x, ['y']);
    expect(Array.from(y?.data ?? [])).toEqual(xor.t);
  });
  it('the published answer computes NAND and is refused', async () => {
    expect(gate_name(await run_by_hand(await node_session(), published, true))).toBe('NAND');
    expect((await grade('by-hand', [...published])).ok).toBe(false);
    expect((await grade('published', [], 'NAND')).ok).toBe(true);
    expect((await grade('published', [], 'XOR')).ok).toBe(false);
  });
  it('the repaired answer y = step(−h1 − h2 + 0.5) computes XOR', async () => {
    expect((await grade('by-hand', [...published.slice(0, 6), -1, -1, 0.5])).message.en).toContain(
      'both conventions',
    );
  });
  it('takes a solution that leans on one convention, and says which', async () => {
    const touching = await grade('by-hand', [1, 1, -1, -1, -1, 1, 1, 1, -2]);
    expect(touching.ok).toBe(true);
    expect(touching.message.en).toContain('s ≥ 0');
  });
  it('wants ln 2 as the loss of one half for everything', async () => {
    expect((await grade('ln2', [0.693])).ok).toBe(true);
    expect((await grade('ln2', [0.5])).ok).toBe(false);
  });
});

describe('the paper of lesson 2', () => {
  const h = Float32Array.from({ length: paper.length }, (_, i) => -2 * (paper[i] ?? 0));
  it('lies in the input plane at first and in the hidden plane at last', () => {
    const fold = (amount: number) => ({ amount, width: 2, axes: [0, 1] as [number, number] });
    expect(place(paper, h, 5, fold(0))).toEqual([paper[10], paper[11]]);
    const [x, y] = place(paper, h, 5, fold(1));
    expect(x).toBeCloseTo(-2 * (paper[10] ?? NaN), 5);
    expect(y).toBeCloseTo(-2 * (paper[11] ?? NaN), 5);
  });
  it('has seven lines each way, and the unit square among them', () => {
    const lines = folded_lines(h, { amount: 0, width: 2, axes: [0, 1] });
    expect(lines).toHaveLength(14);
    const strong = lines.filter((line) => line.role === 'muted');
    expect(strong.map((line) => [line.x[0], line.y[0]])).toEqual([
      [0, -0.25],
      [1, -0.25],
      [-0.25, 0],
      [-0.25, 1],
    ]);
  });
  it('takes the two weightiest units as axes, in their order', () => {
    expect(strongest([0.1])).toEqual([0, undefined]);
    expect(strongest([0.1, -9])).toEqual([0, 1]);
    expect(strongest([0.1, -9, 0.2, 3])).toEqual([1, 3]);
  });
  it('names two points on one spot together and leaves a crowd unnamed', () => {
    expect(
      point_names(
        [
          [0, 1],
          [1, 1],
          [1, 1],
          [1, 0],
        ],
        0.1,
      ),
    ).toEqual(['0,0', '0,1 | 1,0', '', '1,1']);
    expect(
      point_names(
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [1, 0],
        ],
        0.1,
      ),
    ).toEqual(['', '', '', '1,1']);
  });
});

/**
 * Every figure of lesson 1: each claim of lesson.json is trained by the real core, and the exercises are graded by it.
 */
import { describe, expect, it } from 'vitest';
import { defaults, type Report } from '@x2g/web/elements';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { gate, gates, type Gate } from './data.ts';
import { checks } from './later/exercises.ts';
import { lines_of } from './later/steps.ts';
import lesson from './lesson.json';
import { model, options } from './model.ts';
import { short, sum_written, updates_written, type Look } from './trace.ts';

type Perceptron = NonNullable<Report['perceptron']>;

/** Enough looks for every claim: the longest run takes 1262. */
const LOOKS = 5000;

async function measure(name: string, config: object): Promise<number | number[]> {
  const session = await node_session();
  await session.create(model({ ...defaults(options), ...config }, 1));
  const trace: Perceptron['trace'] = [];
  let report = await session.report();
  for (let epoch = 0; epoch < LOOKS / 4; epoch += 1) {
    report = await session.step(4);
    trace.push(...(report.perceptron?.trace ?? []));
    if (report.perceptron?.converged || (report.perceptron?.cycles && name !== 'mistakes-in-a-cycle')) break;
    if (name === 'mistakes-in-a-cycle' && epoch === 20) break;
  }
  const p = report.perceptron;
  if (!p) throw new Error('a perceptron run reports its perceptron');
  switch (name) {
    case 'mistakes':
      expect(p.converged).toBe(true);
      return p.mistakes;
    case 'looks':
      return report.step;
    case 'weights':
      return p.weights;
    case 'bound':
      return p.bound.bound;
    case 'cycle':
      expect(p.cycles).toBe(true);
      return p.cycleLength;
    case 'mistakes-in-a-cycle':
      return trace.slice(-p.cycleLength).filter((look) => look.error !== 0).length;
    case 'right-before-first-mistake':
      return trace.findIndex((look) => look.error !== 0);
    default:
      throw new Error(`no measure "${name}"`);
  }
}

describe('claims of lesson 1', () => {
  for (const claim of lesson.claims)
    it(claim.en, async () => {
      const found = [await measure(claim.measure, claim.config)].flat();
      measured(import.meta.url, claim.id, found);
      const said = [claim.value].flat();
      expect(found).toHaveLength(said.length);
      said.forEach((value, i) =>
        expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThanOrEqual(claim.tolerance),
      );
    });
});

describe('exercises of lesson 1', () => {
  const grade = async (id: string, values: number[], choice?: string) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return check.grade({ values, choice }, await node_session());
  };
  it('takes weights that compute AND, and names the rows of weights that do not', async () => {
    expect((await grade('and-by-hand', [1, 1, -1.5])).ok).toBe(true);
    expect((await grade('and-by-hand', [0.2, 0.1, -0.25])).message.en).toContain('All four rows');
    const or = await grade('and-by-hand', [1, 1, -0.5]);
    expect(or.ok).toBe(false);
    expect(or.message.en).toContain('(0, 1) (1, 0)');
  });
  it('takes a line through a point under the convention that fits, and says so', async () => {
    const touching = await grade('and-by-hand', [1, 1, -2]);
    expect(touching.ok).toBe(true);
    expect(touching.message.en).toContain('s ≥ 0');
    expect((await grade('and-by-hand', [1, 1, -1])).message.en).toContain('s > 0');
  });
  it('knows the numbers after the sixth look', async () => {
    expect((await grade('sixth-look', [0.1, 0, -0.2])).ok).toBe(true);
    expect((await grade('sixth-look', [0.1, 0.1, -0.1])).ok).toBe(false);
  });
  it('finds that the learning rate changes no mistake from zeros', async () => {
    expect((await grade('rate', [], 'same')).ok).toBe(true);
    expect((await grade('rate', [], 'fewer')).ok).toBe(false);
  });
});

describe('the figure of lesson 1', () => {
  it('shows the same truth tables as the core', async () => {
    const session = await node_session();
    for (const name of Object.keys(gates) as Gate[])
      for (const inputs of [2, 3]) expect(gate(name, inputs)).toEqual(await session.points(name, { inputs }));
  });
  it('writes a look out as arithmetic that is true', async () => {
    const session = await node_session();
    await session.create(model(defaults(options), 1));
    const { perceptron: p } = await session.step(18);
    const looks = p?.trace ?? [];
    expect(looks).toHaveLength(18);
    const value = (text: string) =>
      text
        .replaceAll('−', '-')
        .split(' + ')
        .reduce(
          (sum, term) => sum + term.split('·').reduce((a, f) => a * Number(f.replace(/[()]/gu, '')), 1),
          0,
        );
    for (const look of looks) {
      const [left = '', right = ''] = sum_written(look).split(' = ');
      expect(value(left)).toBeCloseTo(look.sum, 9);
      expect(right).toBe(short(look.sum));
      for (const line of updates_written(look)) {
        const [, terms = '', after = ''] = line.split(' = ');
        expect(value(terms)).toBeCloseTo(value(after), 9);
      }
    }
  });
  it('writes the same arithmetic as terms, and each line is true', async () => {
    const session = await node_session();
    const opt = { ...defaults(options), inputs: 3 };
    await session.create(model(opt, 1));
    const { perceptron: p } = await session.step(18);
    for (const look of p?.trace ?? []) {
      const lines = lines_of(look, opt.rate);
      expect(lines).toHaveLength(look.error === 0 ? 1 : 5);
      for (const { of, sum } of lines)
        expect(sum.reduce((all, terms) => all + terms.reduce((a, f) => a * f.value, 1), 0)).toBeCloseTo(
          of.value,
          9,
        );
    }
    expect(p?.trace).toHaveLength(18);
  });
  it('writes nothing where nothing changes', () => {
    const look: Look = {
      step: 1,
      epoch: 0,
      example: 0,
      x: [1, 1],
      before: [1, 1, -1.5],
      after: [1, 1, -1.5],
      sum: 0.5,
      target: 1,
      output: 1,
      error: 0,
    };
    expect(updates_written(look)).toEqual([]);
  });
});

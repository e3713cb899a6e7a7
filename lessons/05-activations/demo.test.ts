/**
 * Every figure of lesson 5: each claim of lesson.json is trained by the real core, and the exercises are graded by it.
 */
import { describe, expect, it } from 'vitest';
import { defaults } from '@x2g/web/elements';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { checks } from './later/exercises.ts';
import lesson from './lesson.json';
import { dead_units, label, model, options, POINTS, type Values } from './model.ts';
import { race, set_bias } from './race.ts';

type Session = Awaited<ReturnType<typeof node_session>>;

async function rows_of(session: Session, seed: number) {
  const drawn = await session.points('blobs', { n: POINTS, separation: 0, spread: 1, seed });
  return { x: drawn.x, t: label(drawn.x) };
}

/** Trains one seed; the loss and how many hidden units answer 0 to every point. */
async function train(config: object, seed: number, steps: number) {
  const session = await node_session();
  const opt: Values = { ...defaults(options), ...config };
  const rows = await rows_of(session, seed);
  await session.create(model(opt.f, opt, seed, rows));
  await set_bias(session, opt.bias, opt.bias !== 0);
  const { loss } = await session.step(steps);
  return { loss, dead: dead_units(await session.evaluateRows(rows.x, ['h1', 'h2'])) };
}

async function gelu_error(): Promise<number> {
  const session = await node_session();
  const x = Array.from({ length: 24001 }, (_, i) => (i - 12000) / 2000);
  const exact = (await session.activation('gelu_erf', x)).y;
  const near = (await session.activation('gelu_tanh', x)).y;
  return Math.max(...exact.map((y, i) => Math.abs(y - (near[i] ?? NaN))));
}

describe('claims of lesson 5', () => {
  for (const claim of lesson.claims)
    it(claim.en, async () => {
      if (claim.measure === 'gelu-error') {
        const error = await gelu_error();
        measured(import.meta.url, claim.id, error);
        expect(error).toBeLessThan(claim.value);
        return;
      }
      const [first = 1, last = first] = claim.seeds.split('-').map(Number);
      const found: number[] = [];
      for (let seed = first; seed <= last; seed += 1) {
        const { loss, dead } = await train(claim.config, seed, claim.steps);
        found.push(claim.measure === 'dead-at-least' ? dead : loss);
        if (claim.measure === 'loss-above') expect(loss).toBeGreaterThan(claim.value);
        else if (claim.measure === 'loss-below') expect(loss).toBeLessThan(claim.value);
        else if (claim.measure === 'dead-at-least') expect(dead).toBeGreaterThanOrEqual(claim.value);
        else throw new Error(`unknown measure ${claim.measure}`);
      }
      measured(import.meta.url, claim.id, found);
    });
});

describe('the race of lesson 5', () => {
  it('gives each function the run that it has alone, to the bit', async () => {
    const session = await node_session();
    const opt = defaults(options) as Values;
    const rows = await rows_of(session, 1);
    const seen = new Map<string, number>();
    const stop = new AbortController();
    const told = (lanes: { id: string; step: number[]; loss: number[] }[]) => {
      for (const lane of lanes) seen.set(`${lane.id}@${lane.step.at(-1)}`, lane.loss.at(-1) ?? NaN);
      if (lanes[0]?.step.at(-1) === 100) stop.abort();
    };
    await race(session, opt, 1, rows, told, stop.signal);
    for (const f of ['relu', 'sigmoid', 'step'] as const)
      expect(seen.get(`${f}@100`)).toBe((await train({ f }, 1, 100)).loss);
  });
});

describe('exercises of lesson 5', () => {
  const grade = async (id: string, value: number) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return (await check.grade({ values: [value], choice: undefined }, await node_session())).ok;
  };
  it('takes 0.01 for leaky ReLU at −2, and not 1', async () => {
    expect(await grade('leaky', 0.01)).toBe(true);
    expect(await grade('leaky', 1)).toBe(false);
  });
  it('takes one quarter for the largest slope of the sigmoid, and not one half', async () => {
    expect(await grade('sigmoid-max', 0.25)).toBe(true);
    expect(await grade('sigmoid-max', 0.5)).toBe(false);
  });
  it('takes 3.81 millionths for nine sigmoids, and not 25', async () => {
    expect(await grade('nine-layers', 3.81)).toBe(true);
    expect(await grade('nine-layers', 25)).toBe(false);
  });
});

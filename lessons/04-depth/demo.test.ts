/**
 * Every figure of lesson 4: each claim of lesson.json is built or trained by the real core, and the exercises are graded by it.
 */
import { describe, expect, it } from 'vitest';
import { defaults } from '@x2g/web/elements';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { count_pieces, most_pieces, places, sawtooth, square_error, tents, zigzag } from './folds.ts';
import { checks } from './later/exercises.ts';
import lesson from './lesson.json';
import { model, options, prepare, ROWS, sizes, wanted, wave, type Values } from './model.ts';
import { make, run_made } from './nets.ts';
import { PREDICTED, prediction } from './prediction.ts';
import { race, type Lane } from './race.ts';

const settings = (config: object): Values => ({ ...defaults(options), ...config });

/** The loss after so many steps from one seed. */
async function train(config: object, seed: number, steps: number): Promise<number> {
  const session = await node_session();
  const opt = settings(config);
  await session.create(model(opt, seed));
  await prepare(session, opt);
  return (await session.step(steps)).loss;
}

/** What hand-made nets show. */
async function made(key: string, config: object): Promise<number> {
  const { deep, twin, match, layers } = await make(await node_session(), settings(config));
  if (key === 'square') return square_error(layers);
  if (key === 'equal-parameters') return deep.parameters === twin.parameters ? deep.parameters : NaN;
  const [which = '', what = ''] = key.split('-');
  const net = { deep, twin, match }[which];
  return what === 'pieces' ? (net?.pieces ?? NaN) : (net?.parameters ?? NaN);
}

describe('claims of lesson 4', () => {
  for (const claim of lesson.claims)
    it(claim.en, async () => {
      const [key = '', how = ''] = claim.measure.split(' ');
      const [first = 1, last = first] = claim.seeds.split('-').map(Number);
      const all: number[] = [];
      for (let seed = first; seed <= last; seed += 1) {
        let found: number;
        if (key === 'loss' || key === 'back') found = await train(claim.config, seed, claim.steps);
        else if (key === 'against-deep')
          found =
            (await train(claim.config, seed, claim.steps)) /
            (await train({ ...claim.config, learner: 'deep' }, seed, claim.steps));
        else found = await made(key, claim.config);
        all.push(found);
        if (how === 'below') expect(found).toBeLessThan(claim.value);
        else if (how === 'above') expect(found).toBeGreaterThan(claim.value);
        else if (how === 'is') expect(Math.abs(found - claim.value)).toBeLessThanOrEqual(claim.tolerance);
        else if (how !== 'count') throw new Error(`unknown measure ${claim.measure}`);
      }
      const back = all.filter((loss) => loss < 1e-4).length;
      if (how === 'count') expect(back).toBe(claim.value);
      measured(import.meta.url, claim.id, how === 'count' ? back : all);
    });
});

describe('nets made by hand in lesson 4', () => {
  it('draw the sawtooth to the last bit, deep and shallow', async () => {
    const session = await node_session();
    for (const folds of [1, 2, 5, 8]) {
      const { deep, match, layers } = await make(session, settings({ folds }));
      const wanted_y = places.map((x) => sawtooth(folds, x));
      expect(Array.from(deep.y)).toEqual(wanted_y);
      expect(deep.pieces).toBe(2 ** folds);
      // The shallow one adds up 2^k slopes of 2^k in single precision.
      match.y.forEach((y, i) => expect(Math.abs(y - (wanted_y[i] ?? NaN))).toBeLessThan(2e-3));
      layers.forEach((layer, k) => expect(layer[1367]).toBe(sawtooth(k + 1, places[1367] ?? NaN)));
    }
  });
  it('have at most one piece more than a layer has units', async () => {
    const session = await node_session();
    for (const units of [1, 2, 7, 30]) {
      const opt = settings({});
      expect((await run_made(session, [1, units, 1], most_pieces(units), opt)).made.pieces).toBe(units + 1);
      expect((await run_made(session, [1, units, 1], zigzag(units), opt)).made.pieces).toBe(units);
    }
  });
  it('make squares four times as exact with every layer', async () => {
    const session = await node_session();
    for (const folds of [1, 3, 6])
      expect(square_error((await make(session, settings({ folds }))).layers)).toBeCloseTo(
        4 ** -(folds + 1),
        9,
      );
  });
  it('lose what a missing unit did', () => {
    expect(tents(2, 2).at(-2)).toEqual(['W3', [2, 0]]);
    expect(tents(2, 1).find(([name]) => name === 'W2')).toEqual(['W2', [2, 0, 2, 0]]);
  });
});

describe('counting pieces', () => {
  const over = (f: (x: number) => number): Float32Array => Float32Array.from(places, f);
  it('finds kinks between the places as well as on them', () => {
    expect(count_pieces(over((x) => x))).toBe(1);
    expect(count_pieces(over(() => 0.5))).toBe(1);
    expect(count_pieces(over((x) => Math.max(0, x - 0.3)))).toBe(2);
    expect(count_pieces(over((x) => Math.max(0, x - 0.5) - 3 * Math.max(0, x - 0.70003)))).toBe(3);
    expect(count_pieces(over((x) => sawtooth(8, x)))).toBe(256);
  });
  it('does not take rounding for kinks', () => {
    expect(count_pieces(over((x) => 0.1 + 3 * (x - 0.7) + 5.1))).toBe(1);
  });
  it('agrees with the signs of the hidden units of a trained net: never more pieces than patterns', async () => {
    const session = await node_session();
    const opt = settings({ folds: 4 });
    await session.create(model(opt, 2));
    await prepare(session, opt);
    await session.step(300);
    const { y, h1 } = await session.evaluateRows(places, ['y', 'h1']);
    let patterns = 1;
    for (let i = 1; i < places.length; i += 1)
      for (let j = 0; j < 8; j += 1)
        if ((h1?.data[i * 8 + j] ?? 0) > 0 !== (h1?.data[(i - 1) * 8 + j] ?? 0) > 0) patterns += 1;
    const pieces = count_pieces(y?.data ?? []);
    expect(pieces).toBeLessThanOrEqual(patterns);
    expect(pieces).toBeGreaterThan(2);
  });
});

describe('learners of lesson 4', () => {
  it('have equally many parameters, deep or shallow', async () => {
    const session = await node_session();
    for (const config of [{ folds: 1 }, { folds: 7 }, { curve: 'wave' as const }]) {
      const opt = settings(config);
      const count = async (learner: Values['learner']): Promise<number> =>
        (await session.create(model({ ...opt, learner }, 1))).parameterCount;
      expect(await count('deep')).toBe(await count('shallow'));
      expect(await count('deep')).toBe(opt.curve === 'wave' ? 97 : 6 * opt.folds + 1);
    }
    expect(sizes('deep', { curve: 'sawtooth', folds: 3 })).toEqual([1, 2, 2, 2, 1]);
  });
  it('see a wave of six half-waves and a sawtooth that a sample meets twice a piece', () => {
    expect(wave(0)).toBe(0);
    expect([1, 2, 3, 4, 5, 6].map((u) => wave(Math.sqrt(u / 6)))).toEqual(
      [1, 0, 1, 0, 1, 0].map((v) => expect.closeTo(v, 9)),
    );
    expect(ROWS).toBeGreaterThan(2 * 2 ** 8);
    expect(wanted({ curve: 'sawtooth', folds: 2 }, 0.25)).toBe(1);
  });
  it('race like they train alone, to the bit', async () => {
    const stop = new AbortController();
    const opt = settings({ folds: 3 });
    let seen: Lane[] = [];
    const told = (lanes: Lane[]): void => {
      seen = lanes;
      if (lanes[0]?.step.at(-1) === 100) stop.abort();
    };
    await race(await node_session(), opt, 4, told, stop.signal);
    for (const { id, step, loss } of seen) {
      expect(step).toEqual([0, 50, 100]);
      expect(loss.at(-1)).toBe(await train({ folds: 3, learner: id }, 4, 100));
    }
  });
});

describe('exercises of lesson 4', () => {
  const grade = async (id: string, value: number) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return (await check.grade({ values: [value], choice: undefined }, await node_session())).ok;
  };
  it('takes 64 pieces at six folds, not 12', async () => {
    expect(await grade('pieces', 64)).toBe(true);
    expect(await grade('pieces', 12)).toBe(false);
  });
  it('takes 63 units for 64 pieces, neither 62 nor 64', async () => {
    expect([
      await grade('shallow-units', 62),
      await grade('shallow-units', 63),
      await grade('shallow-units', 64),
    ]).toEqual([false, true, false]);
    for (const odd of [0, -1, 2.5, NaN, 1e9]) expect(await grade('shallow-units', odd)).toBe(false);
  });
  it('takes 156 parameters of difference, not 193', async () => {
    expect(await grade('parameters', 156)).toBe(true);
    expect(await grade('parameters', 193)).toBe(false);
  });
  it('answers the prediction from the counted pieces, at five plain folds only', () => {
    const asked = (folds: number, plain: boolean) =>
      prediction(() => ({ folds, plain, pieces: 32 })).outcome({} as never);
    expect(asked(PREDICTED, true)).toBe('32');
    expect(asked(4, true)).toBeUndefined();
    expect(asked(PREDICTED, false)).toBeUndefined();
  });
});

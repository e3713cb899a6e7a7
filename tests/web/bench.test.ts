// The benchmarks' own arithmetic, and one case of each kind run for an instant without peers, so that the scripts cannot rot unseen.
// No figure is judged here: speed is `./lab bench`'s business.
import { describe, expect, it } from 'vitest';
import { agree, calibrate, contest, difference, duel, median, pairwise } from '../bench/lib/measure.mjs';
import { fromGoogle } from '../bench/lib/native.mjs';
import { nodeEnv, type Absent } from '../bench/lib/node.mjs';
import { digits, digitRows, shuffledBatches } from '../bench/lib/recipes.mjs';
import { clean, document, figure, goals, judge, report, table } from '../bench/lib/rows.mjs';
import results from '../../web/src/speed-page/results.json';
import { benches, goals as named, places } from '../../web/src/speed-page/words.ts';

/** A clock that only work moves, and workers that take a known time a unit. */
function clockwork() {
  let now = 0;
  const worker = (ms: (call: number) => number, more = {}) => {
    let calls = 0;
    return { work: (count: number) => void (now += count * ms(calls++)), ...more };
  };
  return { clock: () => now, worker };
}

const row = (more = {}) => ({
  bench: 'xor',
  case: '2-2-1, four rows',
  who: 'xor2gpt',
  where: 'node',
  threads: 1,
  variant: 'simd128',
  value: 4e6,
  unit: 'steps/s',
  ...more,
});

describe('times', () => {
  it('has the middle of odd and even lists, and none of nothing', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('takes even drift out of a round A B B A', () => {
    // The machine gets 10 ms slower with each sample; both contestants are equal.
    expect(pairwise([[100, 110, 120, 130]]).ratio).toBe(1);
    expect(
      pairwise([
        [1, 2, 2, 1],
        [1, 3, 3, 1],
        [1, 2, 2, 3],
      ]),
    ).toEqual({ ratio: 2, low: 1, high: 3 });
  });

  it('finds a number of units that outlasts the grain of the clock, in whole lots', async () => {
    const { clock, worker } = clockwork();
    const count = await calibrate(
      worker(() => 0.01, { least: 16 }),
      50,
      clock,
    );
    expect(count % 16).toBe(0);
    expect(count * 0.01).toBeGreaterThanOrEqual(50);
    expect(count * 0.01).toBeLessThan(100);
  });

  it('holds a peer of twice the time at a ratio of two', async () => {
    const { clock, worker } = clockwork();
    const found = await duel(
      worker(() => 3),
      worker(() => 6),
      { rounds: 3, ms: 20, clock },
    );
    expect(found).toMatchObject({ a: 0.003, b: 0.006, ratio: 2, low: 2, high: 2 });
  });

  it('makes rows of all contestants, ours first', async () => {
    const { clock, worker } = clockwork();
    const own = [worker(() => 2, { variant: 'simd128' }), worker(() => 1, { variant: 'relaxed' })];
    const peer = worker(() => 8, { who: 'other', variant: 'f32', note: 'slow' });
    const rows = await contest('case', own, [peer], {
      unit: 'steps/s',
      value: (s: number) => 1 / s,
      rounds: 1,
      ms: 10,
      clock,
    });
    expect(rows.map((r) => [r.who, r.variant, Math.round(r.value), r.ratio_to_ours])).toEqual([
      ['xor2gpt', 'simd128', 500, undefined],
      ['xor2gpt', 'relaxed', 1000, 0.5],
      ['other', 'f32', 125, 4],
    ]);
  });

  it('does not let different work pass as the same', () => {
    expect(difference([1, 2], [1, 2.02])).toBeCloseTo(0.0099, 4);
    expect(difference([1], [Number.NaN])).toBe(Infinity);
    expect(difference([1], [1, 2])).toBe(Infinity);
    expect(agree('losses', [4.2], [4.2001], 1e-3)).toBeLessThan(1e-4);
    expect(() => agree('losses', [4.2], [4.3], 1e-3)).toThrow(/not the same work/);
    expect(() => agree('losses', [4.2], [Number.NaN], 1e-3)).toThrow(/not the same work/);
  });
});

describe('rows', () => {
  it('writes figures with three digits, or all before the point', () => {
    expect([1234567, 12.345, 0.001234, 85, Number.NaN].map(figure)).toEqual([
      '1 234 567',
      '12.3',
      '0.00123',
      '85',
      '–',
    ]);
  });

  it('fits a terminal of 100 columns, however long the names', () => {
    const long = row({
      case: 'x'.repeat(80),
      who: 'y'.repeat(40),
      value: 1e12,
      ratio_to_ours: 123.4,
      peak_percent: 99.5,
    });
    const text = table([long, row({ bench: 'mlp' })]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).toContain('\nmlp\n');
    expect(text).toContain('100%');
  });

  it('keeps the fields of a row, and refuses one without a figure', () => {
    expect(Object.keys(clean(row({ ratio_to_ours: 2.123456, extra: 1 })))).toEqual([
      ...['bench', 'case', 'who', 'where', 'threads', 'variant', 'value', 'unit', 'ratio_to_ours'],
    ]);
    expect(clean(row({ ratio_to_ours: 2.123456 })).ratio_to_ours).toBe(2.1235);
    expect(() => clean(row({ value: Number.NaN }))).toThrow(TypeError);
  });

  it('judges a goal by the worst of its rows, and not at all without one', () => {
    const goal = {
      key: 'k',
      name: 'n',
      bench: 'gemm',
      case: /^forward/,
      variant: 'relaxed',
      field: 'peak_percent',
      least: 90,
    };
    const gemm = (percent: number, more = {}) =>
      row({ bench: 'gemm', case: 'forward 1', variant: 'relaxed', peak_percent: percent, ...more });
    expect(judge(goal, [gemm(95), gemm(91)])).toMatchObject({ value: 91, reached: true });
    expect(judge(goal, [gemm(95), gemm(80)])).toMatchObject({ value: 80, reached: false });
    expect(judge(goal, [gemm(80, { who: 'tfjs-wasm' })])).toBeUndefined();
    const slow = { key: 'k', name: 'n', bench: 'gpt-train', case: /laptop/, field: 'value', most: 85 };
    const step = (ms: number) => row({ bench: 'gpt-train', case: 'laptop step', value: ms, unit: 'ms' });
    expect(judge(slow, [step(84)])).toMatchObject({ reached: true });
    expect(judge(slow, [step(86)])).toMatchObject({ reached: false });
  });

  it('makes a document whose goals stand on its rows', () => {
    const made = document({ machine: 'm', cores: 2, engines: {}, date: 'd', commit: 'c' }, [row()], []);
    expect(made.goals.map(({ key, reached }) => [key, reached])).toEqual([['xor', true]]);
    expect(made.rows).toHaveLength(1);
  });

  it('reads what Google Benchmark says', () => {
    const gemm = {
      benchmarks: [
        { name: 'gemm/forward/1', 'GFLOP/s': 50 },
        { name: 'gemm/peak/0', 'GFLOP/s': 80 },
        { name: 'gemm/peak/1', 'GFLOP/s': 100 },
      ],
    };
    expect(fromGoogle('gemm', gemm).map((r) => r.case)).toEqual(['forward/1', 'peak']);
    expect(fromGoogle('gemm', gemm)[0]).toMatchObject({
      case: 'forward/1',
      value: 50,
      peak_percent: 50,
      where: 'native',
    });
    const peers = {
      benchmarks: [
        {
          name: 'gemm/forward/8_median',
          run_name: 'gemm/forward/8',
          aggregate_name: 'median',
          'GFLOP/s': 60,
        },
        { name: 'gemm/forward/8_mean', run_name: 'gemm/forward/8', aggregate_name: 'mean', 'GFLOP/s': 1 },
        {
          name: 'gemm/eigen:forward/8_median',
          run_name: 'gemm/eigen:forward/8',
          aggregate_name: 'median',
          'GFLOP/s': 30,
        },
      ],
    };
    expect(fromGoogle('gemm', peers)).toMatchObject([
      { case: 'forward/8', who: 'xor2gpt', value: 60 },
      { case: 'forward/8', who: 'Eigen 3.4', value: 30, ratio_to_ours: 2 },
    ]);
    const step = {
      benchmarks: [{ name: 'gpt-train/laptop/min_time:2.000', real_time: 70, time_unit: 'ms' }],
    };
    expect(fromGoogle('gpt-train', step)[0]).toMatchObject({ case: 'laptop step', value: 70, unit: 'ms' });
  });
});

describe('recipes', () => {
  it('hands out every row once an epoch', () => {
    const batches = shuffledBatches(40, 10);
    const epoch = Array.from({ length: 4 }, () => [...(batches.next().value as Int32Array)]).flat();
    expect(new Set(epoch).size).toBe(40);
    expect(epoch).not.toEqual([...epoch].sort((a, b) => a - b));
  });

  it('makes the same images each time, one class a row', () => {
    const data = digitRows({ ...digits, rows: 30 });
    expect(digitRows({ ...digits, rows: 30 }).x).toEqual(data.x);
    expect(data.x.filter((v: number) => v > 0).length / data.x.length).toBeCloseTo(0.2, 1);
    expect([...data.t.slice(0, 20)].filter((v) => v === 1)).toHaveLength(2);
  });
});

describe('the committed results', () => {
  it('are what the page can show: goals follow from the rows, every name is known in both languages', () => {
    expect(results.goals).toEqual(JSON.parse(JSON.stringify(report(results.rows))));
    for (const { bench, where } of results.rows as { bench: string; where: string }[]) {
      expect(benches).toHaveProperty(bench);
      expect(places).toHaveProperty(where);
    }
    for (const { key } of goals) expect(named).toHaveProperty(key);
    expect(results.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(results.commit).toMatch(/^[0-9a-f]{12}/);
  });
});

describe('a run for an instant', () => {
  const env = nodeEnv({ quick: true, peers: true });
  const names = ['xor', 'mlp', 'decode'];
  it.each(names)('%s gives rows, and the baseline agrees with the engine', async (name) => {
    const absent: Absent[] = [];
    const said: string[] = [];
    // Only the baseline of this repository takes part: the libraries are installed by `./lab bench` alone.
    const here = nodeEnv({ quick: true, say: (text: string) => void said.push(text), absent });
    here.peer = (peer: string) =>
      peer === 'plain' ? env.peer(peer) : Promise.reject(new Error('not asked'));
    const { run } = await import(`../bench/cases/${name}.mjs`);
    const rows = (await run(here)) as { who: string; value: number; ratio_to_ours?: number }[];
    expect(rows[0]).toMatchObject({ who: 'xor2gpt', variant: 'simd128' });
    expect(rows.map(({ who }) => who)).toContain('plain JS');
    for (const { value } of rows) expect(value).toBeGreaterThan(0);
    expect(absent.filter(({ who }) => who === 'plain')).toEqual([]);
    expect(said.join('\n')).toMatch(/plain JS.*(agree|are ours)/);
  });

  it('a peer that is missing leaves a line and no row', async () => {
    const absent: Absent[] = [];
    const here = nodeEnv({ quick: true, absent });
    await here.attempt('xor', 'nobody', () => here.peer('nobody'));
    expect(absent[0]).toMatchObject({ bench: 'xor', who: 'nobody' });
    expect(absent[0]?.reason).not.toContain('file:');
  });
});

/**
 * What lesson 3 trains: the options that the reader may vary, the samples, and the run that they make. The defaults are the lesson's claim
 * (demo.test.ts). First hinges stand evenly over the interval and open outwards, the seed draws the heights: a layer whose biases are all
 * zero would bend at 0 only.
 */
import { option, type OptionValues } from '@x2g/web/elements';
import { curveNet, type MlpConfig, type Session } from '@x2g/web/lab';
import { best_heights, biases, even, through_points } from './hinges.ts';
import { DRAWN, DRAWN_LIMIT, sketch, wanted } from './target.ts';

/** Steps of a run. */
export const LIMIT = 3000;
/**
 * Size of the first input weights. On an interval of length 1 a step of Adam then moves a hinge by a small part of its way: with weights
 * near 1 hinges run out of the picture before the heights have grown.
 */
export const STEEP = 8;
/** Samples without noise and with it. */
export const CLEAN = 129;
export const NOISY = 24;

export const options = {
  hidden: option.int({
    min: 1,
    max: 32,
    default: 2,
    label: { en: 'Hinges (hidden units)', ja: '折れ目（隠れユニット）' },
  }),
  target: option.choice({
    values: ['sine', 'tent', 'step', 'own'],
    default: 'sine',
    control: 'select',
    label: { en: 'Wanted curve', ja: '目標の曲線' },
    names: {
      en: { sine: 'sine', tent: '|x|', step: 'a jump', own: 'your own' },
      ja: { sine: '正弦波', tent: '|x|', step: '段差', own: '自分で描く' },
    },
  }),
  start: option.choice({
    values: ['random', 'built', 'same', 'zeros'],
    default: 'random',
    control: 'select',
    label: { en: 'First weights', ja: '最初の重み' },
    names: {
      en: { random: 'random', built: 'built by hand', same: 'all the same', zeros: 'all zero' },
      ja: { random: '乱数', built: '手で組み立てる', same: 'すべて同じ', zeros: 'すべて0' },
    },
  }),
  parts: option.flag({ default: false, view: true, label: { en: 'Show each unit', ja: '各ユニットを表示' } }),
  noise: option.number({
    min: 0,
    max: 0.5,
    step: 0.05,
    default: 0,
    control: 'range',
    label: { en: 'Noise in the samples', ja: '標本のノイズ' },
  }),
  act: option.choice({
    values: ['relu', 'leaky_relu', 'tanh', 'sigmoid', 'identity'],
    default: 'relu',
    more: true,
    label: { en: 'Activation', ja: '活性化関数' },
    names: {
      en: {
        relu: 'ReLU',
        leaky_relu: 'leaky ReLU',
        tanh: 'tanh',
        sigmoid: 'sigmoid',
        identity: 'none (linear)',
      },
      ja: {
        relu: 'ReLU',
        leaky_relu: 'Leaky ReLU',
        tanh: 'tanh',
        sigmoid: 'シグモイド',
        identity: 'なし（線形）',
      },
    },
  }),
  lr: option.number({
    min: 0,
    max: 10,
    default: 0.02,
    live: true,
    more: true,
    label: { en: 'Learning rate', ja: '学習率' },
  }),
  follow: option.flag({
    default: true,
    view: true,
    more: true,
    label: { en: 'Heights follow a dragged hinge', ja: '折れ目を動かすと高さも合わせる' },
  }),
  own: option.numbers({ default: [...sketch], length: DRAWN, min: -DRAWN_LIMIT, max: DRAWN_LIMIT }),
};
export type Values = OptionValues<typeof options>;

/** Samples: x (rows), t (rows). */
export interface Rows {
  x: number[];
  t: number[];
}
/** What the net sees. `draws`: normal numbers of the core, one a row, for the noise. */
export function samples(opt: Values, draws: ArrayLike<number> = []): Rows {
  const rows = opt.noise > 0 ? NOISY : CLEAN;
  const x = Array.from({ length: rows }, (_, i) => (opt.noise > 0 ? (i + 0.5) / rows : i / (rows - 1)));
  return { x, t: x.map((at, i) => wanted(opt.target, opt.own, at) + opt.noise * (draws[i] ?? 0)) };
}
/** Normal numbers from the seed, one for each noisy sample. */
export async function draw_noise(session: Session, seed: number): Promise<number[]> {
  const { x } = await session.points('blobs', { n: NOISY, separation: 0, spread: 1, seed });
  return x.filter((_, i) => i % 2 === 0);
}

/** The net 1-m-1 with a linear answer, all samples in every step. */
export function model(opt: Values, seed: number, { x, t }: Rows): MlpConfig {
  const kind =
    opt.start === 'zeros'
      ? ('zeros' as const)
      : opt.start === 'same'
        ? ('constant' as const)
        : ('normal' as const);
  return curveNet({
    sizes: [1, opt.hidden, 1],
    hidden: opt.act,
    init: { kind, a: 0.1 },
    x,
    t,
    lr: opt.lr,
    steps: LIMIT,
    seed,
  });
}

/** Puts the first hinges where they belong; with `built`, the whole net. After create() and reset(). */
export async function prepare(session: Session, opt: Values, rows: Rows): Promise<void> {
  const { hidden, start } = opt;
  if (start === 'zeros') return;
  if (start === 'same') {
    await session.set('W1', new Float32Array(hidden).fill(STEEP));
    await session.set('b1', new Float32Array(hidden).fill(-STEEP / 4));
    return;
  }
  if (start === 'built' && opt.act === 'relu') {
    const weights = through_points((x) => wanted(opt.target, opt.own, x), hidden);
    for (const name of ['W1', 'b1', 'W2', 'b2'] as const) await session.set(name, weights[name]);
    return;
  }
  const at = even(hidden);
  // Built of other units: as steep as their distance asks for, with the best heights. Else the left ones open to the left.
  const W1 = at.map((x) => (start === 'built' ? 2 * hidden : x < 0.5 ? -STEEP : STEEP));
  await session.set('W1', W1);
  await session.set('b1', biases(W1, at));
  if (start === 'built') await solve(session, hidden, rows);
}

/** Sets the heights and the constant to the best ones for the samples, the hinges as they stand. */
export async function solve(session: Session, hidden: number, { x, t }: Rows): Promise<void> {
  const { h1 } = await session.evaluateRows(x, ['h1']);
  const heights = best_heights(h1?.data ?? [], hidden, t);
  await session.set('W2', heights.slice(0, hidden));
  await session.set('b2', heights.slice(hidden));
}

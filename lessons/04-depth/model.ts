/**
 * What lesson 4 builds and trains: the options, nets of equal size in two shapes, and the curves that they are to learn. The hand-set nets
 * are made in folds.ts.
 */
import { option, type OptionValues } from '@x2g/web/elements';
import { curveNet, type MlpConfig, type Session } from '@x2g/web/lab';
import { sawtooth, tents } from './folds.ts';

/** Steps of a training run. */
export const LIMIT = 3000;
/** Samples: binary fractions, two on each piece of the finest sawtooth. */
export const ROWS = 513;

export const options = {
  folds: option.int({ min: 1, max: 8, default: 1, label: { en: 'Folds', ja: '折る回数' } }),
  curve: option.choice({
    values: ['sawtooth', 'wave'],
    default: 'sawtooth',
    label: { en: 'Curve to learn', ja: '学ぶ曲線' },
    names: {
      en: { sawtooth: 'the sawtooth', wave: 'a smooth wave' },
      ja: { sawtooth: 'のこぎり波', wave: 'なめらかな波' },
    },
  }),
  learner: option.choice({
    values: ['shallow', 'deep', 'shaken'],
    default: 'shallow',
    control: 'select',
    label: { en: 'Learner', ja: '学ぶネット' },
    names: {
      en: { shallow: 'shallow, random', deep: 'deep, random', shaken: 'deep, by hand and shaken' },
      ja: { shallow: '浅い（乱数から）', deep: '深い（乱数から）', shaken: '深い（手の重みを揺らす）' },
    },
  }),
  spot: option.number({
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.3,
    view: true,
    more: true,
    control: 'range',
    label: { en: 'Mark on the paper', ja: '紙の上の印' },
  }),
  act: option.choice({
    values: ['relu', 'leaky_relu', 'identity'],
    default: 'relu',
    more: true,
    label: { en: 'Activation', ja: '活性化関数' },
    names: {
      en: { relu: 'ReLU', leaky_relu: 'leaky ReLU', identity: 'none (linear)' },
      ja: { relu: 'ReLU', leaky_relu: 'Leaky ReLU', identity: 'なし（線形）' },
    },
  }),
  missing: option.int({
    min: 0,
    max: 8,
    default: 0,
    more: true,
    label: { en: 'Layer without its second unit', ja: '2つ目のユニットがない層' },
  }),
  lr: option.number({
    min: 0,
    max: 10,
    default: 0.01,
    live: true,
    more: true,
    label: { en: 'Learning rate', ja: '学習率' },
  }),
};
export type Values = OptionValues<typeof options>;
export type Learner = Values['learner'];

/** Layer sizes. Of the sawtooth: 2k units each, 6k + 1 parameters each. Of the wave: 97 parameters each. */
export function sizes(learner: Learner, { curve, folds }: Pick<Values, 'curve' | 'folds'>): number[] {
  const deep = learner !== 'shallow';
  if (curve === 'wave') return deep ? [1, 8, 8, 1] : [1, 32, 1];
  return deep ? [1, ...new Array<number>(folds).fill(2), 1] : [1, 2 * folds, 1];
}

/** A smooth wave whose swings grow shorter: six half-waves over [0, 1], made of products and sums only. */
export function wave(x: number): number {
  const u = 6 * x * x;
  const along = u - 2 * Math.floor(u / 2);
  const up = along < 1 ? along : 2 - along;
  return up * up * (3 - 2 * up);
}
export const wanted = ({ curve, folds }: Pick<Values, 'curve' | 'folds'>, x: number): number =>
  curve === 'wave' ? wave(x) : sawtooth(folds, x);

const x = Array.from({ length: ROWS }, (_, i) => i / (ROWS - 1));

/** A net with these layers on the samples, all of them in every step. */
export function net(layers: number[], opt: Values, seed: number): MlpConfig {
  return curveNet({
    sizes: layers,
    hidden: opt.act,
    init: { kind: 'he', a: 0 },
    x,
    t: x.map((at) => wanted(opt, at)),
    lr: opt.lr,
    steps: LIMIT,
    seed,
  });
}
export const model = (opt: Values, seed: number): MlpConfig => net(sizes(opt.learner, opt), opt, seed);

/** Size of the first input weights of a random learner, as in lesson 3: hinges should not run away before the heights have grown. */
const STEEP = 8;
/** Share of a weight by which shaking moves it, at most. */
export const SHAKE = 0.05;

/** First weights of the learner, after create() and reset(): hinges of the first layer over the interval, or the hand-set net, shaken. */
export async function prepare(session: Session, opt: Values): Promise<void> {
  const W1 = (await session.tensor('W1')).data;
  if (opt.learner !== 'shaken' || opt.curve === 'wave') {
    const at = Array.from(W1, (_, j) => (j + 0.5) / W1.length);
    const steep = at.map((x) => (x < 0.5 ? -STEEP : STEEP));
    await session.set('W1', steep);
    await session.set(
      'b1',
      at.map((x, j) => -x * (steep[j] ?? 0)),
    );
    await session.set(
      'W2',
      (await session.tensor('W2')).data.map((w) => w / STEEP),
    );
    return;
  }
  for (const [name, data] of tents(opt.folds)) {
    // The random weights that the core has drawn say which way: clipped to ±1, then a share of the weight.
    const drawn = name.startsWith('W') ? (await session.tensor(name)).data : new Float32Array(data.length);
    await session.set(
      name,
      data.map((w, i) => w * (1 + SHAKE * Math.max(-1, Math.min(1, drawn[i] ?? 0)))),
    );
  }
}

/**
 * What lesson 5 compares: eleven functions, and the small net that is trained with each of them on the same points.
 */
import { option, type OptionValues } from '@x2g/web/elements';
import type { ActivationName, MlpConfig, ViewData } from '@x2g/web/lab';

export interface Kind {
  id: ActivationName;
  en: string;
  ja: string;
  /** The values it can take. */
  range: string;
  /** Whether its values lie on both sides of zero. */
  centered: boolean;
}

export const kinds: Kind[] = [
  { id: 'identity', en: 'identity', ja: '恒等関数', range: '(−∞, ∞)', centered: true },
  { id: 'step', en: 'step', ja: 'ステップ関数', range: '{0, 1}', centered: false },
  { id: 'sigmoid', en: 'sigmoid', ja: 'シグモイド', range: '(0, 1)', centered: false },
  { id: 'tanh', en: 'tanh', ja: 'tanh', range: '(−1, 1)', centered: true },
  { id: 'relu', en: 'ReLU', ja: 'ReLU', range: '[0, ∞)', centered: false },
  { id: 'leaky_relu', en: 'leaky ReLU', ja: 'Leaky ReLU', range: '(−∞, ∞)', centered: true },
  { id: 'elu', en: 'ELU', ja: 'ELU', range: '(−1, ∞)', centered: true },
  { id: 'gelu_erf', en: 'GELU', ja: 'GELU', range: '[−0.17, ∞)', centered: false },
  { id: 'gelu_tanh', en: 'GELU (tanh)', ja: 'GELU（tanhの式）', range: '[−0.17, ∞)', centered: false },
  { id: 'silu', en: 'SiLU (Swish)', ja: 'SiLU（Swish）', range: '[−0.28, ∞)', centered: false },
  { id: 'softplus', en: 'softplus', ja: 'ソフトプラス', range: '(0, ∞)', centered: false },
];
const names = (lang: 'en' | 'ja'): Partial<Record<ActivationName, string>> =>
  Object.fromEntries(kinds.map((k) => [k.id, k[lang]]));

/** Steps of a race. */
export const RACE = 1000;

export const options = {
  f: option.choice({
    values: kinds.map(({ id }) => id),
    default: 'relu',
    control: 'select',
    label: { en: 'Function of the net', ja: 'ネットの活性化関数' },
    names: { en: names('en'), ja: names('ja') },
  }),
  x: option.number({
    min: -6,
    max: 6,
    step: 0.05,
    default: 1,
    control: 'range',
    view: true,
    label: { en: 'Input', ja: '入力' },
  }),
  lr: option.number({
    min: 0,
    max: 1000,
    default: 0.5,
    live: true,
    more: true,
    label: { en: 'Learning rate', ja: '学習率' },
  }),
  examples: option.choice({
    values: ['all', 'one'],
    default: 'all',
    more: true,
    label: { en: 'Examples a step', ja: '1ステップの例' },
    names: { en: { all: 'all 200', one: 'one' }, ja: { all: '200個すべて', one: '1個' } },
  }),
  row: option.int({
    min: 1,
    max: 200,
    default: 1,
    view: true,
    more: true,
    label: { en: 'Point that is written out', ja: '式に書く点' },
    when: (opt) => opt['examples'] === 'all',
  }),
  unit: option.int({
    min: 1,
    max: 12,
    default: 1,
    view: true,
    more: true,
    label: { en: 'Unit that is written out', ja: '式に書くユニット' },
  }),
  bias: option.number({
    min: -20,
    max: 20,
    step: 0.5,
    default: 0,
    more: true,
    label: { en: 'First biases of the hidden layers', ja: '隠れ層の最初のバイアス' },
  }),
};
export type Values = OptionValues<typeof options>;

/** Points and classes: 1 where the two coordinates have different signs. */
export interface Rows {
  x: number[];
  t: number[];
}
/** Until the core has drawn the points: the four corners. */
export const corners: Rows = { x: [-1, -1, -1, 1, 1, -1, 1, 1], t: [0, 1, 1, 0] };
export const POINTS = 200;
export const HIDDEN = 12;

export function label(x: number[]): number[] {
  const t: number[] = [];
  for (let i = 0; i < x.length; i += 2) t.push((x[i] ?? 0) > 0 !== (x[i + 1] ?? 0) > 0 ? 1 : 0);
  return t;
}

/** 2-12-12-1, the same points, seed and rate for every function. The answer is a sigmoid's, whatever stands inside. */
export function model(f: ActivationName, opt: Values, seed: number, rows: Rows): MlpConfig {
  return {
    kind: 'mlp',
    sizes: [2, HIDDEN, HIDDEN, 1],
    hidden: f,
    output: 'sigmoid',
    loss: 'bce',
    init: { kind: 'xavier', a: 0 },
    batch: opt.examples === 'one' ? 1 : 0,
    x: rows.x,
    t: rows.t,
    optimizer: { kind: 'sgd', lr: opt.lr },
    seed,
  };
}

/** Hidden units that answer 0 to every point: with ReLU no gradient reaches them any more. */
export function dead_units(view: ViewData | undefined): number {
  let count = 0;
  for (const name of ['h1', 'h2']) {
    const h = view?.[name]?.data ?? new Float32Array(0);
    for (let unit = 0; unit < HIDDEN && h.length > 0; unit += 1) {
      let alive = false;
      for (let i = unit; i < h.length; i += HIDDEN) alive ||= h[i] !== 0;
      if (!alive) count += 1;
    }
  }
  return count;
}

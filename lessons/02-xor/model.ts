/**
 * What lesson 2 trains: the options that the reader may vary, and the run that they make. The defaults are the lesson's claim: they learn
 * for every seed from 1 to 20 (demo.test.ts). Small first weights are why; see "The plateau" in the text.
 */
import { option, type OptionValues } from '@x2g/web/elements';
import { xor } from './hand.ts';

export const options = {
  hidden: option.int({ min: 0, max: 8, default: 2, label: { en: 'Hidden units', ja: '隠れユニット' } }),
  act: option.choice({
    values: ['tanh', 'sigmoid', 'relu', 'identity', 'step'],
    default: 'tanh',
    label: { en: 'Activation', ja: '活性化関数' },
    names: {
      en: { tanh: 'tanh', sigmoid: 'sigmoid', relu: 'ReLU', identity: 'none (linear)', step: 'step' },
      ja: { tanh: 'tanh', sigmoid: 'シグモイド', relu: 'ReLU', identity: 'なし（線形）', step: 'ステップ' },
    },
  }),
  fold: option.number({
    min: 0,
    max: 1,
    step: 0.01,
    default: 1,
    view: true,
    control: 'range',
    label: { en: 'Fold', ja: '折り具合' },
  }),
  examples: option.choice({
    values: ['all', 'one'],
    default: 'all',
    more: true,
    label: { en: 'Examples a step', ja: '1ステップの例' },
    names: { en: { all: 'all four', one: 'one' }, ja: { all: '4つすべて', one: '1つ' } },
  }),
  row: option.int({
    min: 1,
    max: 4,
    default: 2,
    view: true,
    more: true,
    label: { en: 'Row that is written out', ja: '式に書く行' },
    when: (opt) => opt['examples'] === 'all',
  }),
  lr: option.number({
    min: 0,
    max: 100,
    default: 2,
    live: true,
    more: true,
    label: { en: 'Learning rate', ja: '学習率' },
  }),
  spread: option.number({
    min: 0,
    max: 5,
    default: 0.1,
    more: true,
    label: { en: 'Size of the first weights', ja: '最初の重みの大きさ' },
  }),
  start: option.choice({
    values: ['random', 'or-nand'],
    default: 'random',
    more: true,
    label: { en: 'First weights', ja: '最初の重み' },
    names: {
      en: { random: 'random', 'or-nand': 'by hand: OR, NAND' },
      ja: { random: '乱数', 'or-nand': '手で設定：OR、NAND' },
    },
    when: (opt) => opt['hidden'] === 2,
  }),
};

export type Values = OptionValues<typeof options>;

/** The net 2-hidden-1 on XOR's four rows, all of them in every step or one. Step units answer 0 or 1, so their loss is the squared error. */
export function model({ hidden, act, lr, spread, examples }: Values, seed: number) {
  const step = act === 'step';
  return {
    kind: 'mlp' as const,
    sizes: hidden > 0 ? [2, hidden, 1] : [2, 1],
    hidden: act,
    output: step ? ('step' as const) : ('sigmoid' as const),
    loss: step ? ('mse' as const) : ('bce' as const),
    init: { kind: 'normal' as const, a: spread },
    batch: examples === 'one' ? 1 : 0,
    x: xor.x,
    t: xor.t,
    optimizer: { kind: 'sgd' as const, lr },
    seed,
  };
}

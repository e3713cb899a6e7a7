/**
 * What lesson 7 trains: the options that the reader may vary, and the run that they make. The defaults are the lesson's claim: they learn
 * for every seed from 1 to 5 (demo.test.ts).
 */
import { LabError, option, type OptionValues } from '@x2g/web/elements';
import { textStrokes } from '@x2g/web/plot';
import { CLASSES, HELD, one_hot, PIXELS, take, TRAIN, type Digits } from './data.ts';

/** Passes over the training digits after which a run ends. */
export const EPOCHS = 10;
/** Share of unseen digits read rightly that counts as "learned". */
export const GOOD = 0.95;

const text = option.text({ default: '', max: 6000, view: true });
/** The drawing on the pad, as strokesText() writes it. */
const ink: typeof text = {
  ...text,
  parse(value, name) {
    const checked = text.parse(value, name);
    if (textStrokes(checked)) return checked;
    throw new LabError('invalid_argument', `${name} is no drawing; draw again and copy a new link.`);
  },
};

export const options = {
  loss: option.choice({
    values: ['mse', 'bce'],
    default: 'mse',
    label: { en: 'Loss', ja: '損失' },
    names: {
      en: { mse: 'squared error', bce: 'cross-entropy' },
      ja: { mse: '二乗誤差', bce: '交差エントロピー' },
    },
  }),
  hidden: option.int({ min: 1, max: 100, default: 30, label: { en: 'Hidden units', ja: '隠れユニット' } }),
  shift: option.int({
    min: -8,
    max: 8,
    default: 0,
    view: true,
    label: { en: 'Shift to the right, pixels', ja: '右へずらす（画素）' },
  }),
  lr: option.number({
    min: 0,
    max: 10_000,
    default: 15,
    live: true,
    more: true,
    label: { en: 'Learning rate', ja: '学習率' },
  }),
  batch: option.int({
    min: 1,
    max: 100,
    default: 10,
    control: 'number',
    more: true,
    label: { en: 'Digits in a batch', ja: 'バッチの枚数' },
  }),
  digits: option.int({
    min: 100,
    max: TRAIN,
    default: TRAIN,
    control: 'number',
    more: true,
    label: { en: 'Training digits', ja: '訓練用の数字' },
  }),
  start: option.choice({
    values: ['scaled', 'one', 'zeros'],
    default: 'scaled',
    more: true,
    label: { en: 'First weights', ja: '最初の重み' },
    names: {
      en: { scaled: 'small, by the number of inputs', one: 'spread 1', zeros: 'all zero' },
      ja: { scaled: '入力の数に合わせて小さく', one: 'ばらつき1', zeros: 'すべて0' },
    },
  }),
  shuffled: option.flag({
    default: true,
    more: true,
    label: { en: 'Shuffle the training digits', ja: '訓練用の数字を混ぜる' },
  }),
  ink,
  example: option.int({ min: 0, max: HELD - 1, default: 16, view: true }),
};
export type Values = OptionValues<typeof options>;

const inits = {
  scaled: { kind: 'xavier', a: 0 },
  one: { kind: 'normal', a: 1 },
  zeros: { kind: 'zeros', a: 0 },
} as const;

/** The net 784-hidden-10 with sigmoids, on the first digits of a set. Without shuffling they come sorted: all 0s, then all 1s, … */
export function model(
  { loss, hidden, lr, batch, digits, start, shuffled }: Values,
  seed: number,
  set: Digits,
) {
  const rows = take(set, digits, !shuffled);
  return {
    kind: 'mlp' as const,
    sizes: [PIXELS, hidden, CLASSES],
    hidden: 'sigmoid' as const,
    output: 'sigmoid' as const,
    loss,
    init: inits[start],
    batch,
    shuffled,
    x: rows.x,
    t: one_hot(rows.labels),
    optimizer: { kind: 'sgd' as const, lr },
    seed,
  };
}

/** Steps of a whole run. */
export const limit_of = ({ digits, batch }: Pick<Values, 'digits' | 'batch'>, rows = TRAIN): number =>
  EPOCHS * Math.ceil(Math.min(digits, rows) / batch);

/**
 * What lesson 1 trains: the options that the reader may vary, and the run that they make. No drawing.
 */
import { option, type OptionValues } from '@x2g/web/elements';
import { from_points, gate, own_points, wrong_line, type Rows } from './data.ts';

const names = {
  en: { own: 'Own points', blobs: 'Two clouds', and: 'AND', or: 'OR', nand: 'NAND', nor: 'NOR', xor: 'XOR' },
  ja: { own: '自分の点', blobs: '2つの雲', and: 'AND', or: 'OR', nand: 'NAND', nor: 'NOR', xor: 'XOR' },
};
export const options = {
  data: option.choice({
    values: ['and', 'or', 'nand', 'nor', 'xor', 'blobs', 'own'],
    default: 'and',
    label: { en: 'Data', ja: 'データ' },
    names,
  }),
  start: option.choice({
    values: ['line', 'zero'],
    default: 'line',
    label: { en: 'Start from', ja: '最初の重み' },
    names: { en: { line: 'a wrong line', zero: 'zeros' }, ja: { line: '間違った直線', zero: 'すべて0' } },
  }),
  rule: option.choice({
    values: ['ge', 'gt'],
    default: 'ge',
    label: { en: 'Fires when', ja: '1と答える条件' },
    more: true,
    names: { en: { ge: 's ≥ 0', gt: 's > 0' }, ja: { ge: 's ≥ 0', gt: 's > 0' } },
  }),
  rate: option.number({
    min: 0.001,
    max: 10,
    default: 0.1,
    label: { en: 'Learning rate η', ja: '学習率 η' },
  }),
  inputs: option.int({ min: 2, max: 3, default: 2, label: { en: 'Inputs', ja: '入力の数' }, more: true }),
  shuffled: option.flag({
    default: false,
    label: { en: 'Shuffle the order in each epoch', ja: 'エポックごとに順番を変える' },
    more: true,
  }),
  points: option.points({ inputs: 2, max: 500, range: 10, default: own_points }),
};
type Values = OptionValues<typeof options>;

/** A perceptron on `rows` from the given weights (zeros when left out). */
export const perceptron = (
  rows: Rows,
  start?: number[],
  o: { firesAtZero?: boolean; rate?: number } = {},
) => ({
  kind: 'perceptron' as const,
  ...rows,
  firesAtZero: o.firesAtZero ?? true,
  rate: o.rate ?? 0.1,
  shuffled: false,
  seed: 1,
  ...(start ? { start } : {}),
});

/** The examples; until the core has drawn the clouds, AND stands in for them. */
export function rows_of({ data, inputs, points }: Values, clouds?: Rows): Rows {
  if (data === 'own') return from_points(points);
  if (data === 'blobs') return clouds ?? gate('and', inputs);
  return gate(data, inputs);
}

export function model(opt: Values, seed: number, clouds?: Rows) {
  const rows = rows_of(opt, clouds);
  const start = opt.start === 'line' ? wrong_line[rows.inputs] : undefined;
  return {
    ...perceptron(rows, start, { rate: opt.rate, firesAtZero: opt.rule === 'ge' }),
    shuffled: opt.shuffled,
    seed,
  };
}

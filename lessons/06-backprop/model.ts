/**
 * What lesson 6 runs: three small graphs, written down here and built by the engine, which then says what nodes and tensors there are.
 * net: x → w₁ → f → w₂ → f → L = ½(y − t)². sine: z = sin(x²). layers: a 2-3-2 network with matrices.
 */
import { option, type OptionValues, type RunConfig } from '@x2g/web/elements';
import { graph } from '@x2g/web/lab';

export const options = {
  graph: option.choice({
    values: ['net', 'sine', 'layers'],
    default: 'net',
    label: { en: 'Graph', ja: 'グラフ' },
    names: {
      en: { net: 'two weights', sine: 'sin(x²)', layers: 'matrices' },
      ja: { net: '重み2つ', sine: 'sin(x²)', layers: '行列' },
    },
  }),
  act: option.choice({
    values: ['sigmoid', 'tanh', 'relu', 'identity'],
    default: 'sigmoid',
    label: { en: 'Activation', ja: '活性化関数' },
    names: {
      en: { sigmoid: 'sigmoid σ', tanh: 'tanh', relu: 'ReLU', identity: 'none (identity)' },
      ja: { sigmoid: 'シグモイド σ', tanh: 'tanh', relu: 'ReLU', identity: 'なし（恒等）' },
    },
    when: (opt) => opt['graph'] !== 'sine',
  }),
  lr: option.number({ min: 0, max: 100, default: 1, label: { en: 'Learning rate η', ja: '学習率 η' } }),
  x: option.number({ min: -1e3, max: 1e3, default: 2, more: true, label: { en: 'x', ja: 'x' }, when: small }),
  t: option.number({ min: -1e3, max: 1e3, default: 1, more: true, label: { en: 't', ja: 't' }, when: net }),
  w1: option.number({
    min: -1e6,
    max: 1e6,
    default: 0.5,
    more: true,
    label: { en: 'w₁', ja: 'w₁' },
    when: net,
  }),
  w2: option.number({
    min: -1e6,
    max: 1e6,
    default: 0.5,
    more: true,
    label: { en: 'w₂', ja: 'w₂' },
    when: net,
  }),
  /** Matrices: what stands in x, t, W1, b1, W2, b2, one after the other; empty: drawn from the seed. */
  own: option.numbers({ default: [], maxLength: 21 }),
  /** A slip of the pen in the chain rule, whose result stands beside the engine's. */
  mistake: option.choice({ values: ['none', 'slope', 'path', 'order'], default: 'none', view: true }),
};
export type Values = OptionValues<typeof options>;

function small(opt: Record<string, unknown>): boolean {
  return opt['graph'] !== 'layers';
}
function net(opt: Record<string, unknown>): boolean {
  return opt['graph'] === 'net';
}

/** Sizes of the leaves of the third graph in the order of `own`. */
export const leaves: readonly [string, number[]][] = [
  ['x', [1, 2]],
  ['t', [1, 2]],
  ['W1', [3, 2]],
  ['b1', [3]],
  ['W2', [2, 3]],
  ['b2', [2]],
];
const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function two_weights({ act }: Values) {
  const g = graph();
  const x = g.input('x', [1, 1]);
  const w1 = g.parameter('w1', [1, 1]);
  const h1 = g.activation('h1', g.linear('z1', x, w1), act);
  const w2 = g.parameter('w2', [1, 1]);
  const y = g.activation('y', g.linear('z2', h1, w2), act);
  g.mse('L', y, g.input('t', [1, 1]), { scale: 0.5 });
  return g.plan();
}

function sine() {
  const g = graph();
  const x = g.parameter('x', [1]);
  g.op('sin', 'z', [g.op('mul', 'u', [x, x])]);
  return g.plan();
}

/** C = ½‖y − t‖²: the mean over two outputs, times one. */
function layers({ act }: Values) {
  const g = graph();
  const x = g.input('x', [1, 2]);
  const first = g.linear(
    'z1',
    x,
    g.parameter('W1', [3, 2]),
    g.parameter('b1', [3], { init: 'normal', a: 0.5 }),
  );
  const a1 = g.activation('a1', first, act);
  const second = g.linear(
    'z2',
    a1,
    g.parameter('W2', [2, 3]),
    g.parameter('b2', [2], { init: 'normal', a: 0.5 }),
  );
  const y = g.activation('y', second, act);
  g.mse('C', y, g.input('t', [1, 2]), { scale: 1 });
  return g.plan();
}

function matrices({ own }: Values): Record<string, number[]> {
  if (own.length !== leaves.reduce((sum, [, shape]) => sum + size(shape), 0))
    return { x: [1, 0.5], t: [0, 1] };
  let at = 0;
  return Object.fromEntries(leaves.map(([name, shape]) => [name, own.slice(at, (at += size(shape)))]));
}

export function model(opt: Values, seed: number): RunConfig {
  const { x, t, w1, w2, lr } = opt;
  const common = { kind: 'graph' as const, optimizer: { kind: 'sgd' as const, lr }, seed };
  if (opt.graph === 'sine') return { ...common, graph: sine(), values: { x: [x] } };
  if (opt.graph === 'layers') return { ...common, graph: layers(opt), values: matrices(opt) };
  return { ...common, graph: two_weights(opt), values: { x: [x], t: [t], w1: [w1], w2: [w2] } };
}

/** What the options are once element `index` of a leaf holds another value, all else standing as it does now. */
export function edited(
  opt: Values,
  now: (name: string) => ArrayLike<number>,
  name: string,
  index: number,
  value: number,
): Partial<Values> {
  const one = (leaf: string): number => (leaf === name ? value : (now(leaf)[0] ?? Number.NaN));
  if (opt.graph === 'sine') return { x: one('x') };
  if (opt.graph === 'net') return { x: one('x'), t: one('t'), w1: one('w1'), w2: one('w2') };
  const own = leaves.flatMap(([leaf]) =>
    Array.from(now(leaf), (old, i) => (leaf === name && i === index ? value : old)),
  );
  return { own };
}

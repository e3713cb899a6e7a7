/**
 * One op of a small multilayer perceptron's step as lines of arithmetic: what it is called, the formula with its numbers put in, what the
 * core has as the result. Written for one example of the batch and, in a wide layer, for one unit. Every number is taken from the report;
 * nothing here is computed that the core has not computed. What the lines look like: view.ts.
 */
import type { Report, RunInfo } from '../../lab/types.ts';
import type { DiagramMark as Mark } from '../../plot/types.ts';

export const sameMark = (a: Mark, b: Mark): boolean =>
  a.layer === b.layer && a.unit === b.unit && a.input === b.input;

/** A factor: its name, its number, where it stands in the picture. `hole` takes the number in: "ln #". */
export interface Factor {
  text: string;
  value: number;
  mark?: Mark;
  gradient?: boolean;
  hole?: string;
}
/** `of` = f(sum of products) = result. */
export interface Line {
  of: Factor;
  /** Around the sum, with # for it: "tanh(#)", "−(#) / 4". */
  around: string;
  sum: Factor[][];
  /** Products that are not written. */
  more: number;
  /** The products are one and the same for each example: the formula writes one of them. */
  each: boolean;
}
export interface WorkedProps {
  report: Report;
  info: RunInfo;
  /** Functions of the hidden layers and of the answer. */
  hidden: string;
  output: string;
  /** Of plain gradient descent. */
  lr: number;
  /** The example that is written out: its place in the batch. */
  row: number;
  /** In layers wider than `WIDE`: the unit that is written out. */
  unit: number;
  /** What a unit is called; layer 0 are the inputs. */
  name(layer: number, unit: number): string;
}
export interface Work {
  phase: 'batch' | 'forward' | 'backward' | 'update';
  /** The op that was done last: 'z1', 'h1', 'loss'. */
  op: string;
  lines: Line[];
}

/** Units of a layer that are all written out. */
export const WIDE = 3;
/** Products of one sum that are written. */
const LONG = 6;

const low = (n: number): string => String(n).replace(/\d/gu, (d) => String.fromCodePoint(0x2080 + Number(d)));
export const functionNames: Record<string, string> = {
  identity: '#',
  step: 'step(#)',
  sigmoid: 'σ(#)',
  tanh: 'tanh(#)',
  relu: 'ReLU(#)',
  leaky_relu: 'LeakyReLU(#)',
  elu: 'ELU(#)',
  softplus: 'softplus(#)',
  gelu_erf: 'GELU(#)',
  gelu_tanh: 'GELU(#)',
  silu: 'SiLU(#)',
};

/** What the op that was done last did; undefined between whole steps, or when the report does not carry the parts. */
export function workOf(p: WorkedProps): Work | undefined {
  const { report, info } = p;
  const { done } = report;
  const nodes = info.nodes ?? [];
  const layers = nodes.filter((node) => node.op === 'linear').length;
  if (!done || !report.views['value W1']) return undefined;
  const node = nodes[done.node];
  const op = node?.name ?? '';
  const logits = nodes.at(-1)?.op === 'bce_logits'; // the loss reads the sum before the answer
  const work = (lines: Line[]): Work => ({ phase: done.phase, op, lines });
  const tensor = (kind: 'value' | 'grad', name: string) => report.views[`${kind} ${name}`]?.[name];
  const width = (layer: number): number =>
    layer === 0
      ? (tensor('value', 'x')?.shape.at(-1) ?? 0)
      : (tensor('value', `b${layer}`)?.data.length ?? 0);
  const rows = tensor('value', 'x')?.shape[0] ?? 1;
  const row = Math.min(p.row, rows - 1);
  const at = (kind: 'value' | 'grad', name: string, i: number): number => tensor(kind, name)?.data[i] ?? NaN;

  const output = (l: number): string => (l === 0 ? 'x' : l === layers ? 'y' : `h${l}`);
  const unitOf = (l: number, j: number, r = row): Factor => ({
    text: p.name(l, j),
    value: at('value', output(l), r * width(l) + j),
    mark: { layer: l, unit: j },
  });
  const sumOf = (l: number, j: number): Factor => ({
    text: `s(${p.name(l, j)})`,
    value: at('value', `z${l}`, row * width(l) + j),
    mark: { layer: l, unit: j },
  });
  const weight = (l: number, j: number, i: number): Factor => ({
    text: `W${low(l)}[${j + 1},${i + 1}]`,
    value: at('value', `W${l}`, j * width(l - 1) + i),
    mark: { layer: l, unit: j, input: i },
  });
  const bias = (l: number, j: number): Factor => ({
    text: `b${low(l)}[${j + 1}]`,
    value: at('value', `b${l}`, j),
    mark: { layer: l, unit: j, input: -1 },
  });
  const slopeAt = (factor: Factor, name: string, i: number): Factor => ({
    ...factor,
    text: `∂L/∂${factor.text}`,
    value: at('grad', name, i),
    gradient: true,
  });
  const passed = (l: number, j: number, r = row): Factor => slopeAt(sumOf(l, j), `z${l}`, r * width(l) + j);
  const line = (of: Factor, sum: Factor[][], around = '#', each = false): Line => ({
    of,
    around,
    sum: sum.slice(0, LONG),
    more: Math.max(0, sum.length - LONG),
    each: each && sum.length > 1,
  });
  const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  /** The units of a layer that are written. */
  const shown = (l: number): number[] =>
    width(l) <= WIDE ? count(width(l)) : [Math.min(p.unit, width(l) - 1)];
  const l = Number(/\d+$/u.exec(op)?.[0] ?? layers);

  if (done.phase === 'batch') return work([]);
  if (done.phase === 'update') {
    const change = (now: Factor, grad: Factor): Line =>
      line({ ...now, text: `${now.text} ←` }, [
        [{ ...now, value: now.value + p.lr * grad.value }],
        [{ text: '− η', value: -p.lr }, grad],
      ]);
    return work(
      count(layers).flatMap((k) =>
        shown(k + 1).flatMap((j) => [
          ...shown(k).map((i) =>
            change(weight(k + 1, j, i), slopeAt(weight(k + 1, j, i), `W${k + 1}`, j * width(k) + i)),
          ),
          change(bias(k + 1, j), slopeAt(bias(k + 1, j), `b${k + 1}`, j)),
        ]),
      ),
    );
  }
  if (node?.op === 'linear' && done.phase === 'forward')
    return work(
      shown(l).map((j) =>
        line(sumOf(l, j), [
          ...count(width(l - 1)).map((i) => [weight(l, j, i), unitOf(l - 1, i)]),
          [bias(l, j)],
        ]),
      ),
    );
  if (node?.op === 'activation') {
    const last = op === 'y';
    const f = last ? p.output : p.hidden;
    if (done.phase === 'forward')
      return work(shown(l).map((j) => line(unitOf(l, j), [[sumOf(l, j)]], functionNames[f] ?? 'f(#)')));
    if (last && logits) return work([]);
    return work(
      shown(l).map((j) => {
        const arrives = slopeAt(unitOf(l, j), output(l), row * width(l) + j);
        const leaves = passed(l, j);
        return line(leaves, [[arrives, slope(f, sumOf(l, j), unitOf(l, j), leaves.value / arrives.value)]]);
      }),
    );
  }
  if (node?.op === 'linear') {
    const each = shown(l).flatMap((j) => [
      ...shown(l - 1).map((i) =>
        line(
          slopeAt(weight(l, j, i), `W${l}`, j * width(l - 1) + i),
          count(rows).map((r) => [passed(l, j, r), unitOf(l - 1, i, r)]),
          '#',
          true,
        ),
      ),
      line(
        slopeAt(bias(l, j), `b${l}`, j),
        count(rows).map((r) => [passed(l, j, r)]),
        '#',
        true,
      ),
    ]);
    const back =
      l === 1
        ? []
        : shown(l - 1).map((i) =>
            line(
              slopeAt(unitOf(l - 1, i), `h${l - 1}`, row * width(l - 1) + i),
              count(width(l)).map((j) => [passed(l, j), weight(l, j, i)]),
            ),
          );
    return work([...each, ...back]);
  }
  // The loss: of one answer, the mean over the examples.
  const target = (r: number): number => at('value', 't', r);
  const answer = (r: number): Factor => unitOf(layers, 0, r);
  const mean = (sign = ''): string =>
    rows === 1 && sign === '' ? '#' : rows === 1 ? `${sign}#` : `${sign}(#) / ${rows}`;
  const miss = (r: number): Factor => ({
    ...answer(r),
    text: `(${answer(r).text} − t)`,
    value: answer(r).value - target(r),
  });
  if (done.phase === 'backward') {
    const shared = rows === 1 ? '#' : `# / ${rows}`;
    return work([
      logits
        ? line(passed(layers, 0), [[miss(row)]], shared)
        : line(slopeAt(answer(row), 'y', row), [[{ text: '2', value: 2 }, miss(row)]], shared),
    ]);
  }
  if (!logits)
    return work([
      line(
        { text: 'L', value: report.loss },
        count(rows).map((r) => [miss(r), miss(r)]),
        mean(),
      ),
    ]);
  const right = (r: number): Factor => {
    const y = answer(r);
    return target(r) === 1
      ? { ...y, hole: 'ln #' }
      : { ...y, text: `(1 − ${y.text})`, value: 1 - y.value, hole: 'ln #' };
  };
  return work([
    line(
      { text: 'L', value: report.loss },
      count(rows).map((r) => [right(r)]),
      mean('−'),
    ),
  ]);
}

/** f′ from what the core has: of some functions a short formula of their value, of the others the ratio of the core's two gradients. */
function slope(f: string, s: Factor, h: Factor, ratio: number): Factor {
  const mark = h.mark ?? { layer: 0, unit: 0 };
  if (f === 'tanh') return { text: `(1 − ${h.text}²)`, value: 1 - h.value * h.value, mark };
  if (f === 'sigmoid') return { text: `${h.text}(1 − ${h.text})`, value: h.value * (1 - h.value), mark };
  if (f === 'relu') return { text: `[${s.text} > 0]`, value: s.value > 0 ? 1 : 0, mark };
  if (f === 'identity') return { text: '1', value: 1, mark };
  if (f === 'step') return { text: '0', value: 0, mark };
  return { text: `f′(${s.text})`, value: ratio, mark };
}

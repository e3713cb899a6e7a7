// Steps smaller than a training step: ops forward and backward, the update. A training step is a row of units: fill the batch, N ops forward,
// the same N backward, update. Here is where a run stands in that row, how many units a grain means, and which op or example was the last.
import type { Numbers } from './engine.ts';
import { LabError } from './errors.ts';
import type { Grain, MlpConfig, Report } from './types.ts';

/** Units done since the beginning of the step, of 2 + 2 · nodes. */
export function unitsDone({ phase, nodeIndex }: Pick<Numbers, 'phase' | 'nodeIndex'>, nodes: number): number {
  if (phase === 'forward') return 1 + nodeIndex;
  if (phase === 'backward') return 2 * nodes - nodeIndex;
  return phase === 'update' ? 1 + 2 * nodes : 0;
}

/** Units from `done` to where the next step of that grain ends. */
function next(grain: Grain, done: number, nodes: number): number {
  const whole = 2 + 2 * nodes;
  /** One unit within from..to, or the first of them, in this step or in the one after. */
  const one = (from: number, to: number): number =>
    done < from ? from + 1 : done < to ? done + 1 : whole + from + 1;
  const end = (to: number): number => (done < to ? to : whole + to);
  const goal = {
    node: done + 1,
    forward: one(1, 1 + nodes),
    backward: one(1 + nodes, 1 + 2 * nodes),
    'forward-pass': end(1 + nodes),
    'backward-pass': end(1 + 2 * nodes),
    update: whole,
    step: whole,
    epoch: whole,
  }[grain];
  return goal - done;
}

export const noGrain = (grain: string): LabError =>
  new LabError('bad_state', `this run has no "${grain}" to step by; step by "step"`);

/** Units that n steps of a grain within a training step take from here. */
export function unitsOf(grain: Grain, n: number, numbers: Numbers, nodes: number): number {
  if (grain === 'node') return n;
  const whole = 2 + 2 * nodes;
  const period = grain === 'forward' || grain === 'backward' ? nodes : 1; // so many steps of the grain are one training step
  const rounds = Math.max(0, Math.ceil(n / period) - 1);
  let total = rounds * whole;
  for (let i = rounds * period, done = unitsDone(numbers, nodes); i < n; i += 1) {
    const units = next(grain, done, nodes);
    if (!(units > 0)) throw noGrain(grain);
    total += units;
    done = (done + units) % whole;
  }
  return total;
}

/** What the last unit was. */
export function justDone(
  { phase, nodeIndex }: Pick<Numbers, 'phase' | 'nodeIndex'>,
  nodes: readonly { name: string }[],
): NonNullable<Report['done']> {
  const at = (of: 'forward' | 'backward', node: number) => ({
    phase: of,
    node,
    name: nodes[node]?.name ?? '',
  });
  if (phase === '') return { phase: 'update', node: -1, name: '' };
  if (phase === 'update') return at('backward', 0);
  if (phase === 'backward')
    return nodeIndex === nodes.length - 1 ? at('forward', nodeIndex) : at('backward', nodeIndex + 1);
  return nodeIndex === 0 ? { phase: 'batch', node: -1, name: '' } : at('forward', nodeIndex - 1);
}

/** Numbers that are compared at most to find the rows of a batch. */
const most = 50_000;

/** Which rows of the data stand in the batch `x`, `t`; undefined where looking would take long. */
export function rowsOf(c: MlpConfig, x: Float32Array, t: Float32Array): number[] | undefined {
  const [inputs, outputs] = [c.sizes[0] ?? 1, c.loss === 'cross_entropy' ? 1 : (c.sizes.at(-1) ?? 1)];
  const rows = c.x.length / inputs;
  const batch = x.length / inputs;
  if (rows * inputs * batch > most) return undefined;
  const equal = (a: ArrayLike<number>, i: number, b: Float32Array, k: number, width: number): boolean => {
    for (let j = 0; j < width; j += 1)
      if (Math.fround(a[i * width + j] ?? NaN) !== b[k * width + j]) return false;
    return true;
  };
  const found: number[] = [];
  for (let k = 0; k < batch; k += 1) {
    let row = 0;
    while (row < rows && !(equal(c.x, row, x, k, inputs) && equal(c.t, row, t, k, outputs))) row += 1;
    if (row < rows) found.push(row);
  }
  return found;
}

/**
 * The hand-set nets of lesson 4, run in the core: what each answers over [0, 1], its parameters as the core counts them, and its straight
 * pieces as they are counted from its answers.
 */
import type { Session } from '@x2g/web/lab';
import { count_pieces, places, tents, zigzag, type Weights } from './folds.ts';
import { net, type Values } from './model.ts';

export interface Made {
  units: number;
  parameters: number;
  /** Values at `places`. */
  y: Float32Array;
  pieces: number;
}
export interface HandMade {
  deep: Made;
  /** What each hidden layer hands on: one more fold each. The last is the answer. */
  layers: Float32Array[];
  /** As many units as the deep net, side by side. */
  twin: Made;
  /** As many units side by side as the same number of pieces takes. */
  match: Made;
}

/** Builds a net, sets its weights and reads its answers. The session's run is another one afterwards. */
export async function run_made(
  session: Session,
  layers: number[],
  weights: Weights,
  opt: Values,
  tensors: string[] = [],
) {
  const { parameterCount } = await session.create(net(layers, { ...opt, curve: 'sawtooth' }, 1));
  for (const [name, data] of weights) await session.set(name, data);
  const views = await session.evaluateRows(places, ['y', ...tensors]);
  const y = views['y']?.data ?? new Float32Array(0);
  const units = layers.slice(1, -1).reduce((sum, n) => sum + n, 0);
  const made: Made = { units, parameters: parameterCount, y, pieces: count_pieces(y) };
  return { made, views };
}

export async function make(session: Session, opt: Values): Promise<HandMade> {
  const { folds, missing } = opt;
  // A layer's first sum is 2 h₁ − 4 h₂ of the layer before: one fold more. Its bias is 0.
  const sums = Array.from({ length: folds - 1 }, (_, k) => `z${k + 2}`);
  const width = [1, ...new Array<number>(folds).fill(2), 1];
  const deep = await run_made(session, width, tents(folds, Math.min(missing, folds)), opt, sums);
  const layers = sums.map((name) =>
    (deep.views[name]?.data ?? new Float32Array(0)).filter((_, i) => i % 2 === 0),
  );
  const twin = await run_made(session, [1, 2 * folds, 1], zigzag(2 * folds), opt);
  const match = await run_made(session, [1, 2 ** folds, 1], zigzag(2 ** folds), opt);
  return { deep: deep.made, layers: [...layers, deep.made.y], twin: twin.made, match: match.made };
}

/**
 * Networks of step units with weights set by hand, run neuron by neuron in the core's perceptron: it knows both conventions for a sum of 0.
 * Nothing is trained here.
 */
import type { Check } from '@x2g/web/elements';

export type Session = Parameters<Check['grade']>[1];
/** w11 w12 b1 (first hidden unit), w21 w22 b2 (second), v1 v2 c (output). */
export type NineWeights = readonly number[];

export const xor = { inputs: 2, x: [0, 0, 0, 1, 1, 0, 1, 1], t: [0, 1, 1, 0] };
/** h1 = OR, h2 = NAND, y = AND of the two. */
export const or_nand: NineWeights = [1, 1, -0.5, -1, -1, 1.5, 1, 1, -1.5];
/** A published answer to the exercise. */
export const published: NineWeights = [1, 1, -1.5, -1, -1, 0.5, -1, 1, 0.5];

/** The same nine numbers as the tensors of a 2-2-1 network. */
export const as_tensors = (w: NineWeights): [string, number[]][] => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = w;
  return [
    ['W1', [a, b, d, e]],
    ['b1', [c, f]],
    ['W2', [g, h]],
    ['b2', [i]],
  ];
};

async function neuron(
  session: Session,
  start: number[],
  x: number[],
  firesAtZero: boolean,
): Promise<number[]> {
  await session.create({
    kind: 'perceptron',
    inputs: 2,
    x,
    t: xor.t,
    firesAtZero,
    rate: 1,
    shuffled: false,
    start,
    seed: 1,
  });
  const { y } = await session.evaluateRows(x, ['y']);
  return Array.from(y?.data ?? []);
}

/** The network's four answers, rows in counting order. */
export async function run_by_hand(session: Session, w: NineWeights, firesAtZero: boolean): Promise<number[]> {
  const h1 = await neuron(session, w.slice(0, 3), xor.x, firesAtZero);
  const h2 = await neuron(session, w.slice(3, 6), xor.x, firesAtZero);
  const hidden = h1.flatMap((h, i) => [h, h2[i] ?? 0]);
  return neuron(session, w.slice(6, 9), hidden, firesAtZero);
}

/** The name of the two-input gate with these four answers, if it has one. */
export const gate_name = (answers: readonly number[]): string | undefined =>
  ({ '0001': 'AND', '0111': 'OR', '1110': 'NAND', '1000': 'NOR', '0110': 'XOR', '1001': 'XNOR' })[
    answers.join('')
  ];

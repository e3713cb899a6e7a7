/**
 * Networks of step units with weights set by hand, run neuron by neuron in the core's perceptron: it knows both conventions for a sum of 0.
 * Nothing is trained here.
 */
import type { Check } from '@x2g/web/elements';
import { xor, type NineWeights } from '../hand.ts';

export type Session = Parameters<Check['grade']>[1];

/** A published answer to the exercise. */
export const published: NineWeights = [1, 1, -1.5, -1, -1, 0.5, -1, 1, 0.5];

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

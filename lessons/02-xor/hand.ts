/** XOR's four rows, and weights set by hand that compute it with step units. What runs such weights stands in later/run-by-hand.ts. */

/** w11 w12 b1 (first hidden unit), w21 w22 b2 (second), v1 v2 c (output). */
export type NineWeights = readonly number[];

export const xor = { inputs: 2, x: [0, 0, 0, 1, 1, 0, 1, 1], t: [0, 1, 1, 0] };
/** h1 = OR, h2 = NAND, y = AND of the two. */
export const or_nand: NineWeights = [1, 1, -0.5, -1, -1, 1.5, 1, 1, -1.5];

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

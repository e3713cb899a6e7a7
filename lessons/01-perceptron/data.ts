/**
 * What the perceptron is shown: truth tables, the reader's own points, or two clouds drawn by the core.
 * Only tables and tuples; no drawing and no learning.
 */
import type { PointRow } from '@x2g/web/elements';

export interface Rows {
  inputs: number;
  /** rows × inputs */
  x: number[];
  /** 0 or 1 per row */
  t: number[];
}

export const gates = {
  and: (bits: number[]) => bits.every((bit) => bit === 1),
  or: (bits: number[]) => bits.some((bit) => bit === 1),
  nand: (bits: number[]) => !bits.every((bit) => bit === 1),
  nor: (bits: number[]) => !bits.some((bit) => bit === 1),
  /** Of three inputs: parity. */
  xor: (bits: number[]) => bits.filter((bit) => bit === 1).length % 2 === 1,
};
export type Gate = keyof typeof gates;

/** The 2^inputs rows in counting order: (0,0) (0,1) (1,0) (1,1). */
export function gate(name: Gate, inputs = 2): Rows {
  const rows: Rows = { inputs, x: [], t: [] };
  for (let n = 0; n < 2 ** inputs; n += 1) {
    const bits = Array.from({ length: inputs }, (_, i) => (n >> (inputs - 1 - i)) & 1);
    rows.x.push(...bits);
    rows.t.push(gates[name](bits) ? 1 : 0);
  }
  return rows;
}

export const from_points = (points: readonly PointRow[]): Rows => ({
  inputs: 2,
  x: points.flatMap(([x = 0, y = 0]) => [x, y]),
  t: points.map((point) => point[2] ?? 0),
});

export const row = (rows: Rows, i: number): number[] => rows.x.slice(i * rows.inputs, (i + 1) * rows.inputs);

/** The lines that the figures open with: two of AND's four points (three of eight) stand on the wrong side. */
export const wrong_line: Record<number, number[]> = { 2: [-0.1, 0.4, 0.05], 3: [-0.1, 0.4, -0.2, 0.05] };

export const own_points: PointRow[] = [
  [0.1, 0.2, 0],
  [0.35, 0.55, 0],
  [0.6, 0.1, 0],
  [0.55, 0.9, 1],
  [0.9, 0.6, 1],
  [1.1, 1.1, 1],
];
/** AND with a fifth point on top of (1, 1), labeled 0. */
export const contradiction: PointRow[] = [
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [1, 1, 1],
  [1, 1, 0],
];

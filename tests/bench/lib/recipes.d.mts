interface Digits {
  sizes: number[];
  batch: number;
  rows: number;
  lr: number;
}
export const digits: Digits;
export function digitRows(o?: Digits): { x: Float32Array; t: Float32Array; rows: number };
export function shuffledBatches(rows: number, batch: number, seed?: number): Generator<Int32Array>;

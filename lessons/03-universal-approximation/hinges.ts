/**
 * A net with one hidden layer as a sum of hinges, y = c + Σ vⱼ f(wⱼx + bⱼ): where each unit bends, the net that goes through points of a
 * curve (the classic construction), and the best heights for given hinges (least squares). Weights are made here; what they answer, the
 * core says.
 */

/** The tensors of a 1-m-1 net. */
export interface Weights {
  W1: ArrayLike<number>;
  b1: ArrayLike<number>;
  W2: ArrayLike<number>;
  b2: ArrayLike<number>;
}

/** Where w x + b = 0: the unit's hinge. NaN for a unit that does not see x. */
export const place = (w: number, b: number): number => (w === 0 ? NaN : -b / w + 0);

/** The change of slope at a ReLU unit's hinge, from left to right: v·|w|, whichever side it opens to. */
export const bend = (w: number, v: number): number => v * Math.abs(w);

/** Hinges spread evenly over [0, 1], half a distance from the ends. */
export const even = (units: number): number[] => Array.from({ length: units }, (_, j) => (j + 0.5) / units);

/** Biases that put the hinge of each unit at its place. */
export const biases = (w: ArrayLike<number>, at: readonly number[]): number[] =>
  at.map((x, j) => -(w[j] ?? 0) * x + 0);

/**
 * ReLU units that open to the right at 0, 1/m, 2/m …, each adding what the slope lacks: the net goes through f(k/m) for every k, straight
 * in between. For a smooth f no gap is wider than max |f″| / (8 m²).
 */
export function through_points(f: (x: number) => number, units: number): Weights {
  const slope = (k: number): number => (f((k + 1) / units) - f(k / units)) * units;
  return {
    W1: new Array<number>(units).fill(1),
    b1: Array.from({ length: units }, (_, k) => -k / units + 0),
    W2: Array.from({ length: units }, (_, k) => (k === 0 ? slope(0) : slope(k) - slope(k - 1))),
    b2: [f(0)],
  };
}

/**
 * The heights v and the constant c that make Σᵢ (c + Σⱼ vⱼ hᵢⱼ − tᵢ)² smallest; h (rows, units), t (rows). Normal equations with a trace of
 * damping, by Cholesky: units that say the same thing share the work instead of tearing at each other.
 */
export function best_heights(h: ArrayLike<number>, units: number, t: readonly number[]): number[] {
  const n = units + 1;
  const row = (i: number): number[] => [...Array.from({ length: units }, (_, j) => h[i * units + j] ?? 0), 1];
  const A = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const r = new Array<number>(n).fill(0);
  t.forEach((wanted, i) => {
    const x = row(i);
    for (let a = 0; a < n; a++) {
      r[a] = (r[a] ?? 0) + (x[a] ?? 0) * wanted;
      for (let b = 0; b <= a; b++) (A[a] as number[])[b] = (A[a]?.[b] ?? 0) + (x[a] ?? 0) * (x[b] ?? 0);
    }
  });
  const most = Math.max(...A.map((line, a) => line[a] ?? 0));
  const L = A.map((line) => [...line]);
  const at = (a: number, b: number): number => L[a]?.[b] ?? 0;
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = at(a, b) + (a === b ? 1e-11 * most : 0);
      for (let k = 0; k < b; k++) sum -= at(a, k) * at(b, k);
      (L[a] as number[])[b] = a === b ? Math.sqrt(Math.max(sum, 1e-30)) : sum / at(b, b);
    }
  const x = [...r];
  for (let a = 0; a < n; a++) {
    for (let k = 0; k < a; k++) x[a] = (x[a] ?? 0) - at(a, k) * (x[k] ?? 0);
    x[a] = (x[a] ?? 0) / at(a, a);
  }
  for (let a = n - 1; a >= 0; a--) {
    for (let k = a + 1; k < n; k++) x[a] = (x[a] ?? 0) - at(k, a) * (x[k] ?? 0);
    x[a] = (x[a] ?? 0) / at(a, a);
  }
  return x;
}

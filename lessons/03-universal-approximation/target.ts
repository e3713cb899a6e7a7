/**
 * The curves that lesson 3's net is to follow, on [0, 1]: sine, tent, jump, and one drawn by the reader. Only sums and products of doubles,
 * so that every browser trains on the same bits: Math.sin may differ from one to the next in the last place.
 */
export type TargetName = 'sine' | 'tent' | 'step' | 'own';

/** Values of a drawn curve, at even distances from 0 to 1. */
export const DRAWN = 33;
/** How far a drawn curve reaches up and down. */
export const DRAWN_LIMIT = 1.2;
/** What stands there before the reader draws. */
export const sketch: readonly number[] = [
  0, 0.1, 0.25, 0.45, 0.6, 0.7, 0.72, 0.65, 0.5, 0.3, 0.1, -0.1, -0.3, -0.45, -0.5, -0.45, -0.3, -0.1, 0.1,
  0.2, 0.2, 0.1, -0.1, -0.35, -0.6, -0.75, -0.75, -0.6, -0.35, -0.05, 0.3, 0.6, 0.8,
];

const PI = 3.141592653589793;
/** sin 2πx by its series to the 23rd power; off by less than 10⁻¹². */
function sine(x: number): number {
  const a = 2 * PI * (x - Math.round(x));
  let term = a;
  let sum = a;
  for (let k = 3; k <= 23; k += 2) {
    term *= -(a * a) / (k * (k - 1));
    sum += term;
  }
  return sum;
}

/** A curve through values at even distances, straight between them. */
export function straight(values: readonly number[], x: number): number {
  const last = values.length - 1;
  const at = Math.min(1, Math.max(0, x)) * last;
  const k = Math.min(last - 1, Math.floor(at));
  const [a = 0, b = 0] = [values[k], values[k + 1]];
  return a + (b - a) * (at - k);
}

/** The curve's value at x; at the jump that of the right side. */
export function wanted(name: TargetName, own: readonly number[], x: number): number {
  switch (name) {
    case 'sine':
      return sine(x);
    case 'tent':
      return 2 * Math.abs(2 * x - 1) - 1;
    case 'step':
      return x < 0.5 ? -1 : 1;
    case 'own':
      return straight(own, x);
  }
}
/** Its value from the left: another one only at the jump. */
export const from_left = (name: TargetName, own: readonly number[], x: number): number =>
  name === 'step' && x === 0.5 ? -1 : wanted(name, own, x);

/** 513 places from 0 to 1, where both curves are compared. */
export const places: number[] = Array.from({ length: 513 }, (_, i) => i / 512);

export interface Gap {
  x: number;
  /** The net's value and the wanted one. */
  from: number;
  to: number;
  size: number;
}
/**
 * The largest distance between the net (its values at `places`) and the curve: the supremum norm of the difference, taken at 513 places.
 * At a jump both sides count: a net is continuous and cannot be near both.
 */
export function widest(name: TargetName, own: readonly number[], y: ArrayLike<number>): Gap {
  const gap: Gap = { x: 0, from: NaN, to: NaN, size: -1 };
  places.forEach((x, i) => {
    const from = y[i] ?? NaN;
    for (const to of [from_left(name, own, x), wanted(name, own, x)]) {
      const size = Math.abs(from - to);
      if (size > gap.size || Number.isNaN(size)) Object.assign(gap, { x, from, to, size });
    }
  });
  return gap;
}
/** Mean squared distance at the same places. */
export const mean_square = (name: TargetName, own: readonly number[], y: ArrayLike<number>): number =>
  places.reduce((sum, x, i) => sum + ((y[i] ?? NaN) - wanted(name, own, x)) ** 2, 0) / places.length;

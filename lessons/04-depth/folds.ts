/**
 * Nets whose weights are set by hand so that they fold: tents one behind another (deep), a zigzag of hinges side by side (shallow), and the
 * counting of straight pieces in what a net answers. Weights are made here; what they answer, the core says.
 */

/** Weights by tensor name. */
export type Weights = [name: string, data: number[]][];

/** The tent map T(x) = 2 relu(x) − 4 relu(x − ½) on [0, 1]: up to 1 at the middle, down again. Exact on binary fractions. */
export const tent = (x: number): number => 1 - Math.abs(2 * x - 1);
/** T(T(…T(x))), k times: a sawtooth of 2^k straight pieces (Telgarsky 2015). */
export function sawtooth(folds: number, x: number): number {
  let y = x;
  for (let k = 0; k < folds; k++) y = tent(y);
  return y;
}

/**
 * k hidden layers of two units: each pair makes one tent of what the pair before has made. `missing`: the layer whose second unit is taken
 * away, 1 to k; 0 for none.
 */
export function tents(folds: number, missing = 0): Weights {
  const all: Weights = [
    ['W1', [1, 1]],
    ['b1', [0, -0.5]],
  ];
  for (let layer = 2; layer <= folds; layer++) {
    const second = layer - 1 === missing ? 0 : -4;
    all.push([`W${layer}`, [2, second, 2, second]], [`b${layer}`, [0, -0.5]]);
  }
  all.push([`W${folds + 1}`, [2, folds === missing ? 0 : -4]], [`b${folds + 1}`, [0]]);
  return all;
}

/** One hidden layer of n units with hinges at 0, 1/n, 2/n, …: up and down n times, the most that such a net can do on [0, 1]. */
export function zigzag(units: number): Weights {
  return [
    ['W1', new Array<number>(units).fill(1)],
    ['b1', Array.from({ length: units }, (_, j) => -j / units + 0)],
    ['W2', Array.from({ length: units }, (_, j) => (j === 0 ? units : j % 2 === 1 ? -2 * units : 2 * units))],
    ['b2', [0]],
  ];
}

/** One hidden layer of n units with hinges inside (0, 1): n + 1 pieces, the most that n units can make of a line. */
export function most_pieces(units: number): Weights {
  return [
    ['W1', new Array<number>(units).fill(1)],
    ['b1', Array.from({ length: units }, (_, j) => -(j + 1) / (units + 1))],
    [
      'W2',
      Array.from(
        { length: units },
        (_, j) => (j === 0 ? units + 1 : j % 2 === 1 ? -2 : 2) * (j === 0 ? 1 : units + 1),
      ),
    ],
    ['b2', [0]],
  ];
}

/** 4097 places from 0 to 1, the binary fractions among them: no fold of up to 11 lies between two of them. */
export const places: number[] = Array.from({ length: 4097 }, (_, i) => i / 4096);

/**
 * Straight pieces of a function known at even distances over [0, 1], counted from its values: runs of equal slope. A kink between two
 * places leaves one cell with a slope in between, which is no piece. Kinks too small for single precision to show are not counted.
 */
export function count_pieces(y: ArrayLike<number>): number {
  const cells = y.length - 1;
  const slope = (i: number): number => ((y[i + 1] ?? NaN) - (y[i] ?? NaN)) * cells;
  let steepest = 0;
  for (let i = 0; i < cells; i++) steepest = Math.max(steepest, Math.abs(slope(i)));
  const same = 0.01 + 0.002 * steepest;
  let pieces = 0;
  for (let i = 0; i < cells;) {
    let end = i + 1;
    while (end < cells && Math.abs(slope(end) - slope(i)) <= same) end++;
    if (end - i > 1 || cells === 1) pieces++;
    i = end;
  }
  return pieces;
}

/** The widest distance between x² and x − Σ T(…T(x))/4^s, the sum of the sawtooths that the layers have made (Yarotsky 2017). */
export function square_error(layers: readonly ArrayLike<number>[]): number {
  let most = 0;
  places.forEach((x, i) => {
    let sum = x;
    layers.forEach((layer, s) => {
      sum -= (layer[i] ?? NaN) / 4 ** (s + 1);
    });
    most = Math.max(most, Math.abs(sum - x * x));
  });
  return most;
}

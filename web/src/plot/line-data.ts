/**
 * The arithmetic of curves: ranges that hold them, ticks of linear and logarithmic axes, the sample under the pointer. Pure.
 */
import { formatNumber } from '../math/format.ts';
import { ticks, tickText } from '../math/scale.ts';
import type { LineSeries } from './types.ts';

/** Smallest and largest value along one axis; only positive ones on a logarithmic axis; undefined when there is none. */
export function dataRange(
  series: readonly Pick<LineSeries, 'x' | 'y'>[],
  axis: 'x' | 'y',
  log: boolean,
): [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const s of series) {
    const values = s[axis];
    for (let i = 0; i < values.length; i++) {
      const v = values[i] ?? Number.NaN;
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  if (low > high) return undefined;
  return low === high ? (log ? [low / 10, high * 10] : [low, high + 1]) : [low, high];
}

/** A range with some air; never of width 0. On a log axis the bounds are powers of ten. */
export function widenRange(low: number | null, high: number | null, log: boolean): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high))
    return log ? [0.1, 1] : [0, 1];
  if (log)
    return [
      10 ** Math.floor(Math.log10(Math.max(low, 1e-30))),
      10 ** Math.ceil(Math.log10(Math.max(high, 1e-29)) + 1e-9),
    ];
  const air = (high - low || Math.abs(high) || 1) * 0.05;
  return [low >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** About `count` ticks; on a logarithmic axis powers of ten only, every second or third one where there are many. */
export function axisTicks([low, high]: readonly [number, number], log: boolean, count: number): number[] {
  if (!log) return ticks(low, high, Math.floor(count));
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const out: number[] = [];
  for (let power = first; power <= last; power += step) out.push(10 ** power);
  return out;
}

/** 0.001 … 99 999 as they are, others with a power of ten. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 0.00099 && size < 1e5)
    ? tickText(value)
    : formatNumber(value, 2).replace(/^(−?)1\.0×/u, '$1');
}

/** Index of the last sample at or before x (samples rise in x); 0 when all are later. */
export function indexAt(xs: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const lastOf = (values: ArrayLike<number>): number | undefined =>
  values.length > 0 ? values[values.length - 1] : undefined;

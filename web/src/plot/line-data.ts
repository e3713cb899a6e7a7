/**
 * Curves with steps of their own joined over one sorted list of steps, as uPlot wants them; and the range of an axis. Pure.
 */
import type { LineSeries } from './types.ts';

/** [steps, y of series 0, y of series 1, …]; null where a series has no value at a step or the value is not finite. */
export function sharedTable(series: readonly Pick<LineSeries, 'x' | 'y'>[]): (number | null)[][] {
  const steps = new Set<number>();
  for (const s of series)
    for (let i = 0; i < s.x.length; i++) if (Number.isFinite(s.x[i])) steps.add(s.x[i] ?? 0);
  const xs = [...steps].sort((a, b) => a - b);
  const index = new Map(xs.map((x, i) => [x, i]));
  const columns = series.map((s) => {
    const column: (number | null)[] = new Array<number | null>(xs.length).fill(null);
    for (let i = 0; i < s.x.length; i++) {
      const at = index.get(s.x[i] ?? Number.NaN);
      const y = s.y[i];
      if (at !== undefined && y !== undefined && Number.isFinite(y)) column[at] = y;
    }
    return column;
  });
  return [xs, ...columns];
}

/** A range with some air; never of width 0. On a log axis the bounds are positive. */
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

export const lastOf = (values: ArrayLike<number>): number | undefined =>
  values.length > 0 ? values[values.length - 1] : undefined;

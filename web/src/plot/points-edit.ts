/**
 * Editing a list of points: each function returns a new list. Coordinates stay inside the plane and have few digits, so that links stay short.
 */
import type { Scale } from '../math/scale.ts';
import type { SurfacePoint, SurfaceProps } from './types.ts';

type Plane = Pick<SurfaceProps, 'x' | 'y' | 'most'>;

/** 3 decimals of the plane's width: finer than a pixel. */
function place(value: number, [low, high]: [number, number]): number {
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(high - low || 1)));
  return Number(Math.min(high, Math.max(low, value)).toFixed(Math.min(decimals, 12))) || 0;
}

/** Index of the point at most `reach` pixels away, the nearest one; undefined when none is. */
export function nearest(
  points: readonly SurfacePoint[],
  s: { x: Scale; y: Scale },
  x: number,
  y: number,
  reach: number,
): number | undefined {
  let best: number | undefined;
  let distance = reach;
  points.forEach((p, i) => {
    const d = Math.hypot(s.x(p.x) - x, s.y(p.y) - y);
    if (d <= distance) [best, distance] = [i, d];
  });
  return best;
}

export const movePoint = (
  points: readonly SurfacePoint[],
  index: number,
  x: number,
  y: number,
  plane: Plane,
): SurfacePoint[] =>
  points.map((p, i) => (i === index ? { ...p, x: place(x, plane.x), y: place(y, plane.y) } : p));

export const removePoint = (points: readonly SurfacePoint[], index: number): SurfacePoint[] =>
  points.filter((_, i) => i !== index);

/** One more point; the list as it was when `most` are there already. */
export function addPoint(
  points: readonly SurfacePoint[],
  x: number,
  y: number,
  label: number,
  plane: Plane,
): SurfacePoint[] {
  if (points.length >= (plane.most ?? 500)) return [...points];
  return [...points, { x: place(x, plane.x), y: place(y, plane.y), label }];
}

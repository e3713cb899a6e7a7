/**
 * The arithmetic of the hinge plot: where things stand, which hinge is under the pointer, what a stroke makes of a drawn curve. Pure.
 */
import { linear, type Scale } from '../math/scale.ts';
import type { FunctionCurve } from './types.ts';

/** A place where the function bends. */
export interface Hinge {
  x: number;
  /** The function's value there. */
  y: number;
  /** Change of slope from left to right: its sign is the triangle's direction. */
  bend: number;
}
export interface HingeProps {
  label: string;
  x: [number, number];
  y: [number, number];
  /** The wanted curve, in one piece or more (a jump parts it). */
  target: FunctionCurve[];
  net: FunctionCurve;
  /** What single units add, thin. */
  parts?: FunctionCurve[];
  /** Examples. */
  dots?: { x: number; y: number }[];
  /** The widest distance between both curves. */
  gap?: { x: number; from: number; to: number };
  hinges: Hinge[];
  /** Called while a hinge is dragged or moved by keys. */
  onHinge?: (index: number, x: number) => void;
  /** The wanted curve as values at even distances, when the reader may draw it. */
  drawn?: number[];
  drawRange?: [number, number];
  /** A curve through such values, for the stroke that is being drawn. */
  draft?: (values: number[]) => FunctionCurve;
  /** Called when a stroke ends, and with every key. */
  onDraw?: (values: number[]) => void;
}

/** Height of the strip of handles under the picture, px. */
export const STRIP = 40;
const GRAB = 22; // px: half a fingertip

export interface HingeScales {
  x: Scale;
  y: Scale;
  left: number;
  right: number;
  top: number;
  bottom: number;
}
export function hingeScales(width: number, height: number, p: Pick<HingeProps, 'x' | 'y'>): HingeScales {
  const [left, right, top, bottom] = [32, Math.max(33, width - 10), 6, Math.max(7, height - STRIP - 16)];
  return { x: linear(p.x, [left, right]), y: linear(p.y, [bottom, top]), left, right, top, bottom };
}

/** -1, 0, 1: left of the interval, in it, right of it. NaN (a unit without a hinge) counts as nowhere. */
export const outside = (x: number, [low, high]: readonly [number, number]): number =>
  Number.isNaN(x) ? NaN : x < low ? -1 : x > high ? 1 : 0;

/** The hinge whose handle or bend is under the pointer. */
export function nearestHinge(
  p: Pick<HingeProps, 'hinges' | 'x'>,
  s: HingeScales,
  x: number,
  y: number,
): number | undefined {
  let found: number | undefined;
  let least = GRAB;
  p.hinges.forEach((hinge, i) => {
    if (outside(hinge.x, p.x) !== 0) return;
    const across = Math.abs(s.x(hinge.x) - x);
    const distance = y >= s.bottom - 4 ? across : Math.hypot(across, s.y(hinge.y) - y);
    if (distance >= least) return;
    least = distance;
    found = i;
  });
  return found;
}

/** The next hinge inside the interval in order of place; from none, the first. */
export function nextHinge(
  p: Pick<HingeProps, 'hinges' | 'x'>,
  from: number | undefined,
  by: number,
): number | undefined {
  const order = p.hinges
    .map((hinge, i) => ({ i, x: hinge.x }))
    .filter(({ x }) => outside(x, p.x) === 0)
    .sort((a, b) => a.x - b.x || a.i - b.i)
    .map(({ i }) => i);
  if (order.length === 0) return undefined;
  const at = from === undefined ? -1 : order.indexOf(from);
  return at < 0 ? order[0] : order[(at + by + order.length) % order.length];
}

/** Draws on to (x, y): every column between the last one and this gets its value, straight between both. */
export function drawTo(
  p: Pick<HingeProps, 'x' | 'y' | 'drawRange'>,
  values: readonly number[],
  last: number | undefined,
  x: number,
  y: number,
): { column: number; values: number[] } {
  const [low, high] = p.drawRange ?? p.y;
  const end = values.length - 1;
  const column = Math.min(end, Math.max(0, Math.round(((x - p.x[0]) / (p.x[1] - p.x[0])) * end)));
  const value = Math.min(high, Math.max(low, y));
  const from = last ?? column;
  const out = [...values];
  const start = out[from] ?? value;
  const steps = Math.abs(column - from);
  for (let k = 1; k < steps; k++)
    out[from + Math.sign(column - from) * k] = start + ((value - start) * k) / steps;
  out[column] = value;
  return { column, values: out };
}

/**
 * The digits of lesson 7: drawn by the core from a seed, some to train on and others that the net never sees. Here they are only sorted,
 * moved and cut; how one is drawn is the core's business.
 */
import type { Session } from '@x2g/web/lab';

/** Pixels of a side, and of a picture. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;
/** Digits drawn to train on, and held out. The core counts them on from 0: both sets share none. */
export const TRAIN = 5000;
export const HELD = 1000;
export const DATA_SEED = 1;
export const HELD_FROM = 60_000;
/** No grain on the paper: a drawing on the pad has none, and drawing it would take longer than the strokes. */
export const CLEAN = { noise: 0 };

/** Pictures x (rows, 784), ink 1 on paper 0, with the digit of each. */
export interface Digits {
  x: Float32Array;
  labels: Uint8Array;
}
export interface DataSets {
  train: Digits;
  held: Digits;
}

/** Drawn in portions, so that a slow worker is not taken for a dead one. */
const PORTION = 500;

async function drawn(session: Pick<Session, 'digits'>, count: number, first: number): Promise<Digits> {
  const out = { x: new Float32Array(count * PIXELS), labels: new Uint8Array(count) };
  for (let at = 0; at < count; at += PORTION) {
    const n = Math.min(PORTION, count - at);
    const { pixels, labels } = await session.digits(n, { seed: DATA_SEED, first: first + at, ...CLEAN });
    out.x.set(pixels, at * PIXELS);
    out.labels.set(labels, at);
  }
  return out;
}

export async function generated(session: Pick<Session, 'digits'>): Promise<DataSets> {
  return { train: await drawn(session, TRAIN, 0), held: await drawn(session, HELD, HELD_FROM) };
}

/** One picture out of many. */
export const picture_of = (d: Digits, row: number): Float32Array =>
  d.x.slice(row * PIXELS, (row + 1) * PIXELS);

/** The first n, in their order or all 0s first, then all 1s, … */
export function take(d: Digits, n: number, sorted = false): Digits {
  const rows = Math.min(n, d.labels.length);
  const first = { x: d.x.subarray(0, rows * PIXELS), labels: d.labels.subarray(0, rows) };
  if (!sorted) return first;
  const order = Array.from(first.labels.keys()).sort(
    (a, b) => (first.labels[a] ?? 0) - (first.labels[b] ?? 0) || a - b,
  );
  const x = new Float32Array(rows * PIXELS);
  order.forEach((from, to) => x.set(first.x.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS));
  return { x, labels: Uint8Array.from(order, (i) => first.labels[i] ?? 0) };
}

/** Targets (rows, 10): 1 at the digit, 0 elsewhere. */
export function one_hot(labels: Uint8Array): Float32Array {
  const t = new Float32Array(labels.length * CLASSES);
  labels.forEach((digit, row) => (t[row * CLASSES + digit] = 1));
  return t;
}

/** Every picture moved right by dx pixels; what leaves it is lost, paper comes in. The same array for 0. */
export function shifted(x: Float32Array, dx: number): Float32Array {
  if (dx === 0) return x;
  if (Math.abs(dx) >= SIDE) return new Float32Array(x.length);
  const out = new Float32Array(x.length);
  const kept = SIDE - Math.abs(dx);
  for (let line = 0; line + SIDE <= x.length; line += SIDE) {
    const from = line + Math.max(0, -dx);
    out.set(x.subarray(from, from + kept), line + Math.max(0, dx));
  }
  return out;
}

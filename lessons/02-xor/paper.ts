/**
 * The squared paper under the four points: lines of the input plane, and where the hidden layer sends them.
 * Geometry of the drawing only. Which point goes where is computed by the core (the 'paper' view in demo.ts).
 */
import type { SurfaceCurve } from '@x2g/web/plot';

const LINES = 7; // −0.25 … 1.25 every 0.25
const SAMPLES = 31; // along each line
const FROM = -0.25;
const TO = 1.25;
const between = (i: number, n: number): number => FROM + ((TO - FROM) * i) / (n - 1);

/** Rows (x1, x2) of all lines: first the upright ones, then the level ones. */
export const paper: number[] = [0, 1].flatMap((direction) =>
  Array.from({ length: LINES }, (_, line) =>
    Array.from({ length: SAMPLES }, (_, i) => {
      const along = between(i, SAMPLES);
      const across = between(line, LINES);
      return direction === 0 ? [across, along] : [along, across];
    }).flat(),
  ).flat(),
);

/** How far the paper has moved: 0 = as in the input plane, 1 = as the hidden layer sees it. */
export interface Fold {
  amount: number;
  /** (rows, width) values of the hidden layer, and which two units are the axes; the second may be missing. */
  width: number;
  axes: [number, number | undefined];
}

/** Where row `i` with inputs (x1, x2) lies at this amount of folding. */
export function place(x: ArrayLike<number>, h: ArrayLike<number>, i: number, fold: Fold): [number, number] {
  const mix = (input: number, unit: number | undefined): number => {
    const image = unit === undefined ? 0 : (h[i * fold.width + unit] ?? 0);
    return (1 - fold.amount) * input + fold.amount * image;
  };
  return [mix(x[2 * i] ?? 0, fold.axes[0]), mix(x[2 * i + 1] ?? 0, fold.axes[1])];
}

/** The paper's lines as curves; the ones through 0 and 1 are stronger, so that the unit square can be followed. */
export function folded_lines(h: ArrayLike<number>, fold: Fold): SurfaceCurve[] {
  return Array.from({ length: 2 * LINES }, (_, line) => {
    const places = Array.from({ length: SAMPLES }, (_, i) => place(paper, h, line * SAMPLES + i, fold));
    const edge = line % LINES === 1 || line % LINES === LINES - 2;
    return {
      x: places.map(([x]) => x),
      y: places.map(([, y]) => y),
      role: edge ? 'muted' : 'line',
      width: edge ? 2 : 1,
    };
  });
}

/** The two units that weigh most in the output: the axes of the hidden plane. Of one or two units: those. */
export function strongest(output_weights: ArrayLike<number>): [number, number | undefined] {
  const order = Array.from(output_weights, (w, unit) => ({ unit, size: Math.abs(w) }));
  if (order.length > 2) order.sort((a, b) => b.size - a.size);
  const [first, second] = order.slice(0, 2).sort((a, b) => a.unit - b.unit);
  return [first?.unit ?? 0, second?.unit];
}

/** Limits of the hidden plane for values h: what the activation can reach, or what the values need in steps of 1. */
export function limits(act: string, h: ArrayLike<number>): [number, number] {
  if (act === 'tanh') return [-1.2, 1.2];
  if (act === 'sigmoid' || act === 'step') return [-0.2, 1.2];
  const values = Array.from(h);
  return [Math.floor(Math.min(-0.2, ...values)) - 0.2, Math.ceil(Math.max(1, ...values)) + 0.2];
}

const corner_names = ['0,0', '0,1', '1,0', '1,1'];

/** Names beside the points: two that lie closer than `near` share one, a crowd has none. */
export function point_names(places: readonly [number, number][], near: number): string[] {
  return places.map(([x, y], i) => {
    const group = places.flatMap(([u, v], j) => (Math.hypot(u - x, v - y) < near ? [j] : []));
    if (group.length > 2 || group[0] !== i) return '';
    return group.map((j) => corner_names[j]).join(' | ');
  });
}

const OPENING_MS = 1800;

/** The paper is carried from the left plane to the right one once, when it is first seen: what the picture means, before any training. */
export function unfolding() {
  let start: number | undefined;
  const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
  return {
    /** 0 … 1; asks for another drawing until it is 1. */
    now(again: () => void): number {
      if (still) return 1;
      start ??= performance.now();
      const t = Math.min(1, (performance.now() - start) / OPENING_MS);
      if (t < 1) requestAnimationFrame(again);
      return t * t * (3 - 2 * t);
    },
  };
}

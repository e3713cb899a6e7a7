/**
 * A drawing as strokes of a round pen: made point by point, turned into ink on a square of pixels, and into a short text for a link.
 * Arithmetic only. Coordinates are shares of the pad's side, 0 to 1, y down.
 */
import type { PadStroke } from './types.ts';

/** Points closer together than this are one. */
const APART = 1 / 160;
/** Most points of a drawing: more do not fit into a link. */
export const MOST_POINTS = 1200;

const inside = (v: number): number => Math.min(1, Math.max(0, v));

/** The stroke with one more point; the same stroke when the point is where the last one is. */
export function extend(stroke: PadStroke, x: number, y: number): PadStroke {
  const { points } = stroke;
  const [px, py] = [points.at(-2), points.at(-1)];
  const at: [number, number] = [inside(x), inside(y)];
  if (px !== undefined && py !== undefined && Math.hypot(at[0] - px, at[1] - py) < APART) return stroke;
  return { ...stroke, points: [...points, ...at] };
}

export const pointCount = (strokes: readonly PadStroke[]): number =>
  strokes.reduce((sum, { points }) => sum + points.length / 2, 0);

function distance(px: number, py: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = dx * dx + dy * dy;
  const u = along > 0 ? inside(((px - x0) * dx + (py - y0) * dy) / along) : 0;
  return Math.hypot(px - x0 - u * dx, py - y0 - u * dy);
}

/** The ink (side · side, rows from the top, 0 to 1): every pixel by its distance from the pen's path, faded over one pixel. */
export function inkOf(strokes: readonly PadStroke[], side: number): Float32Array {
  const ink = new Float32Array(side * side);
  for (const { width, points } of strokes) {
    const radius = (width * side) / 2;
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [x0 = 0, y0 = 0] = [points[i], points[i + 1]].map((v) => (v ?? 0) * side);
      const [x1 = 0, y1 = 0] = [points[i + 2] ?? points[i], points[i + 3] ?? points[i + 1]].map(
        (v) => (v ?? 0) * side,
      );
      const first = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
      const last = (a: number, b: number): number =>
        Math.min(side - 1, Math.ceil(Math.max(a, b) + radius + 1));
      for (let row = first(y0, y1); row <= last(y0, y1); row++)
        for (let col = first(x0, x1); col <= last(x0, x1); col++) {
          const value = inside(radius + 0.5 - distance(col + 0.5, row + 0.5, x0, y0, x1, y1));
          const at = row * side + col;
          if (value > (ink[at] ?? 0)) ink[at] = value;
        }
    }
  }
  return ink;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FINE = 4095;
const WIDTHS = 200;
const letter = (n: number): string => DIGITS[n] ?? 'A';

/** Strokes as text: a letter for the width, two for every coordinate, a dot between strokes. */
export function strokesText(strokes: readonly PadStroke[]): string {
  return strokes
    .map(({ width, points }) => {
      const coordinates = points.map((v) => {
        const n = Math.round(inside(v) * FINE);
        return letter(n >> 6) + letter(n & 63);
      });
      return letter(Math.min(63, Math.max(1, Math.round(width * WIDTHS)))) + coordinates.join('');
    })
    .join('.');
}

/** What strokesText() wrote; undefined for any other text. */
export function textStrokes(text: string): PadStroke[] | undefined {
  if (text === '') return [];
  const strokes: PadStroke[] = [];
  for (const part of text.split('.')) {
    if (!/^[\w-]([\w-]{4})+$/u.test(part)) return undefined;
    const numbers = Array.from(part, (c) => DIGITS.indexOf(c));
    const points: number[] = [];
    for (let i = 1; i < numbers.length; i += 2)
      points.push(((numbers[i] ?? 0) * 64 + (numbers[i + 1] ?? 0)) / FINE);
    const width = numbers[0] ?? 0;
    if (width < 1) return undefined;
    strokes.push({ width: width / WIDTHS, points });
  }
  return pointCount(strokes) <= MOST_POINTS ? strokes : undefined;
}

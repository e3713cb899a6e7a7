/**
 * Where a folded strip of paper lies: pure arithmetic for fold-strip.ts. Lengths across are shares of `span`, heights px above the table.
 */
export interface StripShape {
  folds: number;
  /** 0 … 1 of the last fold. */
  progress: number;
  /** Distance of two layers after the last fold and before it, px. */
  gap: number;
  before: number;
  /** Full width, px. */
  span: number;
}

/** Share of a fold's time in which the half turns over; in the rest the strip is stretched. */
const TURN = 0.65;

/** The tent map: a strip folded in the middle and stretched to its old length. Exact on binary fractions. */
export const tent = (x: number): number => 1 - Math.abs(2 * x - 1);

const known = new Map<number, readonly number[]>([[0, [0]]]);
/** The layer on which each of the 2^folds pieces lies, counted from the table; piece 0 holds the paper's left end. */
export function stackOf(folds: number): readonly number[] {
  const found = known.get(folds);
  if (found) return found;
  const before = stackOf(folds - 1);
  const pieces = 2 ** folds;
  // The half right of the middle is turned over onto the left one: its lowest layer becomes the highest.
  const heights = Array.from({ length: pieces }, (_, i) => {
    const old = before[i >> 1] ?? 0;
    return isRight(i) ? pieces - 1 - old : old;
  });
  known.set(folds, heights);
  return heights;
}
/** Whether piece i of a fold was the right half of its piece before: pieces lie left, right, right, left, … */
const isRight = (i: number): boolean => i % 4 === 1 || i % 4 === 2;

/** Whether piece i shows its back: every second one, and the turning half only from the middle of its way on. */
export const faceDown = (piece: number, progress: number): boolean =>
  isRight(piece) && progress < TURN / 2 ? (piece >> 1) % 2 === 1 : piece % 2 === 1;

/** The place of point s (0 … 1 along the paper, in that piece) of the strip: [across, up], px. */
export function stripPoint(s: number, piece: number, shape: StripShape): [number, number] {
  const { folds, progress, gap, before, span } = shape;
  if (folds === 0) return [s * span, 0];
  let old = s;
  for (let fold = 1; fold < folds; fold++) old = tent(old);
  const layer = stackOf(folds - 1)[piece >> 1] ?? 0;
  const turn = Math.min(1, progress / TURN);
  const stretch = Math.max(0, (progress - TURN) / (1 - TURN));
  const spacing = before + (gap - before) * stretch;
  const pivot = (2 ** (folds - 1) - 0.5) * spacing;
  const [dx, dy] = [(old - 0.5) * span, layer * spacing - pivot];
  let [x, y] = [old * span, layer * spacing];
  if (isRight(piece) && turn > 0) {
    const angle = turn * Math.PI;
    const [c, n] = [Math.cos(angle), Math.sin(angle)];
    x = span / 2 + c * dx - n * dy;
    y = pivot + n * dx + c * dy;
  }
  return [x * (1 + stretch), y];
}

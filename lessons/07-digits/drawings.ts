/**
 * Four drawings for those who want to see one drawn: as strokes, so that they go the way of the reader's own. What the net answers to
 * them is measured (demo.test.ts), not written here.
 */
import type { Label } from '@x2g/web/elements';
import type { PadStroke } from '@x2g/web/plot';

const stroke = (...points: number[]): PadStroke => ({ width: 0.09, points });
const ring = (x: number, y: number, rx: number, ry: number): PadStroke =>
  stroke(
    ...Array.from({ length: 25 }, (_, i) => {
      const turn = (2 * Math.PI * i) / 24;
      return [x + rx * Math.sin(turn), y - ry * Math.cos(turn)];
    }).flat(),
  );
const seven = stroke(0.25, 0.2, 0.75, 0.2, 0.45, 0.85);

export const drawings = {
  'barred-seven': {
    name: { en: '7 with a bar', ja: '横棒つきの7' },
    strokes: [seven, stroke(0.35, 0.52, 0.72, 0.52)],
  },
  'low-seven': {
    name: { en: '7 with a low bar', ja: '横棒が低い7' },
    strokes: [seven, stroke(0.3, 0.68, 0.72, 0.68)],
  },
  'slashed-zero': {
    name: { en: '0 with a slash', ja: '斜線つきの0' },
    strokes: [ring(0.5, 0.5, 0.22, 0.33), stroke(0.72, 0.12, 0.28, 0.88)],
  },
  letter: {
    name: { en: 'the letter A', ja: '文字のA' },
    strokes: [stroke(0.25, 0.85, 0.5, 0.15, 0.75, 0.85), stroke(0.35, 0.6, 0.65, 0.6)],
  },
} satisfies Record<string, { name: Label; strokes: PadStroke[] }>;

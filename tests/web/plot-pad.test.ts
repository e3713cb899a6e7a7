// The arithmetic of the drawing pad, the pictures beside each other and the confusion matrix. Pixels are looked at, not tested.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusion, rowsOf } from '../../web/src/plot/confusion.ts';
import { matrixBox, recall } from '../../web/src/plot/confusion-matrix.ts';
import { gridBox } from '../../web/src/plot/image-grid.ts';
import {
  extend,
  inkOf,
  MOST_POINTS,
  pointCount,
  strokesText,
  textStrokes,
} from '../../web/src/plot/strokes.ts';
import type { PadStroke } from '../../web/src/plot/types.ts';

const line: PadStroke = { width: 0.1, points: [0.2, 0.5, 0.8, 0.5] };

describe('strokes', () => {
  it('grow point by point, stay on the pad and leave out what is too close', () => {
    const one = extend({ width: 0.1, points: [] }, 0.5, 0.5);
    expect(one.points).toEqual([0.5, 0.5]);
    expect(extend(one, 0.501, 0.5)).toBe(one);
    expect(extend(one, 1.7, -3).points).toEqual([0.5, 0.5, 1, 0]);
    expect(pointCount([one, line])).toBe(3);
  });

  it('travel as text and come back to within half a step of their grid', () => {
    const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
    const stroke = fc.record({
      width: fc.integer({ min: 1, max: 63 }).map((n) => n / 200),
      points: fc
        .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 })
        .map((p) => p.flat()),
    });
    fc.assert(
      fc.property(fc.array(stroke, { maxLength: 5 }), (strokes) => {
        const back = textStrokes(strokesText(strokes));
        expect(back).toHaveLength(strokes.length);
        strokes.forEach(({ width, points }, i) => {
          expect(back?.[i]?.width).toBeCloseTo(width, 9);
          points.forEach((v, k) =>
            expect(Math.abs((back?.[i]?.points[k] ?? NaN) - v)).toBeLessThan(0.5 / 4095 + 1e-12),
          );
        });
      }),
    );
  });

  it('are refused where the text is none of theirs', () => {
    const long = `A${'AAAA'.repeat(MOST_POINTS + 1)}`;
    for (const text of ['A', 'SAAA', 'SAAAAA', '.', 'SAAAA.', 'S<b>a', 'AAAAA', long.replace('A', 'S')])
      expect(textStrokes(text), text.slice(0, 20)).toBeUndefined();
    expect(textStrokes('')).toEqual([]);
  });

  it('leave ink as wide as the pen, full in the middle and nothing far away', () => {
    const side = 100;
    const ink = inkOf([line], side);
    const at = (x: number, y: number): number => ink[y * side + x] ?? NaN;
    expect(at(50, 50)).toBe(1);
    expect(at(50, 30)).toBe(0);
    expect(at(5, 50)).toBe(0);
    const column = Array.from({ length: side }, (_, y) => at(50, y)).reduce((a, b) => a + b);
    expect(column).toBeCloseTo(10, 1);
    const round = Array.from(ink).reduce((a, b) => a + b);
    expect(Math.abs(round - (60 * 10 + Math.PI * 25))).toBeLessThan(15);
  });

  it('leave a dot where the pen only touched', () => {
    const ink = inkOf([{ width: 0.2, points: [0.5, 0.5] }], 50);
    expect(Math.abs(Array.from(ink).reduce((a, b) => a + b) - Math.PI * 25)).toBeLessThan(5);
  });
});

describe('a confusion matrix', () => {
  const truth = [0, 0, 1, 2];
  const outputs = [0.9, 0.1, 0.2, 0.3, 0.8, 0.1, 0, 1, 0, NaN, NaN, NaN];
  const found = confusion(outputs, truth, 3);

  it('counts every answer in the row of the truth, and no answer where nothing is a number', () => {
    expect(Array.from(found.counts)).toEqual([1, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(Array.from(found.answers)).toEqual([0, 1, 1, 3]);
    expect([found.right, found.rows]).toEqual([2, 4]);
  });
  it('takes the first of equal outputs, of negative ones too', () => {
    expect(Array.from(confusion([-2, -1, -1], [1], 3).answers)).toEqual([1]);
  });
  it('knows which rows a cell counts', () => {
    expect(rowsOf(found, truth, 0, 1)).toEqual([1]);
    expect(rowsOf(found, truth, 2, 0)).toEqual([]);
  });
  it('tells the share of a row that is right', () => {
    expect(recall(found.counts, 3, 0)).toBe(0.5);
    expect(recall(found.counts, 3, 2)).toBeNaN();
  });
  it('fits any width', () => {
    expect(matrixBox(1000, 10).cell).toBe(40);
    expect(matrixBox(328, 10).cell).toBe(25);
    expect(matrixBox(0, 10).cell).toBe(0);
  });
});

describe('pictures side by side', () => {
  const p = { count: 30, rows: 28, cols: 28 };
  it('stand in as many columns as were asked for or fit', () => {
    expect(gridBox(400, { ...p, columns: 6, size: 60 })).toMatchObject({ columns: 6, side: 60 });
    expect(gridBox(300, { ...p, columns: 6, size: 60 }).side).toBe(45);
    expect(gridBox(300, { ...p, size: 60 }).columns).toBe(4);
    expect(gridBox(0, { ...p, columns: 6 }).side).toBe(1);
  });
  it('have room for a bar and a caption', () => {
    const plain = gridBox(400, { ...p, columns: 6, size: 60 }).rowHeight;
    expect(gridBox(400, { ...p, columns: 6, size: 60, levels: [] }).rowHeight).toBe(plain + 6);
    expect(gridBox(400, { ...p, columns: 6, size: 60, captions: [] }).rowHeight).toBe(plain + 16);
  });
});

// The arithmetic of the hinge plot and of the folded strip: what is under the pointer, what a stroke leaves, where paper lies.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faceDown, stackOf, stripPoint, tent } from '../../web/src/plot/fold-geometry.ts';
import { drawTo, hingeScales, nearestHinge, nextHinge } from '../../web/src/plot/hinge-edit.ts';

const box = { x: [0, 1] as [number, number], y: [-1.5, 1.5] as [number, number] };
const s = hingeScales(600, 300, box);

describe('hinges', () => {
  const hinges = [0.5, 0.2, -3, NaN, 0.9].map((x) => ({ x, y: 0, bend: 1 }));
  const p = { ...box, hinges };
  it('are taken by their handle at any height of the strip, else by their bend', () => {
    expect(nearestHinge(p, s, s.x(0.21), s.bottom + 20)).toBe(1);
    expect(nearestHinge(p, s, s.x(0.5) + 5, s.y(0) - 5)).toBe(0);
    expect(nearestHinge(p, s, s.x(0.5), s.y(1.2))).toBeUndefined();
    expect(nearestHinge(p, s, s.x(0.7), s.bottom + 20)).toBeUndefined();
  });
  it('are walked through in order of place; those outside the picture are left out', () => {
    expect(nextHinge(p, undefined, 1)).toBe(1);
    expect(nextHinge(p, 1, 1)).toBe(0);
    expect(nextHinge(p, 0, 1)).toBe(4);
    expect(nextHinge(p, 4, 1)).toBe(1);
    expect(nextHinge(p, 1, -1)).toBe(4);
    expect(nextHinge({ ...p, hinges: hinges.slice(2, 4) }, undefined, 1)).toBeUndefined();
  });
});

describe('a stroke', () => {
  it('gives every column on its way a value, in either direction', () => {
    const flat = new Array<number>(11).fill(0);
    const there = drawTo(box, flat, undefined, 0.2, 1);
    expect(there).toEqual({ column: 2, values: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0] });
    const along = drawTo(box, there.values, there.column, 0.6, -1);
    expect(along.values.slice(2, 7)).toEqual([1, 0.5, 0, -0.5, -1]);
    expect(drawTo(box, along.values, 6, 0.5, 9).values[5]).toBe(1.5);
    expect(drawTo({ ...box, drawRange: [-1, 1] }, flat, 3, -7, 9)).toMatchObject({ column: 0 });
  });
});

describe('a folded strip', () => {
  const shape = (folds: number, progress = 1) => ({ folds, progress, gap: 2, before: 4, span: 1 });
  const piece = (place: number, folds: number): number =>
    Math.min(2 ** folds - 1, Math.floor(place * 2 ** folds));
  it('has each layer once', () => {
    for (let folds = 0; folds <= 8; folds++)
      expect([...stackOf(folds)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 2 ** folds }, (_, i) => i),
      );
  });
  it('lies where the tent map says', () => {
    const places = fc.integer({ min: 0, max: 1024 }).map((i) => i / 1024);
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 8 }), (place, folds) => {
        let wanted = place;
        for (let k = 0; k < folds; k++) wanted = tent(wanted);
        const [x, y] = stripPoint(place, piece(place, folds), shape(folds));
        expect(x).toBeCloseTo(wanted, 9);
        expect(y).toBeCloseTo(2 * (stackOf(folds)[piece(place, folds)] ?? NaN), 9);
      }),
    );
  });
  it('begins each fold where the one before has ended', () => {
    for (const place of [0, 0.1, 0.3, 0.55, 0.8, 1]) {
      const before = stripPoint(place, piece(place, 2), { ...shape(2), gap: 4 });
      const after = stripPoint(place, piece(place, 3), shape(3, 0));
      expect(after[0]).toBeCloseTo(before[0], 9);
      expect(after[1]).toBeCloseTo(before[1], 9);
    }
  });
  it('shows the back of every second piece, of the turning half from the middle on', () => {
    expect([0, 1, 2, 3].map((i) => faceDown(i, 1))).toEqual([false, true, false, true]);
    expect([0, 1, 2, 3].map((i) => faceDown(i, 0))).toEqual([false, false, true, true]);
  });
});

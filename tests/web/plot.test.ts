// The drawings' arithmetic: where things stand, which color a value gets, what is under the pointer. Pixels are looked at, not tested.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headOf, strongest, visibleToken } from '../../web/src/plot/attention-map.ts';
import {
  diagramHeight,
  edgeWidth,
  placeUnits,
  segmentDistance,
  shownUnits,
  UNITS_SHOWN,
} from '../../web/src/plot/diagram-layout.ts';
import { valueAt } from '../../web/src/plot/function-plot.ts';
import { heatBox } from '../../web/src/plot/heat-map.ts';
import { axisTicks, dataRange, indexAt, tickLabel, widenRange } from '../../web/src/plot/line-data.ts';
import { fieldIndex } from '../../web/src/plot/marks.ts';
import { addPoint, movePoint, nearest, removePoint } from '../../web/src/plot/points-edit.ts';
import { planePolygon, project } from '../../web/src/plot/space-geometry.ts';
import { surfaceScales } from '../../web/src/plot/surface-paint.ts';
import { wrapText } from '../../web/src/plot/text-stream.ts';
import { largest, signedIndex, themeOf, unsignedIndex } from '../../web/src/plot/theme.ts';

describe('colors of values', () => {
  it('put zero in the middle and clamp at the limits', () => {
    expect(signedIndex(0, 2)).toBe(127.5);
    expect(signedIndex(2, 2)).toBe(255);
    expect(signedIndex(-9, 2)).toBe(0);
    expect(signedIndex(Number.NaN, 2)).toBe(127.5);
    expect(signedIndex(1, 0)).toBe(127.5);
    expect(unsignedIndex(0.5, 1)).toBe(127.5);
    expect(unsignedIndex(-1, 1)).toBe(0);
  });
  it('are symmetric', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (v) => {
        expect(signedIndex(v, 3) + signedIndex(-v, 3)).toBeCloseTo(255, 9);
      }),
    );
  });
  it('place a field between its low, middle and high', () => {
    expect(fieldIndex(0.5, 0, 0.5, 1)).toBe(127.5);
    expect(fieldIndex(0, 0, 0.5, 1)).toBe(0);
    expect(fieldIndex(1, 0, 0.5, 1)).toBe(255);
    expect(fieldIndex(0.5, -1, 0, 3)).toBeCloseTo(127.5 + 127.5 / 6, 9);
    expect(fieldIndex(Number.NaN, 0, 0.5, 1)).toBe(127.5);
  });
  it('find the largest magnitude without infinities', () => {
    expect(largest([1, -3, Infinity, Number.NaN])).toBe(3);
    expect(largest([])).toBe(0);
  });
  it('come from the tokens and mix with the background', () => {
    const tokens: Record<string, string> = {
      '--x2g-bg': '#ffffff',
      '--x2g-positive': '#0b63ce',
      '--x2g-ink': '#000',
    };
    const theme = themeOf({ getPropertyValue: (name) => tokens[name] ?? '' });
    expect(theme.color('positive')).toBe('rgb(11 99 206)');
    expect(theme.color('positive', 0)).toBe('rgb(255 255 255)');
    expect([...theme.signed.subarray(127 * 4, 127 * 4 + 3)].every((c) => c > 250)).toBe(true);
  });
});

describe('a network diagram', () => {
  const layer = (n: number) => ({
    name: '',
    units: Array.from({ length: n }, (_, i) => ({ label: `u${i}` })),
  });
  it('shows every unit of a small layer and the ends of a large one', () => {
    expect(shownUnits(3)).toEqual([0, 1, 2]);
    const many = shownUnits(100);
    expect(many).toHaveLength(UNITS_SHOWN);
    expect(many.filter((u) => u < 0)).toHaveLength(1);
    expect(many.slice(-2)).toEqual([98, 99]);
  });
  it('keeps units inside and apart, whatever the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 300, max: 1100 }), fc.boolean(), (ns, width, numbers) => {
        const layers = ns.map(layer);
        const height = diagramHeight(layers, width, numbers);
        const places = placeUnits(layers, width, height);
        const inside = places.every(
          ({ x, y, radius: r }) => x >= r && x + r <= width && y >= r && y + r <= height,
        );
        const apart = places.every((p, i) =>
          places.slice(i + 1).every((q) => Math.hypot(p.x - q.x, p.y - q.y) > p.radius + q.radius),
        );
        expect({ inside, apart }).toEqual({ inside: true, apart: true });
      }),
    );
  });
  it('draws wider for larger magnitudes and never nothing', () => {
    expect(edgeWidth(0, 1)).toBeGreaterThan(0);
    expect(edgeWidth(-1, 1)).toBe(edgeWidth(1, 1));
    expect(edgeWidth(9, 1)).toBe(7);
    expect(edgeWidth(1, 0)).toBeGreaterThan(0);
  });
  it('measures the distance to a segment, not to its line', () => {
    expect(segmentDistance(0, 5, 0, 0, 10, 0)).toBe(5);
    expect(segmentDistance(-3, 4, 0, 0, 10, 0)).toBe(5);
    expect(segmentDistance(3, 4, 0, 0, 0, 0)).toBe(5);
  });
});

describe('points of a plane', () => {
  const plane = { label: '', x: [-0.5, 1.5] as [number, number], y: [-0.5, 1.5] as [number, number] };
  const s = surfaceScales(400, 400, plane);
  const points = [
    { x: 0, y: 0, label: 0 },
    { x: 1, y: 1, label: 1 },
  ];
  it('are found near the pointer and not farther', () => {
    expect(nearest(points, s, s.x(1) + 5, s.y(1), 18)).toBe(1);
    expect(nearest(points, s, s.x(1) + 30, s.y(1), 18)).toBeUndefined();
  });
  it('are added, moved and removed in new lists', () => {
    const more = addPoint(points, 0.12345, 9, 1, plane);
    expect(more[2]).toEqual({ x: 0.123, y: 1.5, label: 1 });
    expect(movePoint(points, 0, -7, 0.5, plane)[0]).toEqual({ x: -0.5, y: 0.5, label: 0 });
    expect(removePoint(points, 0)).toEqual([points[1]]);
    expect(points).toHaveLength(2);
  });
  it('are not added beyond the most', () => {
    expect(addPoint(points, 0, 0, 1, { ...plane, most: 2 })).toEqual(points);
  });
  it('stand upright: larger y is higher on the screen', () => expect(s.y(1)).toBeLessThan(s.y(0)));
  it('survive a canvas of no size', () => {
    const zero = surfaceScales(0, 0, plane);
    expect(Number.isFinite(zero.x(0.3)) && Number.isFinite(zero.y(0.3))).toBe(true);
  });
});

describe('curves', () => {
  it('have the range of what can be drawn', () => {
    const series = [
      { x: [1, 2, 3], y: [0.5, Number.NaN, -0.3] },
      { x: [2, 40], y: [7, Infinity] },
    ];
    expect(dataRange(series, 'x', false)).toEqual([1, 40]);
    expect(dataRange(series, 'y', false)).toEqual([-0.3, 7]);
    expect(dataRange(series, 'y', true)).toEqual([0.5, 7]);
    expect(dataRange([], 'y', false)).toBeUndefined();
    expect(dataRange([{ x: [5], y: [2] }], 'x', false)).toEqual([5, 6]);
    expect(dataRange([{ x: [5], y: [2] }], 'y', true)).toEqual([0.2, 20]);
  });
  it('have powers of ten as ticks on a logarithmic axis, never too many', () => {
    expect(axisTicks([0.01, 100], true, 9)).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(axisTicks([1e-12, 1], true, 4).length).toBeLessThanOrEqual(5);
    expect(axisTicks([0, 1], true, 4)).toEqual([]);
    expect(axisTicks([0, 1], false, 2.9)).toEqual([0, 0.5, 1]);
    expect([0.001, 0.01, 1, 0, 20000].map(tickLabel)).toEqual(['0.001', '0.01', '1', '0', '20000']);
    expect(tickLabel(1e-7)).toBe('10⁻⁷');
  });
  it('are read at the sample before the pointer', () => {
    const xs = [1, 2, 4, 8];
    expect([0, 1, 3, 8, 99].map((x) => indexAt(xs, x))).toEqual([0, 0, 1, 3, 3]);
    expect(indexAt([], 3)).toBe(0);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.integer(), (list, x) => {
        list.sort((a, b) => a - b);
        const before = list.filter((v) => v <= x).length;
        expect(indexAt(list, x)).toBe(Math.max(0, before - 1));
      }),
    );
  });
  it('have a range of some width that holds them', () => {
    expect(widenRange(null, null, false)).toEqual([0, 1]);
    expect(widenRange(0, 2, false)[0]).toBe(0);
    const flat = widenRange(3, 3, false);
    expect(flat[0]).toBeLessThan(3);
    expect(flat[1]).toBeGreaterThan(3);
    expect(widenRange(0.02, 30, true)).toEqual([0.01, 100]);
    expect(widenRange(0, 1, true)[0]).toBeGreaterThan(0);
  });
  it('are read between their samples', () => {
    const curve = { x: [-1, 0, 2], y: [0, 1, 5] };
    expect(valueAt(curve, 1)).toBe(3);
    expect(valueAt(curve, 2)).toBe(5);
    expect(valueAt(curve, -1)).toBe(0);
    expect(valueAt(curve, 3)).toBeNaN();
    expect(valueAt({ x: [], y: [] }, 0)).toBeNaN();
  });
});

describe('maps', () => {
  it('fit the width with and without names', () => {
    for (const width of [0, 120, 360, 1100]) {
      const box = heatBox(width, { rows: 5, cols: 30, rowNames: ['a long name'], colNames: ['x'] });
      expect(box.left + 30 * box.cell).toBeLessThanOrEqual(Math.max(width, box.left));
      expect(box.cell).toBeGreaterThanOrEqual(0);
    }
  });
  it('take one head out of all', () => {
    const p = {
      label: '',
      tokens: ['a', 'b'],
      layers: 2,
      heads: 2,
      layer: 0,
      head: 0,
      attention: Array.from({ length: 16 }, (_, i) => i),
    };
    expect(headOf(p, 1, 0)).toEqual([8, 9, 10, 11]);
    expect(strongest([0.1, 0.7, 0, 0.2], 3)).toEqual([1, 3, 0]);
  });
  it('make blank tokens visible', () => {
    expect(visibleToken(' a\n')).toBe('␣a↵');
    expect(visibleToken('')).toBe('∅');
  });
});

describe('the turning box', () => {
  it('keeps lengths when it turns', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -7, max: 7, noNaN: true }),
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        (yaw, pitch) => {
          const { x, y, depth } = project({ yaw, pitch }, [1, 0, 1], [0, 1]);
          expect(Math.hypot(x, y, depth)).toBeCloseTo(Math.sqrt(3), 9);
        },
      ),
    );
  });
  it('is cut by a plane in a triangle, a square, a hexagon, or not at all', () => {
    const cut = (w1: number, w2: number, w3: number, b: number) => planePolygon({ w1, w2, w3, b }, [0, 1]);
    expect(cut(1, 1, 1, -0.5)).toHaveLength(3);
    expect(cut(0, 0, 1, -0.5)).toHaveLength(4);
    expect(cut(1, 1, 1, -1.5)).toHaveLength(6);
    expect(cut(1, 1, 1, -9)).toEqual([]);
    expect(cut(0, 0, 0, 0).length === 0 || cut(0, 0, 0, 0).length >= 3).toBe(true);
  });
  it('has its corners in order: neighbours share a face of the cube', () => {
    const corners = planePolygon({ w1: 1, w2: 1, w3: 1, b: -1.5 }, [0, 1]);
    corners.forEach((p, i) => {
      const q = corners[(i + 1) % corners.length] ?? p;
      expect(p.some((v, k) => v === q[k] && (v === 0 || v === 1))).toBe(true);
    });
  });
});

describe('text in a picture', () => {
  it('breaks at the width and at line breaks', () => {
    expect(wrapText('abcdef\ngh', (line) => line.length, 4)).toEqual(['abcd', 'ef', 'gh']);
    expect(wrapText('', (line) => line.length, 4)).toEqual(['']);
  });
});

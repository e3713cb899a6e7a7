// Numbers as text, colors mixed in OKLab, scales, ticks and clipped lines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipLine,
  contrast,
  formatBytes,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  formatSeconds,
  fromOklab,
  linear,
  mix,
  parseColor,
  parseNumber,
  ramp,
  ticks,
  tickText,
  toOklab,
  type Rgb,
} from '../../web/src/math/index.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0.00'],
    [-0, '0.00'],
    [1, '1.00'],
    [-0.5, '−0.500'],
    [12.345, '12.3'],
    [123456, '123456'],
    [999.6, '1000'],
    [9.995, '9.99'],
    [9.996, '10.0'],
    [0.00012345, '0.000123'],
    [0.0000123, '1.23×10⁻⁵'],
    [-4.5e9, '−4.50×10⁹'],
    [Number.NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('%d is written %s', (value, text) => expect(formatNumber(value)).toBe(text));
  it('keeps the wanted digits of any number and never uses the hyphen', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e300, max: 1e300, noNaN: true }),
        fc.integer({ min: 2, max: 6 }),
        (x, digits) => {
          const text = formatNumber(x, digits);
          expect(text).not.toContain('-');
          const exponent = [...(text.split('×10')[1] ?? '')]
            .map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))
            .map((d) => (d < 0 ? '-' : String(d)))
            .join('');
          const back = Number((text.split('×')[0] ?? '').replace('−', '-')) * 10 ** Number(exponent || 0);
          expect(Math.abs(back - x)).toBeLessThanOrEqual(Math.abs(x) * 0.51 * 10 ** (1 - digits) + 1e-320);
        },
      ),
    );
  });
});

describe('other figures', () => {
  it('have fixed decimals and width', () => {
    expect(formatFixed(-0.0001, 2)).toBe('0.00');
    expect(formatFixed(-1.5, 1, 6)).toBe('\u2007\u2007−1.5');
    expect(formatFixed(Number.NaN, 1, 4)).toBe('\u2007NaN');
  });
  it('group counts, bytes, seconds and shares', () => {
    expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
    expect(formatCount(-1000)).toBe('−1\u202f000');
    expect(formatBytes(999)).toBe('999\u00a0B');
    expect(formatBytes(1_234_567)).toBe('1.23\u00a0MB');
    expect(formatSeconds(185)).toBe('3\u00a0min 05\u00a0s');
    expect(formatSeconds(59.7)).toBe('60\u00a0s');
    expect(formatPercent(0.1234)).toBe('12.3\u00a0%');
  });
  it('are read back as readers type them', () => {
    expect(parseNumber('−1.5e2')).toBe(-150);
    expect(parseNumber(' ３．５ ')).toBe(3.5);
    expect(parseNumber('-1/4')).toBe(-0.25);
    for (const text of ['', '1/2/3', '1,5', '0x10', 'NaN', 'Infinity', '1e'])
      expect(parseNumber(text)).toBeNaN();
  });
});

const channel = fc.integer({ min: 0, max: 255 });
const color = fc.tuple(channel, channel, channel) as fc.Arbitrary<Rgb>;

describe('OKLab', () => {
  it('knows white, black and the published red', () => {
    expect(toOklab([255, 255, 255])[0]).toBeCloseTo(1, 4);
    expect(toOklab([0, 0, 0])[0]).toBeCloseTo(0, 6);
    const [L, a, b] = toOklab([255, 0, 0]); // Ottosson: 0.62796, 0.22486, 0.12585
    expect(L).toBeCloseTo(0.62796, 4);
    expect(a).toBeCloseTo(0.22486, 4);
    expect(b).toBeCloseTo(0.12585, 4);
  });
  it('comes back to the same byte', () => {
    fc.assert(fc.property(color, (c) => void expect(fromOklab(toOklab(c))).toEqual([...c])));
  });
  it('mixes evenly: lightness rises by equal steps', () => {
    const at = (u: number): number => toOklab(mix([0, 0, 0], [255, 255, 255], u))[0];
    for (let i = 1; i < 10; i++) expect(at(i / 10) - at((i - 1) / 10)).toBeCloseTo(0.1, 1);
  });
  it('keeps the ends and the middle of a signed ramp', () => {
    const bg: Rgb = [23, 24, 28];
    const colors = ramp([[255, 166, 87], bg, [108, 178, 255]], 255);
    expect([...colors.subarray(0, 3)]).toEqual([255, 166, 87]);
    expect([...colors.subarray(127 * 4, 127 * 4 + 3)]).toEqual([...bg]);
    expect([...colors.subarray(254 * 4, 254 * 4 + 3)]).toEqual([108, 178, 255]);
  });
  it('reads colors as CSS writes them', () => {
    expect(parseColor(' #0b63ce')).toEqual([11, 99, 206]);
    expect(parseColor('#fff')).toEqual([255, 255, 255]);
    expect(parseColor('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
    expect(parseColor('rgb(1 2 3 / 45%)')).toEqual([1, 2, 3]);
    for (const text of ['', 'red', '#12', 'var(--x)']) expect(parseColor(text)).toBeUndefined();
  });
  it('measures contrast as WCAG does', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    expect(contrast([255, 255, 255], [119, 119, 119])).toBeCloseTo(4.48, 2);
  });
});

describe('scales', () => {
  it('go there and back', () => {
    const s = linear([-1, 3], [100, 0]);
    expect(s(1)).toBe(50);
    expect(s.invert(50)).toBe(1);
    expect(linear([2, 2], [0, 10])(7)).toBe(5);
  });
  it('tick at round values inside the range', () => {
    expect(ticks(-0.5, 1.5, 4)).toEqual([-0.5, 0, 0.5, 1, 1.5]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(1, 1)).toEqual([]);
    expect(ticks(Number.NaN, 1)).toEqual([]);
    expect(tickText(-0.1)).toBe('−0.1');
  });
  it('give up where steps cannot be counted', () => {
    expect(ticks(1e12, 1e12 + 1e-6)).toEqual([]);
    expect(ticks(1e16, 1e16 + 2, 12)).toEqual([]);
    expect(ticks(0, 5e-324)).toEqual([]);
    expect(ticks(0, 1e300).length).toBeGreaterThan(2);
  });
  it('never tick outside or without end', () => {
    const finite = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        finite,
        fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (low, span, n) => {
          const high = low + span;
          const list = ticks(low, high, n);
          expect(list.length).toBeLessThanOrEqual(3 * n + 3);
          const slack = (high - low) * 1e-6 + Math.abs(low) * 1e-9;
          for (const v of list) expect(v >= low - slack && v <= high + slack).toBe(true);
        },
      ),
    );
  });
});

describe('a line in a box', () => {
  const box = [
    [-0.5, 1.5],
    [-0.5, 1.5],
  ] as const;
  it('is cut at the edges', () => {
    expect(clipLine(1, 1, -1.5, ...box)).toEqual([
      [0, 1.5],
      [1.5, 0],
    ]);
    expect(clipLine(0, 2, 0, ...box)).toEqual([
      [-0.5, 0],
      [1.5, 0],
    ]);
  });
  it('is nothing when it misses the box, has no direction, or is not finite', () => {
    expect(clipLine(1, 0, 5, ...box)).toBeUndefined();
    expect(clipLine(0, 0, 1, ...box)).toBeUndefined();
    expect(clipLine(Number.NaN, 1, 0, ...box)).toBeUndefined();
  });
  it('has its ends on the line and in the box', () => {
    const w = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(w, w, w, (w1, w2, b) => {
        for (const [x, y] of clipLine(w1, w2, b, ...box) ?? []) {
          expect(Math.abs(w1 * x + w2 * y + b)).toBeLessThan(1e-6);
          expect(Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5))).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    );
  });
});

/**
 * Scales and ticks for axes: linear maps, their inverses, and round tick values. Pure numbers, no drawing.
 */
export interface Scale {
  (value: number): number;
  invert(position: number): number;
}

/** domain -> range, linear; a domain of width 0 maps to the middle of the range. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const width = domain[1] - domain[0];
  const span = range[1] - range[0];
  const scale = (value: number): number =>
    width === 0 ? range[0] + span / 2 : range[0] + ((value - domain[0]) / width) * span;
  return Object.assign(scale, {
    invert: (position: number): number =>
      span === 0 ? domain[0] + width / 2 : domain[0] + ((position - range[0]) / span) * width,
  });
}

/** Round values (1, 2, 5 × 10ⁿ apart) inside [low, high], about `count` of them. */
export function ticks(low: number, high: number, count = 5): number[] {
  if (!(high > low) || !Number.isFinite(high - low) || count < 1) return [];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? power * 10;
  // So far from 0, or so near to it, that whole numbers of steps cannot be counted: no ticks rather than wrong ones.
  if (!(step > 1e-100) || Math.max(-low, high) / step > 2 ** 50) return [];
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(low / step - 1e-9);
  const out: number[] = [];
  for (let k = first; k * step <= high + step * 1e-9 && k <= first + 10 * count; k++) {
    const value = Number((k * step).toFixed(decimals));
    out.push(value === 0 ? 0 : value);
  }
  return out;
}

/** A tick as short text with the true minus sign. */
export const tickText = (value: number): string =>
  String(Number(value.toPrecision(6))).replace('-', '\u2212');

/** The segment of w1·x + w2·y + b = 0 inside a box, or undefined when the line misses it (or w1 = w2 = 0). */
export function clipLine(
  w1: number,
  w2: number,
  b: number,
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
): [[number, number], [number, number]] | undefined {
  const hits: [number, number][] = [];
  const add = (x: number, y: number): void => {
    if (![x, y].every(Number.isFinite)) return;
    const slack = 1e-9 * (Math.abs(x1 - x0) + Math.abs(y1 - y0));
    if (x < x0 - slack || x > x1 + slack || y < y0 - slack || y > y1 + slack) return;
    if (!hits.some(([p, q]) => Math.abs(p - x) + Math.abs(q - y) <= slack * 10)) hits.push([x || 0, y || 0]); // no -0
  };
  if (w2 !== 0) {
    add(x0, -(w1 * x0 + b) / w2);
    add(x1, -(w1 * x1 + b) / w2);
  }
  if (w1 !== 0) {
    add(-(w2 * y0 + b) / w1, y0);
    add(-(w2 * y1 + b) / w1, y1);
  }
  const [first, second] = hits.sort((p, q) => p[0] - q[0] || p[1] - q[1]); // left end first: names stay put while it turns
  return first && second ? [first, second] : undefined;
}

/**
 * Colors mixed in OKLab (Björn Ottosson, 2020), so that equal steps of a value look like equal steps of color.
 * Works on 8-bit sRGB triples; the colors themselves come from tokens.css, never from here.
 */
export type Rgb = readonly [number, number, number];
export type Lab = readonly [number, number, number];

const toLinear = (c: number): number => {
  const u = c / 255;
  return u <= 0.04045 ? u / 12.92 : ((u + 0.055) / 1.055) ** 2.4;
};
const toByte = (u: number): number => {
  const v = u <= 0.0031308 ? 12.92 * u : 1.055 * u ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, Math.round(v * 255)));
};

export function toOklab([r8, g8, b8]: Rgb): Lab {
  const [r, g, b] = [toLinear(r8), toLinear(g8), toLinear(b8)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function fromOklab([L, a, b]: Lab): Rgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The color a share `u` (0…1) of the way from `from` to `to`. */
export function mix(from: Rgb, to: Rgb, u: number): Rgb {
  if (u <= 0) return from;
  if (u >= 1) return to;
  const p = toOklab(from);
  const q = toOklab(to);
  return fromOklab([p[0] + (q[0] - p[0]) * u, p[1] + (q[1] - p[1]) * u, p[2] + (q[2] - p[2]) * u]);
}

/** #rgb, #rrggbb or rgb(r, g, b[, a]) as a triple; undefined for anything else. */
export function parseColor(text: string): Rgb | undefined {
  const color = text.trim();
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/iu.exec(color)?.[1];
  if (hex) {
    const wide = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex;
    return [0, 2, 4].map((i) => Number.parseInt(wide.slice(i, i + 2), 16)) as unknown as Rgb;
  }
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/iu.exec(color);
  return rgb ? [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])] : undefined;
}

export const cssColor = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** A ramp of `steps` colors, first to last, even in OKLab; with three stops the middle one stands in the middle. */
export function ramp(stops: readonly Rgb[], steps = 256): Uint8ClampedArray {
  const out = new Uint8ClampedArray(steps * 4);
  for (let i = 0; i < steps; i++) {
    const at = steps === 1 ? 0 : (i / (steps - 1)) * (stops.length - 1);
    const k = Math.min(Math.floor(at), stops.length - 2);
    const a = stops[Math.max(0, k)] ?? [0, 0, 0];
    const b = stops[Math.max(0, k) + 1] ?? a;
    out.set([...mix(a, b, at - k), 255], i * 4);
  }
  return out;
}

/** Relative luminance contrast of two colors (WCAG 2). */
export function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([r, g, bl]: Rgb): number =>
    0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(bl);
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

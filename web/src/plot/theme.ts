/**
 * The colors of the moment, read from the tokens that reach an element. A canvas cannot inherit; this is its way to the theme.
 */
import { mix, parseColor, ramp, cssColor, type Rgb } from '../math/oklab.ts';
import type { Role } from './types.ts';

const ROLES = [
  'positive',
  'negative',
  'query',
  'key',
  'value',
  'train',
  'valid',
  'gradient',
  'ink',
  'muted',
  'accent',
  'line',
  'bg',
  'surface',
] as const;
type Name = (typeof ROLES)[number];

export interface PlotTheme {
  rgb: Readonly<Record<Name, Rgb>>;
  font: string;
  /** The color as CSS text, optionally a share of the way from the background (0…1). */
  color(role: Role | 'bg' | 'surface', strength?: number): string;
  /** 256 colors negative → background → positive. */
  signed: Uint8ClampedArray;
  /** 256 colors background → query. */
  unsigned: Uint8ClampedArray;
}

const cache = new Map<string, PlotTheme>();

export function themeOf(style: Pick<CSSStyleDeclaration, 'getPropertyValue'>): PlotTheme {
  const texts = ROLES.map((role) => style.getPropertyValue(`--x2g-${role}`).trim());
  const font = style.getPropertyValue('--x2g-font').trim() || 'sans-serif';
  const key = [...texts, font].join('|');
  const known = cache.get(key);
  if (known) return known;
  const rgb = Object.fromEntries(
    ROLES.map((role, i) => [role, parseColor(texts[i] ?? '') ?? ([128, 128, 128] as const)]),
  ) as Record<Name, Rgb>;
  const theme: PlotTheme = {
    rgb,
    font,
    color: (role, strength = 1) => cssColor(mix(rgb.bg, rgb[role], strength)),
    signed: ramp([rgb.negative, rgb.bg, rgb.positive]),
    unsigned: ramp([rgb.bg, rgb.query]),
  };
  if (cache.size > 8) cache.clear();
  cache.set(key, theme);
  return theme;
}

/** Index 0…255 of a value on a signed ramp: -limit → 0, 0 → the middle, +limit → 255. NaN is the middle. */
export function signedIndex(value: number, limit: number): number {
  if (!(limit > 0) || Number.isNaN(value)) return 127.5;
  return Math.min(255, Math.max(0, (value / limit) * 127.5 + 127.5));
}
/** Index 0…255 of a value on an unsigned ramp. */
export function unsignedIndex(value: number, limit: number): number {
  if (!(limit > 0) || Number.isNaN(value)) return 0;
  return Math.min(255, Math.max(0, (value / limit) * 255));
}
/** The largest magnitude in a list; 0 for none. */
export function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const v = Math.abs(data[i] ?? 0);
    if (v > most && v !== Infinity) most = v;
  }
  return most;
}
/** Black-or-white question for a text on a filled cell: the theme's ink or its background, whichever is read better. */
export function textOn(fill: Rgb, theme: PlotTheme): string {
  const lightness = ([r, g, b]: Rgb): number => 0.3 * r + 0.59 * g + 0.11 * b;
  const f = lightness(fill);
  return Math.abs(f - lightness(theme.rgb.ink)) > Math.abs(f - lightness(theme.rgb.bg))
    ? theme.color('ink')
    : theme.color('bg');
}
export const rampColor = (colors: Uint8ClampedArray, index: number): Rgb => {
  const i = Math.round(index) * 4;
  return [colors[i] ?? 0, colors[i + 1] ?? 0, colors[i + 2] ?? 0];
};

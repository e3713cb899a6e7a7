/**
 * Numbers as the reader sees them: few significant digits, the true minus sign (U+2212), the same width whatever the value.
 * Only text: nothing here rounds what the core computes with.
 */
const MINUS = '\u2212';
const FIGURE_SPACE = '\u2007';
const SUPERSCRIPT = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

const superscript = (n: number): string =>
  (n < 0 ? '⁻' : '') + [...String(Math.abs(n))].map((d) => SUPERSCRIPT[Number(d)] ?? d).join('');

/** `digits` significant digits; 1.23×10⁻⁷ outside 10⁻⁴ … 10⁶. NaN and infinities are said as such. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return (0).toFixed(digits - 1);
  const magnitude = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  const exponent = Number(magnitude.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= 6) {
    const [mantissa = ''] = magnitude.toExponential(digits - 1).split('e');
    return `${sign}${mantissa}×10${superscript(exponent)}`;
  }
  return sign + magnitude.toFixed(Math.max(0, digits - 1 - exponent));
}

/** A fixed number of decimals, padded on the left with figure spaces to `width` characters: columns stay in line. */
export function formatFixed(value: number, decimals = 3, width = 0): string {
  if (!Number.isFinite(value)) return formatNumber(value).padStart(width, FIGURE_SPACE);
  const text = Math.abs(value).toFixed(decimals);
  const negative = value < 0 && Number(text) !== 0;
  return ((negative ? MINUS : '') + text).padStart(width, FIGURE_SPACE);
}

/** Pads any text to `width` with figure spaces (as wide as a digit in tabular figures). */
export const padFigure = (text: string, width: number): string => text.padStart(width, FIGURE_SPACE);

/** Whole numbers with thin groups of three: 1 234 567. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const text = String(Math.round(Math.abs(value))).replace(/\B(?=(?:\d{3})+$)/gu, '\u202f');
  return (value < 0 && text !== '0' ? MINUS : '') + text;
}

/** Bytes in decimal units, 3 digits: 1.23 MB. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return formatNumber(bytes);
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 ? String(Math.round(value)) : formatNumber(value);
  return `${text}\u00a0${units[unit] ?? 'B'}`;
}

/** Seconds as the reader counts them: 0.42 s, 12 s, 3 min 05 s. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatNumber(seconds);
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)}\u00a0s`;
  if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}\u00a0min ${String(whole % 60).padStart(2, '0')}\u00a0s`;
}

/** A share as percent: 0.1234 -> 12.3 %. */
export const formatPercent = (share: number, digits = 3): string =>
  `${formatNumber(share * 100, digits)}\u00a0%`;

/** A number as a reader types it: either minus sign, full-width digits, a fraction a/b. NaN when it is none. */
export function parseNumber(text: string): number {
  const plain = text.normalize('NFKC').replaceAll(MINUS, '-').replaceAll(/\s/gu, '');
  const number = (part: string): number =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(part) ? Number(part) : Number.NaN;
  const [a = '', b, ...rest] = plain.split('/');
  if (b === undefined) return number(a);
  return rest.length > 0 ? Number.NaN : number(a) / number(b);
}

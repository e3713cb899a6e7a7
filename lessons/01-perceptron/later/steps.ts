/**
 * The last look of lesson 1 written out: the sum, and what each number becomes, as terms that light up with the weights of the neuron.
 * Fetched with the first look. All numbers are the core's trace.
 */
import type { TemplateResult } from '@x2g/web/elements';
import { workedView, type Factor, type Line, type Looking } from '@x2g/web/worked';
import type { Part } from '../parts.ts';
import { short, type Look } from '../trace.ts';

interface Standing extends Looking {
  last: Look;
  part: Part;
  rate: number;
}

const low = (i: number): string => ['₁', '₂', '₃'][i] ?? '';

/** s = w₁x₁ + … + b; after a mistake, w₁ ← w₁ + η e x₁ and so on, once the update is shown. */
export function lines_of(
  { x, before, after, sum, error }: Look,
  rate: number,
  part: Part = 'update',
): Line[] {
  const input = (i: number): Factor => ({
    text: `x${low(i)}`,
    value: x[i] ?? NaN,
    mark: { layer: 0, unit: i },
  });
  const number = (i: number): Factor => {
    const bias = i === x.length;
    const mark = { layer: 1, unit: 0, input: bias ? -1 : i };
    return { text: bias ? 'b' : `w${low(i)}`, value: before[i] ?? NaN, mark };
  };
  const line = (of: Factor, products: Factor[][]): Line => ({
    of,
    around: '#',
    sum: products,
    more: 0,
    each: false,
  });
  const all = before.map((_, i) => (i === x.length ? [number(i)] : [number(i), input(i)]));
  const total = line({ text: 's', value: sum, mark: { layer: 1, unit: 0 } }, all);
  if (error === 0 || part !== 'update') return [total];
  const step: Factor[] = [
    { text: 'η', value: rate },
    { text: 'e', value: error },
  ];
  const updates = after.map((value, i) =>
    line({ ...number(i), text: `${number(i).text} ←`, value }, [
      [number(i)],
      i === x.length ? step : [...step, input(i)],
    ]),
  );
  return [total, ...updates];
}

export const written = ({ last, part, rate, lang, looked, look }: Standing): TemplateResult =>
  workedView({
    work: { phase: 'forward', op: 's', lines: lines_of(last, rate, part) },
    lang,
    example: '',
    format: short,
    looked,
    look,
  });

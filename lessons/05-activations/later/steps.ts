/**
 * How lesson 5 writes a step out, op by op, for one point and one unit of each hidden layer. Fetched with the first step that is smaller
 * than a training step.
 */
import type { TemplateResult } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { workedView, workOf, type Standing } from '@x2g/web/worked';
import type { Values } from '../model.ts';

export function written({ report, info, opt, lang, looked, look }: Standing<Values>): {
  lines: TemplateResult;
} {
  const one = opt.examples === 'one';
  const row = one ? 0 : opt.row - 1; // of the batch
  const number = one ? (report.examples?.[0] ?? 0) : row; // of all points
  const work = workOf({
    report,
    info,
    hidden: opt.f,
    output: 'sigmoid',
    lr: opt.lr,
    row,
    unit: opt.unit - 1,
    name: (layer, unit) =>
      layer === 0
        ? (['x₁', 'x₂'][unit] ?? '')
        : layer === 3
          ? 'y'
          : `${['h₁', 'h₂'][layer - 1]}[${unit + 1}]`,
  });
  const [a = NaN, b = NaN] = (report.views['value x']?.['x']?.data ?? []).slice(2 * row, 2 * row + 2);
  const t = report.views['value t']?.['t']?.data[row] ?? NaN;
  const point = `(${formatNumber(a)}, ${formatNumber(b)}) → ${t}`;
  const example = {
    en: `point ${number + 1} of 200: ${point}, unit ${opt.unit} of 12`,
    ja: `200点中の${number + 1}番目：${point}、12個中の${opt.unit}番目のユニット`,
  }[lang];
  return { lines: workedView({ work, lang, example, looked, look }) };
}

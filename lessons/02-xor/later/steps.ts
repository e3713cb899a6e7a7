/**
 * How lesson 2 writes a step out, op by op: the lines, the row that they are about, what lights up in the network. Fetched with the first
 * step that is smaller than a training step.
 */
import type { TemplateResult } from '@x2g/web/elements';
import type { DiagramProps } from '@x2g/web/plot';
import { workedView, workOf, type Standing } from '@x2g/web/worked';
import { xor } from '../hand.ts';
import type { Values } from '../model.ts';

export interface Written {
  lines: TemplateResult;
  /** Row of XOR, 0 to 3. */
  row: number;
  pointed: Pick<DiagramProps, 'marked' | 'onLook'>;
}

export function written({ report, info, opt, lang, looked, look }: Standing<Values>): Written {
  const one = opt.examples === 'one';
  const row = (one ? report.examples?.[0] : opt.row - 1) ?? 0;
  const work = workOf({
    report,
    info,
    hidden: opt.act,
    output: opt.act === 'step' ? 'step' : 'sigmoid',
    lr: opt.lr,
    row: one ? 0 : row,
    unit: 0,
    name: (layer, unit) =>
      layer === 0 ? (['x₁', 'x₂'][unit] ?? '') : layer === 1 && opt.hidden > 0 ? `h${unit + 1}` : 'y',
  });
  const point = `(${xor.x[2 * row]}, ${xor.x[2 * row + 1]}) → ${xor.t[row]}`;
  const example = { en: `row ${row + 1} of 4: ${point}`, ja: `4行中の${row + 1}行目：${point}` }[lang];
  const made = work?.lines.flatMap((line) => line.of.mark ?? []) ?? [];
  return {
    lines: workedView({ work, lang, example, looked, look }),
    row,
    pointed: { marked: looked ? [looked] : made, onLook: look },
  };
}

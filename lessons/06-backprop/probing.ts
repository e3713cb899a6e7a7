/**
 * Is the gradient right? One weight, judged by the core in double precision: the chain rule beside the difference of two losses,
 * and what a nudge of 0.001 was predicted to do beside what it did.
 */
import { html, nothing, type Lang, type TemplateResult } from '@x2g/web/elements';
import type { GradientCheck, Session } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { label } from './chain.ts';

export const NUDGE = 0.001;

export interface Probe {
  name: string;
  index: number;
  /** Elements of the tensor. */
  size: number;
  /** Nudged by 10⁻⁵ either way. */
  check: GradientCheck;
  /** Nudged by NUDGE. */
  nudge: GradientCheck;
}

export async function probe(session: Session, name: string, index: number, size: number): Promise<Probe> {
  const check = await session.checkGradient(name, index);
  return { name, index, size, check, nudge: await session.checkGradient(name, index, NUDGE) };
}

/** What a nudge changes: by the slope, and in fact. */
export const predicted = ({ nudge }: Probe): number => NUDGE * nudge.analytic;
export const happened = ({ nudge }: Probe): number => nudge.above - nudge.loss;

/** Whether a gradient agrees with the central difference: four digits. */
export const agrees = (gradient: number, { check }: Probe): boolean =>
  Math.abs(gradient - check.numeric) <= 1e-4 * Math.max(1e-6, Math.abs(check.numeric));

const words = {
  title: { en: 'Gradient check: ', ja: '勾配の検算：' },
  chain: { en: 'by the chain rule', ja: '連鎖律' },
  wrong: { en: 'by the chain rule, with the mistake', ja: '連鎖律（間違いあり）' },
  central: { en: 'by nudging: (L₊ − L₋) / 2h', ja: '差分：(L₊ − L₋) / 2h' },
  error: { en: 'relative error', ja: '相対誤差' },
  by: { en: ' raised by 0.001 changes ', ja: 'を0.001増やしたときの変化：' },
  predicted: { en: 'predicted', ja: '予測' },
  real: { en: 'in fact', ja: '実際' },
  agree: { en: 'They agree.', ja: '一致しています。' },
  differ: { en: 'They do not agree: this gradient is wrong.', ja: '一致しません。この勾配は間違いです。' },
};

/** `mistaken`: what the present mistake makes of this gradient. */
export function probe_table(
  p: Probe | undefined,
  mistaken: number | undefined,
  loss: string,
  lang: Lang,
): TemplateResult {
  if (!p)
    return html`
      <div class="tile probe"></div>
    `;
  const t = (name: keyof typeof words): string => words[name][lang];
  const element = p.size > 1 ? `[${p.index}]` : '';
  const what = `∂${label(loss)}/∂${label(p.name)}${element}`;
  const error =
    mistaken === undefined
      ? p.check.relativeError
      : Math.abs(mistaken - p.check.numeric) / Math.max(1e-8, Math.abs(mistaken) + Math.abs(p.check.numeric));
  const right = mistaken === undefined ? p.check.relativeError < 1e-4 : agrees(mistaken, p);
  const row = (name: string, value: string, kind = '') => html`
    <tr>
      <th scope="row">${name}</th>
      <td class=${`figure ${kind}`}>${value}</td>
    </tr>
  `;
  return html`
    <div class="tile probe" data-x2g="probe">
      <table>
        <caption>${t('title')}${what}</caption>
        <tbody>
          ${row(t('chain'), formatNumber(p.check.analytic, 6), 'gradient')}
          ${mistaken === undefined ? nothing : row(t('wrong'), formatNumber(mistaken, 6), 'gradient')}
          ${row(t('central'), formatNumber(p.check.numeric, 6))} ${row(t('error'), formatNumber(error, 2))}
        </tbody>
        <tbody>
          <tr>
            <th scope="rowgroup" colspan="2" class="by">
              ${label(p.name)}${element}${t('by')}${label(loss)}
            </th>
          </tr>
          ${row(t('predicted'), formatNumber(mistaken === undefined ? predicted(p) : NUDGE * mistaken, 4), 'gradient')}
          ${row(t('real'), formatNumber(happened(p), 4))}
        </tbody>
      </table>
      <p class="verdict" ?data-ok=${right}><strong>${t(right ? 'agree' : 'differ')}</strong></p>
    </div>
  `;
}

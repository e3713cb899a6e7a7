/**
 * The text twins of lesson 7's picture: the ten outputs, and accuracy digit by digit. Shows numbers, computes none.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import { formatFixed, formatPercent } from '@x2g/web/math';
import { CLASSES } from './data.ts';
import { DIGIT_NAMES } from './pictures.ts';
import type { Watching } from './watching.ts';

export function number_tables({ look, held }: Watching, lang: Lang) {
  const sum = (row: number): number =>
    held ? DIGIT_NAMES.reduce((n, _, c) => n + (held.counts[row * CLASSES + c] ?? 0), 0) : 0;
  return html`
    <div
      class="scroll"
      tabindex="0"
      role="group"
      aria-label=${t({ en: 'Outputs and accuracy by digit', ja: '数字ごとの出力と正解率' }, lang)}
    >
      <table>
        <caption>
          ${t({ en: 'Output for the digit on the pad, and unseen digits read right', ja: 'パッドの数字への出力と、見ていない数字の正解数' }, lang)}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t({ en: 'digit', ja: '数字' }, lang)}</th>
            <th scope="col">y</th>
            <th scope="col">${t({ en: 'right', ja: '正解' }, lang)}</th>
            <th scope="col">${t({ en: 'of', ja: '枚数' }, lang)}</th>
            <th scope="col">%</th>
          </tr>
        </thead>
        <tbody>
          ${DIGIT_NAMES.map((name, k) => {
            const right = held?.counts[k * CLASSES + k] ?? 0;
            const all = sum(k);
            return html`
              <tr>
                <th scope="row">${name}</th>
                <td class="figure">${look ? formatFixed(look.y[k] ?? Number.NaN, 4) : '–'}</td>
                <td class="figure">${right}</td>
                <td class="figure">${all}</td>
                <td class="figure">${all > 0 ? formatPercent(right / all) : nothing}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}

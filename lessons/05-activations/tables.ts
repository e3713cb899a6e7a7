/**
 * The curves as a table: range, zero-centered or not, value and slope at the slider's input.
 */
import { html, type Lang } from '@x2g/web/elements';
import type { ActivationName } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import type { Kind } from './model.ts';

const words = {
  en: { name: 'function', range: 'range', centered: 'zero-centered', yes: 'yes', no: 'no' },
  ja: { name: '関数', range: '値の範囲', centered: '0が中心', yes: 'はい', no: 'いいえ' },
};

export function value_table(
  kinds: Kind[],
  at: Map<ActivationName, { y: number; dy: number }> | undefined,
  lang: Lang,
) {
  const w = words[lang];
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${w.name}</th>
          <th scope="col">${w.range}</th>
          <th scope="col">${w.centered}</th>
          <th scope="col">f(x)</th>
          <th scope="col">f′(x)</th>
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          (k) => html`
            <tr>
              <th scope="row">${k[lang]}</th>
              <td class="figure">${k.range}</td>
              <td>${k.centered ? w.yes : w.no}</td>
              <td class="figure">${formatNumber(at?.get(k.id)?.y ?? NaN)}</td>
              <td class="figure">${formatNumber(at?.get(k.id)?.dy ?? NaN)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/**
 * The picture's text twin in the panel "Numbers": every unit with its weight, bias, hinge, height and bend. Shows numbers, computes none but b/w.
 */
import { html, type Lang, type TemplateResult } from '@x2g/web/elements';
import { formatFixed } from '@x2g/web/math';
import { bend, place, type Weights } from './hinges.ts';

const words = {
  en: {
    caption: 'The units, y = c + Σ v f(w x + b)',
    unit: 'unit',
    hinge: 'hinge −b/w',
    height: 'height v',
    bend: 'bend v·|w|',
  },
  ja: {
    caption: 'ユニットの一覧。y = c + Σ v f(w x + b)',
    unit: 'ユニット',
    hinge: '折れ目 −b/w',
    height: '高さ v',
    bend: '折れ方 v·|w|',
  },
};
const cell = (value: number | undefined): TemplateResult => html`
  <td class="figure">${formatFixed(value ?? NaN, 3, 8)}</td>
`;

export function unit_table({ W1, b1, W2, b2 }: Weights, lang: Lang): TemplateResult {
  const w = words[lang];
  return html`
    <table>
      <caption>${w.caption}</caption>
      <thead>
        <tr>
          <th scope="col">${w.unit}</th>
          <th scope="col">w</th>
          <th scope="col">b</th>
          <th scope="col">${w.hinge}</th>
          <th scope="col">${w.height}</th>
          <th scope="col">${w.bend}</th>
        </tr>
      </thead>
      <tbody>
        ${Array.from(W1, (weight, j) => {
          const v = W2[j] ?? NaN;
          return html`
            <tr>
              <th scope="row">h${j + 1}</th>
              ${cell(weight)}${cell(b1[j])}${cell(place(weight, b1[j] ?? NaN))}${cell(v)}${cell(bend(weight, v))}
            </tr>
          `;
        })}
        <tr>
          <th scope="row">c</th>
          ${cell(b2[0])}
          <td colspan="4"></td>
        </tr>
      </tbody>
    </table>
  `;
}

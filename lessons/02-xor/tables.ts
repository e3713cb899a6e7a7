/**
 * The truth table with the values of every unit. Shows numbers, computes none; the weights stand in later/weights.ts.
 */
import { html, type Lang, type TemplateResult } from '@x2g/web/elements';
import { formatFixed } from '@x2g/web/math';
import { xor } from './hand.ts';

const words = {
  en: {
    truth: 'Truth table, live',
    right: 'right?',
    yes: 'yes',
    no: 'no',
  },
  ja: {
    truth: '真理値表（いまの値）',
    right: '正誤',
    yes: '○',
    no: '×',
  },
};
const unit = (j: number): string => `h${j + 1}`;
export const figure = (value: number | undefined, decimals: number): TemplateResult => html`
  <td class="figure">${formatFixed(value ?? Number.NaN, decimals, decimals + 3)}</td>
`;

/** y (4), h (4, units), rows in counting order. A row is right when y is on its target's side of one half. */
export function truth_table(
  y: ArrayLike<number>,
  h: ArrayLike<number>,
  units: number,
  lang: Lang,
): TemplateResult {
  const w = words[lang];
  const columns = Array.from({ length: units }, (_, j) => j);
  return html`
    <div class="tile scroll" tabindex="0" role="group" aria-label=${w.truth}>
      <table class="truth">
        <caption>${w.truth}</caption>
        <thead>
          <tr>
            <th scope="col">x₁</th>
            <th scope="col">x₂</th>
            ${columns.map(
              (j) => html`
                <th scope="col">${unit(j)}</th>
              `,
            )}
            <th scope="col">y</th>
            <th scope="col">t</th>
            <th scope="col">${w.right}</th>
          </tr>
        </thead>
        <tbody>
          ${xor.t.map((t, i) => {
            const value = y[i] ?? 0.5;
            const right = value !== 0.5 && value > 0.5 === (t === 1);
            return html`
              <tr>
                <td>${xor.x[2 * i]}</td>
                <td>${xor.x[2 * i + 1]}</td>
                ${columns.map((j) => figure(h[i * units + j], 2))} ${figure(y[i], 2)}
                <td>${t}</td>
                <td>${right ? w.yes : w.no}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}

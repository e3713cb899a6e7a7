/**
 * The picture's text twins: the truth table with the values of every unit, and the weights with their shapes. Shows numbers, computes none.
 */
import { html, type Lang, type Report, type TemplateResult } from '@x2g/web/elements';
import { formatFixed } from '@x2g/web/math';
import { xor } from './hand.ts';

type Tensor = NonNullable<Report['views'][string]>[string];

const words = {
  en: {
    truth: 'Truth table, live',
    right: 'right?',
    yes: 'yes',
    no: 'no',
    weights: 'Weights and biases; shapes are (units, inputs)',
  },
  ja: {
    truth: '真理値表（いまの値）',
    right: '正誤',
    yes: '○',
    no: '×',
    weights: '重みとバイアス。形は（ユニット, 入力）',
  },
};
const unit = (j: number): string => `h${j + 1}`;
const figure = (value: number | undefined, decimals: number): TemplateResult => html`
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

export function weight_table(tensors: (Tensor | undefined)[], lang: Lang): TemplateResult {
  return html`
    <table>
      <caption>${words[lang].weights}</caption>
      <tbody>
        ${tensors.map((tensor) =>
          tensor
            ? html`
                <tr>
                  <th scope="row">${tensor.name} (${tensor.shape.join(', ')})</th>
                  ${Array.from(tensor.data, (value) => figure(value, 3))}
                </tr>
              `
            : null,
        )}
      </tbody>
    </table>
  `;
}

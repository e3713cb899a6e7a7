/** The weights of lesson 2's net with their shapes, for the panel "Numbers". */
import { html, type Lang, type Report, type TemplateResult } from '@x2g/web/elements';
import { figure } from '../tables.ts';

type Tensor = NonNullable<Report['views'][string]>[string];
const title = {
  en: 'Weights and biases; shapes are (units, inputs)',
  ja: '重みとバイアス。形は（ユニット, 入力）',
};

/** Name and shape on one line. */
const named = ({ name, shape }: Tensor): string => `${name}\u00a0(${shape.join(',\u00a0')})`;

export function weight_table(tensors: (Tensor | undefined)[], lang: Lang): TemplateResult {
  return html`
    <table>
      <caption>${title[lang]}</caption>
      <tbody>
        ${tensors.map((tensor) =>
          tensor
            ? html`
                <tr>
                  <th scope="row">${named(tensor)}</th>
                  ${Array.from(tensor.data, (value) => figure(value, 3))}
                </tr>
              `
            : null,
        )}
      </tbody>
    </table>
  `;
}

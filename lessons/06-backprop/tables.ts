/** Panel "Numbers" of lesson 6: every tensor of the graph with its part, shape, values and gradient. */
import { html, type Lang, type RunInfo, type TemplateResult } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { label } from './chain.ts';

const words = {
  tensor: { en: 'Tensor', ja: 'テンソル' },
  part: { en: 'Part', ja: '役割' },
  shape: { en: 'Shape', ja: '形' },
  value: { en: 'Values', ja: '値' },
  input: { en: 'input', ja: '入力' },
  parameter: { en: 'parameter', ja: 'パラメーター' },
  computed: { en: 'computed', ja: '計算された値' },
  saved: { en: 'saved', ja: '保存値' },
  buffer: { en: 'buffer', ja: 'バッファー' },
};

export function tensor_table(
  tensors: RunInfo['tensors'],
  lang: Lang,
  of: Record<'value' | 'grad', (name: string) => ArrayLike<number> | undefined>,
): TemplateResult {
  const list = (data: ArrayLike<number> | undefined): string =>
    data ? Array.from(data, (v) => formatNumber(v, 4)).join('  ') : '–';
  return html`
    <table>
      <thead>
        <tr>
          ${(['tensor', 'part', 'shape', 'value'] as const).map(
            (name) => html`
              <th scope="col">${words[name][lang]}</th>
            `,
          )}
          <th scope="col">∂</th>
        </tr>
      </thead>
      <tbody>
        ${tensors.map(
          ({ name, role, shape }) => html`
            <tr>
              <th scope="row">${label(name)}</th>
              <td>${words[role === 'value' ? 'computed' : role][lang]}</td>
              <td class="figure">(${shape.join(', ')})</td>
              <td class="figure">${list(of.value(name))}</td>
              <td class="figure gradient">${role === 'input' ? '' : list(of.grad(name))}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

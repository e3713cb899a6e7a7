/**
 * The picture's text twin in the panel "Numbers": units, parameters and counted pieces of each net. Shows numbers, computes none.
 */
import { html, type Lang, type TemplateResult } from '@x2g/web/elements';
import { formatCount, formatNumber } from '@x2g/web/math';
import type { HandMade, Made } from './nets.ts';

const words = {
  en: {
    caption: 'Counted from what each net answers at 4097 places',
    head: ['net', 'units', 'parameters', 'straight pieces'],
    deep: 'deep, by hand',
    twin: 'shallow, by hand, as many units',
    match: 'shallow, by hand, as many pieces',
    learner: 'the learner as it stands',
    square: 'x² from the deep net’s layers, widest gap',
  },
  ja: {
    caption: '4097か所での答えから数えたもの',
    head: ['ネット', 'ユニット', 'パラメーター', '直線の数'],
    deep: '深い（手の重み）',
    twin: '浅い（手の重み）、同じ数のユニット',
    match: '浅い（手の重み）、同じ数の直線',
    learner: '学ぶネット（いまの状態）',
    square: '深いネットの層から作った x² の、最大のずれ',
  },
};

export function piece_table(made: HandMade, learner: Made, square: number, lang: Lang): TemplateResult {
  const w = words[lang];
  const row = (name: string, { units, parameters, pieces }: Made): TemplateResult => html`
    <tr>
      <th scope="row">${name}</th>
      <td class="figure">${formatCount(units)}</td>
      <td class="figure">${formatCount(parameters)}</td>
      <td class="figure">${formatCount(pieces)}</td>
    </tr>
  `;
  return html`
    <table>
      <caption>${w.caption}</caption>
      <thead>
        <tr>
          ${w.head.map(
            (text) => html`
              <th scope="col">${text}</th>
            `,
          )}
        </tr>
      </thead>
      <tbody>
        ${row(w.deep, made.deep)}${row(w.twin, made.twin)}${row(w.match, made.match)}${row(w.learner, learner)}
        <tr>
          <th scope="row">${w.square}</th>
          <td class="figure" colspan="3">${formatNumber(square)}</td>
        </tr>
      </tbody>
    </table>
  `;
}

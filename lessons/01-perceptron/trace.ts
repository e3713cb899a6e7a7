/**
 * The learning rule written out with its numbers: one look as a sentence of arithmetic, many looks as a table.
 * Every number comes from the core's trace; nothing is computed here that the core has not computed.
 */
import { html, type Lang, type Report, type TemplateResult } from '@x2g/web/elements';

export type Look = NonNullable<Report['perceptron']>['trace'][number];

/** Up to 4 significant digits without trailing zeros, with the true minus sign. */
export const short = (value: number): string =>
  String(Number(value.toPrecision(4)) || 0)
    .replace('e-', 'e−')
    .replace(/^-/u, '−');
const bracketed = (value: number): string => (value < 0 ? `(${short(value)})` : short(value));

/** 0.1·1 + 0.4·0 + 0.05 = 0.15 */
export function sum_written(look: Look): string {
  const terms = look.x.map((x, i) => `${bracketed(look.before[i] ?? 0)}·${bracketed(x)}`);
  return `${terms.join(' + ')} + ${bracketed(look.before.at(-1) ?? 0)} = ${short(look.sum)}`;
}

/** One line for each number: w1 = 0.1 + 0.1·(−1)·1 = 0. Without a mistake nothing changes, so there is nothing to write. */
export function updates_written(look: Look): string[] {
  if (look.error === 0) return [];
  const rate = ((look.after.at(-1) ?? 0) - (look.before.at(-1) ?? 0)) / look.error;
  const factor = `${short(rate)}·${bracketed(look.error)}`;
  return look.after.map((after, i) => {
    const bias = i === look.x.length;
    const name = bias ? 'b' : `w${i + 1}`;
    return `${name} = ${short(look.before[i] ?? 0)} + ${factor}${bias ? '' : `·${bracketed(look.x[i] ?? 0)}`} = ${short(after)}`;
  });
}

const words = {
  en: {
    look: 'Look',
    point: 'Point',
    sum: 'Sum s',
    error: 'e = t − y',
    update: 'Update',
    none: 'right: nothing changes',
    caption: 'Every look at a point, the newest last (at most 100)',
    empty: 'Nothing has been looked at yet. Press Step.',
  },
  ja: {
    look: '回',
    point: '点',
    sum: '和 s',
    error: 'e = t − y',
    update: '更新',
    none: '正解：何も変わりません',
    caption: '見た点すべて。新しいものが下（最大100行）',
    empty: 'まだどの点も見ていません。ステップを押してください。',
  },
};

export function trace_table(trace: readonly Look[], lang: Lang): TemplateResult {
  const w = words[lang];
  if (trace.length === 0)
    return html`
      <p>${w.empty}</p>
    `;
  return html`
    <table class="trace">
      <caption>${w.caption}</caption>
      <thead>
        <tr>
          <th scope="col">${w.look}</th>
          <th scope="col">${w.point}</th>
          <th scope="col">${w.sum}</th>
          <th scope="col">y</th>
          <th scope="col">t</th>
          <th scope="col">${w.error}</th>
          <th scope="col">${w.update}</th>
        </tr>
      </thead>
      <tbody>
        ${trace.slice(-100).map(
          (look) => html`
            <tr class=${look.error === 0 ? 'right' : 'mistake'}>
              <th scope="row">${look.step}</th>
              <td>(${look.x.map(short).join(', ')})</td>
              <td>${sum_written(look)}</td>
              <td>${look.output}</td>
              <td>${look.target}</td>
              <td>${short(look.error)}</td>
              <td>
                ${
                  look.error === 0
                    ? w.none
                    : updates_written(look).map(
                        (line) => html`
                          <div>${line}</div>
                        `,
                      )
                }
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** The trace as rows of a table file, names first. */
export function trace_rows(trace: readonly Look[], inputs: number): (string | number)[][] {
  const numbered = (name: string) => Array.from({ length: inputs }, (_, i) => `${name}${i + 1}`);
  const weights = (when: string) => [...numbered(`${when}_w`), `${when}_b`];
  const head = [
    'look',
    'epoch',
    ...numbered('x'),
    's',
    'y',
    't',
    'e',
    ...weights('before'),
    ...weights('after'),
  ];
  return [
    head,
    ...trace.map((l) => [
      ...[l.step, l.epoch, ...l.x, l.sum, l.output, l.target, l.error],
      ...l.before,
      ...l.after,
    ]),
  ];
}

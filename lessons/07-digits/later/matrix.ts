/**
 * Which digit is taken for which, and the digits behind a cell. Loaded once the net has made its first guess.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import { confusionMatrix, imageGrid, rowsOf, type Confusion } from '@x2g/web/plot';
import { PIXELS, SIDE, type Digits } from '../data.ts';
import { DIGIT_NAMES } from '../pictures.ts';

/** Most misread digits shown at once. */
const SHOWN = 18;

export interface Matrix {
  held: Confusion;
  set: Digits;
  selected: { row: number; col: number } | undefined;
  pick(row: number, col: number): void;
  show(row: number): void;
}

/** The matrix, and the digits of the chosen cell: click one to put it on the pad. */
export function matrix_tile({ held, set, selected, pick, show }: Matrix, lang: Lang) {
  const told = (row: number, col: number, count: number): string =>
    row === col
      ? t(
          {
            en: `${row} read as ${col}: ${count}, right`,
            ja: `${row}を${col}と読んだもの：${count}枚（正解）`,
          },
          lang,
        )
      : t(
          {
            en: `${row} read as ${col}: ${count}, wrong`,
            ja: `${row}を${col}と読んだもの：${count}枚（不正解）`,
          },
          lang,
        );
  const all = selected ? rowsOf(held, set.labels, selected.row, selected.col) : [];
  const rows = all.slice(0, SHOWN);
  const data = new Float32Array(rows.length * PIXELS);
  rows.forEach((row, i) => data.set(set.x.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS));
  return html`
    <div class="tile matrix">
      ${confusionMatrix({
        label: t({ en: 'Which digit is taken for which', ja: 'どの数字がどの数字に読まれるか' }, lang),
        classes: DIGIT_NAMES,
        counts: held.counts,
        rowTitle: t({ en: 'true digit', ja: '正しい数字' }, lang),
        colTitle: t({ en: 'answer', ja: 'ネットの答え' }, lang),
        told,
        ...(selected ? { selected } : {}),
        onPick: pick,
      })}
      ${
        rows.length === 0
          ? html`
              <p class="fine center">
                ${
                  selected
                    ? t({ en: 'None in this cell.', ja: 'このセルには1枚もありません。' }, lang)
                    : t(
                        {
                          en: 'Choose a cell to see its digits.',
                          ja: 'セルを選ぶと、その数字が見られます。',
                        },
                        lang,
                      )
                }
              </p>
            `
          : html`
              ${imageGrid({
                label: t(
                  {
                    en: 'Digits of this cell. Choose one to put it on the pad',
                    ja: 'このセルの数字。選ぶと上に表示します',
                  },
                  lang,
                ),
                data,
                count: rows.length,
                rows: SIDE,
                cols: SIDE,
                columns: 6,
                size: 52,
                names: rows.map((row) =>
                  t({ en: `digit number ${row + 1}`, ja: `${row + 1}番の数字` }, lang),
                ),
                onPick: (i) => show(rows[i] ?? 0),
              })}
              <p class="fine center">
                ${
                  all.length > rows.length
                    ? t(
                        {
                          en: `The first ${rows.length} of ${all.length}.`,
                          ja: `${all.length}枚のうち最初の${rows.length}枚。`,
                        },
                        lang,
                      )
                    : nothing
                }
                ${t({ en: 'Choose one to put it on the pad.', ja: '選ぶと、上のパッドに表示します。' }, lang)}
              </p>
            `
      }
    </div>
  `;
}

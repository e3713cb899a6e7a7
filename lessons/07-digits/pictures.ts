/**
 * The drawings of lesson 7 as functions of what they show: hidden units, answers, the misread digits. They keep nothing.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import { formatCount, formatFixed, formatNumber, formatPercent } from '@x2g/web/math';
import { barList, confusionMatrix, imageGrid, linePlot, rowsOf, type Confusion } from '@x2g/web/plot';
import { CLASSES, PIXELS, SIDE, type Digits } from './data.ts';
import { EPOCHS, GOOD } from './model.ts';
import { answer, type Look, type Watching } from './watching.ts';

export const DIGIT_NAMES = Array.from({ length: CLASSES }, (_, k) => String(k));
/** Most misread digits shown at once. */
const SHOWN = 18;

/** The picture that goes into the net. */
export function seen_tile(pixels: Float32Array, lang: Lang) {
  return html`
    <div class="seen">
      ${imageGrid({
        label: t({ en: 'The 28 × 28 pixels that the net is given', ja: 'ネットに渡される28×28画素' }, lang),
        data: pixels,
        count: 1,
        rows: SIDE,
        cols: SIDE,
        size: 112,
      })}
      <p class="fine">
        ${t({ en: 'What the net is given: cut out, scaled, centered.', ja: 'ネットに渡される画像。切り抜き、大きさをそろえ、中央に置いたもの。' }, lang)}
      </p>
    </div>
  `;
}

const votes = (column: number[], sign: number): string =>
  column
    .map((w, k) => ({ w, k }))
    .filter(({ w }) => w * sign > 0)
    .sort((a, b) => sign * (b.w - a.w))
    .slice(0, 3)
    .map(({ w, k }) => `${k} (${formatNumber(w, 2)})`)
    .join(', ');

/** What one hidden unit does, in a sentence. */
export function unit_text(unit: number, look: Look | undefined, W2: Float32Array, lang: Lang): string {
  const units = W2.length / CLASSES;
  const column = Array.from({ length: CLASSES }, (_, k) => W2[k * units + unit] ?? 0);
  const value = formatNumber(look?.h[unit] ?? Number.NaN, 2);
  const [most, least] = [votes(column, 1), votes(column, -1)];
  return t(
    {
      en: `Unit ${unit + 1} answers ${value} to this digit. It speaks for ${most || 'none'} and against ${least || 'none'}.`,
      ja: `ユニット${unit + 1}のこの数字への出力は${value}です。後押しする数字は${most || 'なし'}、押し下げる数字は${least || 'なし'}です。`,
    },
    lang,
  );
}

export function hidden_tile(
  w: Watching,
  chosen: number | undefined,
  pick: (unit: number) => void,
  lang: Lang,
) {
  const units = w.W1.length / PIXELS;
  return html`
    <div class="tile">
      ${imageGrid({
        label: t(
          {
            en: 'Weights of every hidden unit, laid out like the picture',
            ja: '隠れユニットの重みを、画像と同じ並びで表したもの',
          },
          lang,
        ),
        data: w.W1,
        count: units,
        rows: SIDE,
        cols: SIDE,
        signed: true,
        columns: units > 36 ? 10 : Math.min(6, units),
        size: units > 36 ? 40 : units > 6 ? 52 : 140,
        names: Array.from({ length: units }, (_, i) =>
          t({ en: `unit ${i + 1}, its output`, ja: `ユニット${i + 1}の出力` }, lang),
        ),
        ...(w.look ? { levels: w.look.h } : {}),
        ...(chosen !== undefined && chosen < units ? { selected: chosen } : {}),
        onPick: pick,
      })}
      <p class="fine told">
        ${
          chosen !== undefined && chosen < units
            ? unit_text(chosen, w.look, w.W2, lang)
            : t(
                {
                  en: 'Bars: what each unit answers to this digit. Choose a unit to see what it votes for.',
                  ja: '棒は、この数字に対する各ユニットの出力です。ユニットを選ぶと、どの数字を後押しするかがわかります。',
                },
                lang,
              )
        }
      </p>
    </div>
  `;
}

export function answers_tile(look: Look | undefined, truth: number | undefined, lang: Lang) {
  const y = look?.y ?? [];
  const best = answer(y);
  const said = look
    ? t({ en: `It says ${best.digit}`, ja: `答えは${best.digit}` }, lang)
    : t({ en: 'No answer yet', ja: 'まだ答えていません' }, lang);
  return html`
    <div class="tile answers">
      <p class="said">
        <strong>${said}</strong>
        <span class="fine">
          ${
            truth === undefined || !look
              ? nothing
              : best.digit === truth
                ? t({ en: 'right', ja: '正解' }, lang)
                : t({ en: `wrong: it is a ${truth}`, ja: `不正解。正しくは${truth}` }, lang)
          }
        </span>
      </p>
      ${barList({
        label: t({ en: 'The ten outputs', ja: '10個の出力' }, lang),
        bars: DIGIT_NAMES.map((label, k) => ({
          label,
          value: y[k] ?? 0,
          role: look && k === best.digit ? 'query' : 'muted',
        })),
        limit: 1,
        format: (v) => formatFixed(v, 2),
      })}
    </div>
  `;
}

export function curve_tile(w: Watching, loss: { step: number[]; loss: number[] }, steps: number, lang: Lang) {
  return html`
    <div class="tile">
      ${linePlot({
        label: t(
          {
            en: 'Accuracy on unseen digits, and loss of each batch',
            ja: '見たことのない数字の正解率と、バッチごとの損失',
          },
          lang,
        ),
        series: [
          { label: t({ en: 'loss', ja: '損失' }, lang), x: loss.step, y: loss.loss, role: 'train', width: 1 },
          {
            label: t({ en: 'unseen digits read right', ja: '見ていない数字の正解率' }, lang),
            x: w.curve.step,
            y: w.curve.share,
            role: 'valid',
            points: w.curve.step.length < 40,
          },
        ],
        xLabel: t(
          {
            en: `step (${EPOCHS} epochs: ${formatCount(steps)})`,
            ja: `ステップ（${EPOCHS}エポックで${formatCount(steps)}）`,
          },
          lang,
        ),
        yLabel: t({ en: 'share', ja: '割合' }, lang),
        yRange: [0, 1],
        marks: [
          { y: GOOD, label: formatPercent(GOOD, 2) },
          { y: 1 / CLASSES, label: t({ en: 'guessing', ja: '当てずっぽう' }, lang) },
        ],
        height: 260,
      })}
    </div>
  `;
}

interface Matrix {
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
    <div class="tile">
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

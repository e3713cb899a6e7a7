/**
 * The drawings of lesson 7 as functions of what they show: hidden units, answers, curves. They keep nothing. The matrix
 * comes a moment later: later/matrix.ts.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import { formatCount, formatFixed, formatNumber, formatPercent } from '@x2g/web/math';
import { barList, imageGrid, linePlot } from '@x2g/web/plot';
import { CLASSES, PIXELS, SIDE } from './data.ts';
import { EPOCHS, GOOD } from './model.ts';
import { answer, type Look, type Watching } from './watching.ts';

export const DIGIT_NAMES = Array.from({ length: CLASSES }, (_, k) => String(k));

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

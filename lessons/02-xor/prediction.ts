/** Lesson 2's prediction, asked before the run and answered by it; when a net counts as having learned XOR. */
import type { Prediction } from '@x2g/web/elements';
import { xor } from './hand.ts';

/** Steps after which a run of this lesson ends. */
export const LIMIT = 1000;
/** A net has learned XOR when all four answers are on the right side of one half and the loss is below this. */
export const LEARNED = 0.1;

export const rows_right = (y: ArrayLike<number> | undefined): number =>
  y === undefined
    ? 0
    : xor.t.filter((t, i) => (y[i] ?? 0.5) !== 0.5 && (y[i] ?? 0.5) > 0.5 === (t === 1)).length;

export const prediction: Prediction = {
  question: {
    en: 'Two hidden units, then one straight cut. Where will the net be after 1000 steps?',
    ja: '隠れユニットが2つ、そのあとに直線の切り口が1つ。1000ステップ後はどうなるでしょうか。',
  },
  choices: [
    { id: 'all', label: { en: 'All four rows right', ja: '4行とも正解' } },
    { id: 'some', label: { en: 'Only two or three right', ja: '正解は2、3行だけ' } },
    { id: 'half', label: { en: 'Stuck at one half', ja: 'どれも0.5のまま' } },
  ],
  outcome(report) {
    const y = report.views['rows']?.['y']?.data;
    if (!y) return undefined;
    if (rows_right(y) === 4 && report.loss < LEARNED) return 'all';
    if (report.step < LIMIT) return undefined;
    return Array.from(y).every((v) => Math.abs(v - 0.5) < 0.1) ? 'half' : 'some';
  },
  reveal: (_chosen, outcome) =>
    outcome === 'all'
      ? {
          en: 'The hidden layer moved the points until one line could do it.',
          ja: '隠れ層が点を動かし、1本の直線で分けられるようになりました。',
        }
      : outcome === 'half'
        ? {
            en: 'One half for everything is the best answer of a net that has not bent the plane.',
            ja: '平面を曲げていないネットにとっては、すべてに0.5と答えるのが最善です。',
          }
        : {
            en: 'The net found a bend that serves some of the points, and no small change improves it.',
            ja: '一部の点にだけ役立つ折り方に落ち着き、少し変えても良くならなくなりました。',
          },
};

/** Lesson 5's prediction, asked before the run and answered by it. */
import type { Prediction } from '@x2g/web/elements';

/** Loss below which the net has found the quadrants. */
export const LEARNED = 0.2;

export const prediction: Prediction = {
  question: {
    en: 'The same net, once with sigmoid and once with ReLU inside. Which is further after 1000 steps?',
    ja: '同じネットの中身をシグモイドにしたものとReLUにしたもの。1000ステップ後に進んでいるのはどちらでしょうか。',
  },
  choices: [
    { id: 'sigmoid', label: { en: 'Sigmoid: it is smooth', ja: 'シグモイド：なめらかだから' } },
    { id: 'relu', label: { en: 'ReLU: its slope is 1', ja: 'ReLU：傾きが1だから' } },
    { id: 'same', label: { en: 'No difference', ja: '変わらない' } },
  ],
  outcome: (report) => (report.step >= 1000 && report.loss < LEARNED ? 'relu' : undefined),
  reveal: {
    en: 'The race below shows it: a slope of at most one quarter, twice, leaves little of the gradient.',
    ja: '下の競走を見てください。傾きが4分の1以下の関数を2度通ると、勾配はほとんど残りません。',
  },
};

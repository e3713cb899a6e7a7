/** Lesson 21's prediction, asked before the run and answered by it. */
import type { Prediction } from '@x2g/web/elements';

/** Validation loss below which samples of the stories are mostly words: read off samples of both languages. */
export const WORDS = 1.1;

export const prediction: Prediction = {
  question: {
    en: 'Nobody tells the model what a word is. What will its samples look like after one minute?',
    ja: '単語とは何かを、だれもモデルに教えません。1分後のサンプルはどうなるでしょうか。',
  },
  choices: [
    { id: 'noise', label: { en: 'Letters at random', ja: 'でたらめな文字の列' } },
    {
      id: 'letters',
      label: { en: 'The right letters, but no words', ja: '文字の割合は合うが、単語にはならない' },
    },
    { id: 'words', label: { en: 'Words and pieces of sentences', ja: '単語や文の切れ端' } },
  ],
  outcome: (report) =>
    (report.valLoss ?? Infinity) < WORDS ? 'words' : report.status === 'done' ? 'letters' : undefined,
  reveal: (_chosen, outcome) =>
    outcome === 'words'
      ? {
          en: 'Words. They are what makes the next character predictable, so the loss pays for finding them.',
          ja: '単語です。単語を見つければ次の文字を当てやすくなるので、損失が下がります。',
        }
      : {
          en: 'Not this time: the loss on unseen text stayed high.',
          ja: '今回は届きませんでした。見ていない文章での損失が高いままです。',
        },
};

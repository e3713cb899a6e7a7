/** Lesson 6's prediction: which weight's gradient is larger. Answered by the engine's gradients once both are there. */
import type { Prediction } from '@x2g/web/elements';

export const prediction: Prediction = {
  question: {
    en: 'Both weights are 0.5. Which of them moves the loss more when it is raised by 0.001?',
    ja: '重みはどちらも0.5です。0.001増やしたとき、損失をより大きく動かすのはどちらでしょうか。',
  },
  choices: [
    { id: 'w1', label: { en: 'w₁, next to the input', ja: '入力側のw₁' } },
    { id: 'w2', label: { en: 'w₂, next to the loss', ja: '損失側のw₂' } },
    { id: 'same', label: { en: 'Both alike', ja: 'どちらも同じ' } },
  ],
  outcome(report) {
    if (report.grain?.phase !== 'update' && report.step === 0) return undefined;
    const [one = 0, two = 0] = ['w1', 'w2'].map((name) =>
      Math.abs(report.views[`grad ${name}`]?.[name]?.data[0] ?? 0),
    );
    if (one === 0 && two === 0) return undefined;
    return one === two ? 'same' : one > two ? 'w1' : 'w2';
  },
  reveal: (_chosen, outcome) =>
    outcome === 'w2'
      ? {
          en: 'w₂. On its way to w₁ the gradient is multiplied by two more slopes, w₂ and σ′, and both are small.',
          ja: 'w₂です。勾配がw₁に届くまでには、w₂とσ′という2つの小さな傾きがさらに掛かります。',
        }
      : {
          en: 'With these numbers the factors on the way to w₁ are not small.',
          ja: 'この数値では、w₁までに掛かる傾きが小さくありません。',
        },
};

/** Lesson 1's prediction, asked before the run and answered by it. */
import type { Prediction } from '@x2g/web/elements';

export const prediction: Prediction = {
  question: {
    en: 'The line moves only when a point stands on its wrong side. How will this end?',
    ja: '直線が動くのは、点が間違った側にあるときだけです。この先どうなるでしょうか。',
  },
  choices: [
    { id: 'soon', label: { en: 'It stops within 20 mistakes', ja: '間違い20回以内に止まる' } },
    { id: 'late', label: { en: 'It stops, but later', ja: '止まるが、もっと後' } },
    { id: 'never', label: { en: 'It never stops', ja: 'いつまでも止まらない' } },
  ],
  outcome(report) {
    const p = report.perceptron;
    if (p?.converged) return p.mistakes <= 20 ? 'soon' : 'late';
    return p && (p.cycles || (!p.bound.separable && p.epochs >= 20)) ? 'never' : undefined;
  },
  reveal: (_chosen, outcome) =>
    outcome === 'never'
      ? {
          en: 'No line separates these classes, so there is always another mistake to come.',
          ja: 'この2つのクラスを分ける直線はないので、間違いは必ずまた起こります。',
        }
      : {
          en: 'A line that separates the classes exists, and the rule reached one. From now on nothing moves.',
          ja: '2つのクラスを分ける直線があり、規則はその1つにたどり着きました。もう何も動きません。',
        },
};

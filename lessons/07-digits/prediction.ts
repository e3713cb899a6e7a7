/**
 * Lesson 7's prediction, answered by the digits held out.
 */
import type { Prediction, Report } from '@x2g/web/elements';
import { GOOD } from './model.ts';

/** `share`: of the digits held out, read rightly at that report; undefined where it did not look. */
export const prediction = (share: (r: Report) => number | undefined, last: number): Prediction => ({
  question: {
    en: 'The net trains on 5000 digits. How many of 1000 others will it read rightly?',
    ja: 'ネットは5000枚の数字で訓練します。それとは別の1000枚のうち、どれだけ正しく読めるでしょうか。',
  },
  choices: [
    { id: 'half', label: { en: 'About half', ja: '半分くらい' } },
    { id: 'some', label: { en: 'About 80 %', ja: '80 %くらい' } },
    { id: 'most', label: { en: 'More than 95 %', ja: '95 %を超える' } },
  ],
  outcome(report) {
    const right = share(report);
    if (right === undefined || report.step === 0) return undefined;
    if (right > GOOD) return 'most';
    if (report.step < last) return undefined;
    return right > 0.65 ? 'some' : 'half';
  },
  reveal: (_chosen, outcome) =>
    outcome === 'most'
      ? {
          en: 'More than 95 %, of digits that it has never seen. Nobody told it what a digit looks like.',
          ja: '一度も見たことのない数字で、95 %を超えました。数字の形を教えた人はいません。',
        }
      : {
          en: 'Not with these settings. Reset them and run it once more.',
          ja: 'この設定では届きません。元に戻して、もう一度実行してみてください。',
        },
});

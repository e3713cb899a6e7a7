/**
 * Lesson 7's switches: each takes one ingredient of the default away, so that the failure can be watched. What then happens is the core's doing.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import type { Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}

/** A rate at which the default net cannot settle. */
export const HIGH_RATE = 150;
const whole: Partial<Values> = {
  loss: 'mse',
  hidden: 30,
  lr: 15,
  batch: 10,
  start: 'scaled',
  shuffled: true,
};

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const without = (missing: Partial<Values>) => ({
    on: () => set({ ...whole, ...missing }),
    off: () => set(whole),
  });
  return [
    {
      id: 'high-rate',
      label: { en: `Learning rate ${HIGH_RATE}`, ja: `学習率を${HIGH_RATE}に` },
      look: {
        en: 'the ten bars, and the loss: it stays at 0.1.',
        ja: '10本の棒と損失。損失は0.1のまま動かなくなります。',
      },
      why: {
        en: 'The first steps throw the weights so far that every output lies at 0. There the sigmoid is flat, the slope is nearly zero, and later steps cannot undo it.',
        ja: '最初の数ステップで重みが遠くへ飛び、出力がすべて0に張り付きます。そこではシグモイドが平らで、傾きがほぼ0なので、あとのステップでは戻せません。',
      },
      ...without({ lr: HIGH_RATE }),
      active: () => opt.lr === HIGH_RATE,
    },
    {
      id: 'zeros',
      label: { en: 'All first weights zero', ja: '最初の重みをすべて0に' },
      look: {
        en: 'the thirty pictures: they are all the same picture.',
        ja: '30枚の重みの画像。どれも同じ絵になります。',
      },
      why: {
        en: 'Units that begin alike get the same slope, so they stay alike. Thirty units do the work of one. Random first weights are what makes them differ.',
        ja: '同じ値から始まったユニットは、同じ傾きを受け取り、ずっと同じままです。30個いても、1個分の働きしかしません。違いを生むのは、最初の乱数です。',
      },
      ...without({ start: 'zeros' }),
      active: () => opt.start === 'zeros',
    },
    {
      id: 'one-unit',
      label: { en: 'One hidden unit', ja: '隠れユニットを1つに' },
      look: {
        en: 'the matrix: only a few columns are ever answered.',
        ja: '混同行列。答えに使われる列が、いくつかに限られます。',
      },
      why: {
        en: 'Everything that the outputs learn of the picture is one number between 0 and 1. Ten classes have to share that one line.',
        ja: '出力層が画像について知ることは、0から1までの数1つだけです。10種類の数字が、その1本の線の上に並ぶことになります。',
      },
      ...without({ hidden: 1 }),
      active: () => opt.hidden === 1,
    },
    {
      id: 'sorted',
      label: { en: 'Digits in order, not shuffled', ja: '数字を混ぜず、順番に見せる' },
      look: {
        en: 'the answers while it runs: it believes whatever it saw last.',
        ja: '訓練中の答え。最後に見た数字だと言い続けます。',
      },
      why: {
        en: 'For 50 batches there is nothing but 0s, then nothing but 1s. Answering the digit of the moment is always right, and what came before is forgotten.',
        ja: '50バッチの間は0ばかり、次は1ばかりが続きます。いま出ている数字を答えればいつも正解なので、その前に学んだことは忘れられます。',
      },
      ...without({ shuffled: false }),
      active: () => !opt.shuffled,
    },
  ];
}

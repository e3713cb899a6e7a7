/**
 * Lesson 7's exercises. Each answer is judged by training or counting in the core.
 */
import { defaults, type Check } from '@x2g/web/elements';
import { formatCount, formatNumber, formatPercent } from '@x2g/web/math';
import { confusion } from '@x2g/web/plot';
import { CLASSES, CLEAN, HELD_FROM, one_hot, PIXELS, shifted, type Digits } from '../data.ts';
import { model, options } from '../model.ts';

type Session = Parameters<Check['grade']>[1];

/** Share of digits that the present net reads rightly. */
export async function accuracy_of(
  session: Pick<Session, 'evaluateRows'>,
  { x, labels }: Digits,
): Promise<number> {
  const { y } = await session.evaluateRows(x, ['y']);
  const { right, rows } = confusion(y?.data ?? [], labels, CLASSES);
  return right / rows;
}

const standard = defaults(options);

/** The lesson's net on few digits: enough to grade by. */
async function trained(session: Session, count: number, steps: number, start: 'scaled' | 'zeros') {
  const { pixels, labels } = await session.digits(count, { seed: 2, ...CLEAN });
  const set = { x: pixels, labels };
  await session.create(model({ ...standard, digits: count, start }, 1, set));
  await session.step(steps);
}

export const checks: Check[] = [
  {
    id: 'parameters',
    question: {
      en: 'How many numbers does the net 784-30-10 learn, weights and biases together?',
      ja: '784-30-10のネットが学ぶ数は、重みとバイアスを合わせていくつですか。',
    },
    input: 'number',
    hints: [
      {
        en: 'Each of the 30 units has a weight for every pixel.',
        ja: '30個のユニットは、どれも画素の数だけ重みを持ちます。',
      },
      { en: '784 · 30 + 30 + 30 · 10 + 10', ja: '784 · 30 + 30 + 30 · 10 + 10' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const { parameterCount } = await session.estimate(
        model(standard, 1, { x: new Float32Array(PIXELS * 10), labels: new Uint8Array(10) }),
      );
      return {
        ok: answer === parameterCount,
        message: {
          en: `The core counts ${formatCount(parameterCount)}: 23 550 before the hidden layer, 310 after it.`,
          ja: `コアが数えると${formatCount(parameterCount)}個です。隠れ層の手前に23 550個、後ろに310個あります。`,
        },
      };
    },
  },
  {
    id: 'alike',
    question: {
      en: 'All weights begin at zero and the net trains for 100 steps. How many different pictures do the 30 hidden units then show?',
      ja: 'すべての重みを0にして、100ステップ訓練します。30個の隠れユニットの重みの画像は、何種類になりますか。',
    },
    input: 'number',
    hints: [
      {
        en: 'Which of two equal units would get a different slope?',
        ja: '同じ値の2つのユニットのうち、違う傾きを受け取るのはどちらでしょうか。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      await trained(session, 500, 100, 'zeros');
      const W = (await session.tensor('W1')).data;
      const kinds = new Set<string>();
      for (let i = 0; i < W.length; i += PIXELS) kinds.add(W.subarray(i, i + PIXELS).join());
      return {
        ok: answer === kinds.size,
        message: {
          en: `Trained just now: ${kinds.size}. Equal units get equal slopes.`,
          ja: `いま訓練したところ、${kinds.size}種類でした。同じユニットは、同じ傾きを受け取ります。`,
        },
      };
    },
  },
  {
    id: 'quarter',
    question: {
      en: 'All weights are zero, so every output is 0.5. What is the squared-error loss?',
      ja: 'すべての重みが0なら、どの出力も0.5です。二乗誤差の損失はいくつですか。',
    },
    input: 'number',
    hints: [
      { en: 'Every target is 0 or 1, and the loss is a mean.', ja: '目標はどれも0か1で、損失は平均です。' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      await trained(session, 100, 0, 'zeros');
      const { y } = await session.evaluateRows(new Float32Array(PIXELS), ['y']);
      const t = one_hot(Uint8Array.of(3));
      const loss = t.reduce((sum, v, k) => sum + (v - (y?.data[k] ?? NaN)) ** 2, 0) / CLASSES;
      return {
        ok: Math.abs(answer - loss) < 0.001,
        message: {
          en: `The core answers ${formatNumber(y?.data[0] ?? NaN)} ten times: (0.5)² everywhere, ${formatNumber(loss)} on average.`,
          ja: `コアの出力は10個とも${formatNumber(y?.data[0] ?? NaN)}です。どれも (0.5)² なので、平均は${formatNumber(loss)}です。`,
        },
      };
    },
  },
  {
    id: 'shift',
    question: {
      en: 'A trained net reads digits in the middle well. All are moved 4 pixels to the right. How well does it read them?',
      ja: '中央にある数字をよく読めるネットがあります。数字をすべて右へ4画素ずらすと、どれくらい読めるでしょうか。',
    },
    input: 'choice',
    choices: [
      { id: 'same', label: { en: 'Nearly as well', ja: 'ほとんど変わらない' } },
      { id: 'less', label: { en: 'Less than half of them', ja: '半分も読めない' } },
      { id: 'none', label: { en: 'Worse than guessing', ja: '当てずっぽうより悪い' } },
    ],
    hints: [
      {
        en: 'Drag “Shift to the right” under a trained net.',
        ja: '訓練したネットで「右へずらす」を動かしてみてください。',
      },
    ],
    async grade({ choice }, session) {
      await trained(session, 1000, 1000, 'scaled');
      const { pixels, labels } = await session.digits(500, { seed: 2, first: HELD_FROM, ...CLEAN });
      const [before, after] = [
        await accuracy_of(session, { x: pixels, labels }),
        await accuracy_of(session, { x: shifted(pixels, 4), labels }),
      ];
      const truth = after > 0.9 * before ? 'same' : after > 1 / CLASSES ? 'less' : 'none';
      return {
        ok: choice === truth && (truth !== 'less' || after < 0.5),
        message: {
          en: `Trained just now on 1000 digits: ${formatPercent(before)} in the middle, ${formatPercent(after)} moved.`,
          ja: `いま1000枚で訓練したところ、中央では${formatPercent(before)}、ずらすと${formatPercent(after)}でした。`,
        },
      };
    },
  },
];

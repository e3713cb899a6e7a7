/**
 * Lesson 5's exercises. The right answers come from the core's own functions.
 */
import type { Check } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';

const near = (a: number, b: number, within: number): boolean => Math.abs(a - b) <= within;

export const checks: Check[] = [
  {
    id: 'leaky',
    question: {
      en: 'What is the derivative of leaky ReLU at −2?',
      ja: 'Leaky ReLUの、−2での導関数の値はいくつですか。',
    },
    input: 'number',
    hints: [{ en: 'For x < 0 it is 0.01 · x.', ja: 'x < 0 では 0.01 · x です。' }],
    async grade({ values: [answer = NaN] }, session) {
      const slope = (await session.activation('leaky_relu', [-2])).dy[0] ?? NaN;
      return {
        ok: near(answer, slope, 1e-6),
        message: {
          en: `The core says ${formatNumber(slope)}.`,
          ja: `コアの答えは${formatNumber(slope)}です。`,
        },
      };
    },
  },
  {
    id: 'sigmoid-max',
    question: {
      en: 'What is the largest slope of the sigmoid?',
      ja: 'シグモイドの傾きは、最大でいくつですか。',
    },
    input: 'number',
    hints: [
      { en: 'Its derivative is σ(x)(1 − σ(x)).', ja: '導関数は σ(x)(1 − σ(x)) です。' },
      {
        en: 'A product of two numbers with sum 1 is largest when they are equal.',
        ja: '和が1の2つの数の積は、等しいときに最大です。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const x = Array.from({ length: 2001 }, (_, i) => (i - 1000) / 100);
      const most = Math.max(...(await session.activation('sigmoid', x)).dy);
      return {
        ok: near(answer, most, 1e-6),
        message: {
          en: `The largest of 2001 slopes from −10 to 10: ${formatNumber(most)}.`,
          ja: `−10から10までの2001点で測った最大の傾きは${formatNumber(most)}です。`,
        },
      };
    },
  },
  {
    id: 'nine-layers',
    question: {
      en: 'Nine sigmoids in a row, each at its steepest point. What is left of a gradient of 1? Give it in millionths.',
      ja: 'シグモイドを9個、どれも最も急な点で通ります。大きさ1の勾配はどれだけ残りますか。100万分のいくつかで答えてください。',
    },
    input: 'number',
    fields: [{ id: 'left', label: { en: 'left', ja: '残り' }, unit: '× 10⁻⁶' }],
    hints: [{ en: '0.25 multiplied with itself nine times.', ja: '0.25を9回かけます。' }],
    async grade({ values: [answer = NaN] }, session) {
      const slope = (await session.activation('sigmoid', [0])).dy[0] ?? NaN;
      const left = slope ** 9 * 1e6;
      return {
        ok: near(answer, left, 0.05),
        message: {
          en: `${formatNumber(slope)}⁹ = ${formatNumber(left)} × 10⁻⁶.`,
          ja: `${formatNumber(slope)}⁹ = ${formatNumber(left)} × 10⁻⁶ です。`,
        },
      };
    },
  },
];

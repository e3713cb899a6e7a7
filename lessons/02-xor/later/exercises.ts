/**
 * Lesson 2's exercises. Each answer is judged by running it in the core.
 */
import type { Check, CheckField } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { xor } from '../hand.ts';
import { gate_name, published, run_by_hand } from './run-by-hand.ts';

const fields: CheckField[] = [
  ['h1', 'x₁'],
  ['h1', 'x₂'],
  ['h1', 'b'],
  ['h2', 'x₁'],
  ['h2', 'x₂'],
  ['h2', 'b'],
  ['y', 'h₁'],
  ['y', 'h₂'],
  ['y', 'b'],
].map(([to = '', from = ''], i) => {
  const unit = to.replace('1', '₁').replace('2', '₂');
  const text = from === 'b' ? `${unit}: b` : `${unit}: ${from}`;
  return { id: `${to}-${i}`, label: { en: text, ja: text } };
});

const written = (y: readonly number[]): string => `(0,0)→${y[0]} (0,1)→${y[1]} (1,0)→${y[2]} (1,1)→${y[3]}`;

export const checks: Check[] = [
  {
    id: 'by-hand',
    question: {
      en: 'Set the nine numbers of a network of step units so that it computes XOR.',
      ja: 'ステップ関数のネットワークがXORを計算するように、9つの数を決めてください。',
    },
    input: 'numbers',
    fields,
    hints: [
      { en: 'XOR is OR and NAND at the same time.', ja: 'XORは、ORであり、しかもNANDであることです。' },
      {
        en: 'OR is step(x₁ + x₂ − 0.5). NAND is step(−x₁ − x₂ + 1.5).',
        ja: 'ORは step(x₁ + x₂ − 0.5)、NANDは step(−x₁ − x₂ + 1.5) です。',
      },
      { en: 'AND of the two is step(h₁ + h₂ − 1.5).', ja: '2つのANDは step(h₁ + h₂ − 1.5) です。' },
    ],
    async grade({ values }, session) {
      const ge = await run_by_hand(session, values, true);
      const gt = await run_by_hand(session, values, false);
      const [ge_ok, gt_ok] = [ge, gt].map((y) => gate_name(y) === 'XOR');
      if (ge_ok && gt_ok)
        return {
          ok: true,
          message: {
            en: 'All four rows, under both conventions.',
            ja: '2つの約束のどちらでも、4行とも正解です。',
          },
        };
      if (ge_ok || gt_ok) {
        const sign = ge_ok ? 's ≥ 0' : 's > 0';
        return {
          ok: true,
          message: {
            en: `Right when a unit fires at ${sign}. Some sum is exactly 0, so the other convention disagrees.`,
            ja: `${sign} で1とするなら正解です。和がちょうど0になる所があり、もう1つの約束では答えが変わります。`,
          },
        };
      }
      const is = gate_name(ge);
      return {
        ok: false,
        message: {
          en: `Your network computes ${written(ge)}${is ? `, which is ${is}` : ''}.`,
          ja: `このネットワークの答えは ${written(ge)}${is ? ` で、${is}です` : 'です'}。`,
        },
      };
    },
  },
  {
    id: 'published',
    question: {
      en: 'A published solution: h₁ = step(x₁ + x₂ − 1.5), h₂ = step(−x₁ − x₂ + 0.5), y = step(−h₁ + h₂ + 0.5). What does it compute?',
      ja: '出回っている解答：h₁ = step(x₁ + x₂ − 1.5)、h₂ = step(−x₁ − x₂ + 0.5)、y = step(−h₁ + h₂ + 0.5)。これは何を計算しますか。',
    },
    input: 'choice',
    choices: ['XOR', 'NAND', 'NOR', 'XNOR'].map((id) => ({ id, label: { en: id, ja: id } })),
    hints: [
      { en: 'Begin with (0,0): h₁ is 0 and h₂ is 1.', ja: '(0,0) から始めましょう。h₁は0、h₂は1です。' },
      {
        en: 'Then y = step(0 + 1 + 0.5). XOR should answer 0 there.',
        ja: 'すると y = step(0 + 1 + 0.5) です。XORなら0と答えるはずの所です。',
      },
    ],
    async grade({ choice }, session) {
      const y = await run_by_hand(session, published, true);
      return {
        ok: choice === gate_name(y),
        message: { en: `Run just now: ${written(y)}.`, ja: `いま実行しました：${written(y)}。` },
      };
    },
  },
  {
    id: 'ln2',
    question: {
      en: 'What is the loss of a net that answers 0.5 to everything? Three decimals.',
      ja: 'すべてに0.5と答えるネットの損失はいくつですか。小数第3位まで答えてください。',
    },
    input: 'number',
    hints: [{ en: 'Every term of the mean is −ln 0.5.', ja: '平均する項は、どれも −ln 0.5 です。' }],
    async grade({ values: [answer = NaN] }, session) {
      await session.create({
        kind: 'mlp',
        sizes: [2, 2, 1],
        hidden: 'tanh',
        output: 'sigmoid',
        loss: 'bce',
        init: { kind: 'constant', a: 0 },
        x: xor.x,
        t: xor.t,
        optimizer: { kind: 'sgd', lr: 0 },
        seed: 1,
      });
      const { loss } = await session.report();
      return {
        ok: Math.abs(answer - loss) < 0.002,
        message: {
          en: `A net whose weights are all zero answers 0.5 everywhere. Its loss in the core: ${formatNumber(loss, 4)}.`,
          ja: `重みがすべて0のネットは、どこでも0.5と答えます。コアが計算した損失は${formatNumber(loss, 4)}です。`,
        },
      };
    },
  },
];

/**
 * Lesson 1's exercises. Each answer is judged by creating a perceptron in the core and running it.
 */
import type { Check, CheckAnswer } from '@x2g/web/elements';
import { gate, row } from '../data.ts';
import { perceptron } from '../model.ts';

const and = gate('and');

async function grade_and({ values }: CheckAnswer, session: Parameters<Check['grade']>[1]) {
  const wrong: number[][] = [];
  for (const firesAtZero of [true, false]) {
    await session.create(perceptron(and, values, { firesAtZero }));
    const { y } = await session.evaluateRows(and.x, ['y']);
    wrong.push(and.t.flatMap((t, i) => (y?.data[i] === t ? [] : [i])));
  }
  const [ge = [], gt = []] = wrong;
  const points = (ge.length <= gt.length ? ge : gt).map((i) => `(${row(and, i).join(', ')})`).join(' ');
  if (ge.length === 0 && gt.length === 0)
    return {
      ok: true,
      message: {
        en: 'All four rows are right, whether a sum of 0 counts as 1 or as 0.',
        ja: '4行とも正解です。和が0のとき1としても0としても正しい答えになります。',
      },
    };
  if (ge.length === 0 || gt.length === 0) {
    const sign = ge.length === 0 ? 's ≥ 0' : 's > 0';
    return {
      ok: true,
      message: {
        en: `Right when it fires at ${sign}. A point lies exactly on your line, so the other convention disagrees.`,
        ja: `${sign} で1とするなら正解です。直線のちょうど上に点があるので、もう1つの約束では答えが変わります。`,
      },
    };
  }
  return { ok: false, message: { en: `Still wrong at ${points}.`, ja: `まだ間違える点：${points}` } };
}

export const checks: Check[] = [
  {
    id: 'and-by-hand',
    question: {
      en: 'Choose the three numbers so that the perceptron computes AND. They are run on all four rows.',
      ja: 'パーセプトロンがANDを計算するように、3つの数を決めてください。4行すべてで実行します。',
    },
    input: 'numbers',
    fields: [
      { id: 'w1', label: { en: 'w₁', ja: 'w₁' } },
      { id: 'w2', label: { en: 'w₂', ja: 'w₂' } },
      { id: 'b', label: { en: 'b', ja: 'b' } },
    ],
    hints: [
      {
        en: 'Both weights may be equal. Take 1 and 1.',
        ja: '2つの重みは同じでかまいません。1と1にしてみましょう。',
      },
      {
        en: 'Then the sums are b, 1 + b, 1 + b and 2 + b. Only the last may be positive.',
        ja: 'すると和は b、1 + b、1 + b、2 + b です。正になってよいのは最後だけです。',
      },
    ],
    grade: grade_and,
  },
  {
    id: 'sixth-look',
    question: {
      en: 'AND, all three numbers zero, η = 0.1, fires when s ≥ 0, points in the order (0,0) (0,1) (1,0) (1,1). What are the numbers after the sixth look?',
      ja: 'AND、3つの数はすべて0、η = 0.1、s ≥ 0 で1、点の順は (0,0) (0,1) (1,0) (1,1) です。6回目に見たあとの3つの数はいくつですか。',
    },
    input: 'numbers',
    fields: [
      { id: 'w1', label: { en: 'w₁', ja: 'w₁' } },
      { id: 'w2', label: { en: 'w₂', ja: 'w₂' } },
      { id: 'b', label: { en: 'b', ja: 'b' } },
    ],
    hints: [
      { en: 'A sum of exactly 0 counts as 1 here.', ja: 'ここでは、和がちょうど0なら1とします。' },
      {
        en: 'The mistakes happen at the looks 1, 4, 5 and 6.',
        ja: '間違えるのは1、4、5、6回目です。',
      },
    ],
    async grade({ values }, session) {
      await session.create(perceptron(and));
      const { perceptron: p } = await session.step(6);
      const ok = p !== undefined && values.every((v, i) => Math.abs(v - (p.weights[i] ?? NaN)) < 1e-9);
      return {
        ok,
        message: ok
          ? { en: 'The core’s trace agrees.', ja: 'コアの計算と一致しました。' }
          : {
              en: 'The core’s trace has other numbers. Write the looks down one by one.',
              ja: 'コアの計算とは違います。1回ずつ書き出してみてください。',
            },
      };
    },
  },
  {
    id: 'rate',
    question: {
      en: 'From zero weights with η = 0.1, AND took 11 mistakes. How many will it take with η = 10?',
      ja: '重み0、η = 0.1 のとき、ANDの間違いは11回でした。η = 10 にすると何回になるでしょうか。',
    },
    input: 'choice',
    choices: [
      { id: 'fewer', label: { en: 'Fewer', ja: '減る' } },
      { id: 'same', label: { en: 'The same', ja: '同じ' } },
      { id: 'more', label: { en: 'More', ja: '増える' } },
    ],
    hints: [
      {
        en: 'Multiply all three numbers by 100. Does the line move? Does any answer change?',
        ja: '3つの数をすべて100倍してみましょう。直線は動きますか。答えは変わりますか。',
      },
    ],
    async grade({ choice }, session) {
      const mistakes: number[] = [];
      for (const rate of [0.1, 10]) {
        await session.create(perceptron(and, undefined, { rate }));
        mistakes.push((await session.step(200)).perceptron?.mistakes ?? NaN);
      }
      const [slow = NaN, fast = NaN] = mistakes;
      const ok = choice === (fast < slow ? 'fewer' : fast > slow ? 'more' : 'same');
      return {
        ok,
        message: {
          en: `Run just now: ${slow} mistakes with η = 0.1, ${fast} with η = 10.`,
          ja: `いま実行しました。η = 0.1 で${slow}回、η = 10 で${fast}回です。`,
        },
      };
    },
  },
];

/**
 * Lesson 6's exercises. Each answer is judged by building the graph in the core and asking it.
 */
import type { Check } from '@x2g/web/elements';
import { defaults } from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { model, options, type Values } from '../model.ts';

/** The gradient of one number, from the core. */
export async function gradient(session: Session, values: Partial<Values>, name: string): Promise<number> {
  await session.create(model({ ...defaults(options), ...values }, 1));
  return (await session.checkGradient(name, 0)).analytic;
}

/** Exercise 3 of the study documents. */
export const third: Partial<Values> = { act: 'identity', x: 2, t: 5, w1: 1, w2: 1 };

const close = (answer: number, value: number): boolean =>
  Math.abs(answer - value) <= 0.005 * Math.max(1, Math.abs(value));

export const checks: Check[] = [
  {
    id: 'identity',
    question: {
      en: 'No activation, x = 2, t = 5, w₁ = w₂ = 1, L = ½(y − t)². What is ∂L/∂w₁?',
      ja: '活性化関数なし、x = 2、t = 5、w₁ = w₂ = 1、L = ½(y − t)² です。∂L/∂w₁はいくつですか。',
    },
    input: 'number',
    hints: [
      { en: 'Forward first: y = w₂ w₁ x.', ja: 'まず順方向です。y = w₂ w₁ x。' },
      { en: '∂L/∂y = y − t = −3.', ja: '∂L/∂y = y − t = −3 です。' },
      { en: 'From y to w₁ there are two factors: w₂ and x.', ja: 'yからw₁までに掛かるのは、w₂とxです。' },
    ],
    async grade({ values: [answer = Number.NaN] }, session) {
      const found = await gradient(session, third, 'w1');
      return {
        ok: close(answer, found),
        message: {
          en: `The core has just computed ${formatNumber(found)}: (y − t) · w₂ · x.`,
          ja: `いまコアで計算すると${formatNumber(found)}でした。(y − t) · w₂ · x です。`,
        },
      };
    },
  },
  {
    id: 'minimum',
    question: {
      en: 'The same net with w₂ = 1. For which w₁ does no gradient come back?',
      ja: '同じネットでw₂ = 1とします。勾配が戻ってこなくなるw₁はいくつですか。',
    },
    input: 'number',
    hints: [
      { en: 'The first factor on the way back is y − t.', ja: '戻るときの最初の因数は y − t です。' },
      { en: 'y = t when w₁ · 2 = 5.', ja: 'w₁ · 2 = 5 のとき y = t です。' },
    ],
    async grade({ values: [answer = Number.NaN] }, session) {
      if (!Number.isFinite(answer) || Math.abs(answer) > 1e6)
        return { ok: false, message: { en: 'Give a number.', ja: '数を入力してください。' } };
      const found = await gradient(session, { ...third, w1: answer }, 'w1');
      return {
        ok: Math.abs(found) < 1e-3,
        message: {
          en: `With your w₁ the core finds ∂L/∂w₁ = ${formatNumber(found)}.`,
          ja: `そのw₁では、コアの計算で ∂L/∂w₁ = ${formatNumber(found)} です。`,
        },
      };
    },
  },
  {
    id: 'sine',
    question: {
      en: 'z = sin(x²). What is dz/dx at x = 1? Two decimals.',
      ja: 'z = sin(x²) です。x = 1 での dz/dx はいくつですか。小数第2位まで答えてください。',
    },
    input: 'number',
    hints: [
      { en: 'The slope of sin at u is cos u, and u is x².', ja: 'sinの傾きは cos u で、u は x² です。' },
      {
        en: 'x reaches u by two arrows, each with the factor x.',
        ja: 'xは2本の矢印でuに届き、どちらの因数もxです。',
      },
    ],
    async grade({ values: [answer = Number.NaN] }, session) {
      const found = await gradient(session, { graph: 'sine', x: 1 }, 'x');
      return {
        ok: Math.abs(answer - found) < 0.006,
        message: {
          en: `The core: ${formatNumber(found, 4)}, which is 2x cos(x²).`,
          ja: `コアの計算では${formatNumber(found, 4)}、つまり 2x cos(x²) です。`,
        },
      };
    },
  },
  {
    id: 'shape',
    question: {
      en: 'W₂ takes 3 numbers to 2. δ² has shape (2), a₁ has shape (3). Which product is ∂C/∂W₂?',
      ja: 'W₂は3つの数を2つにします。δ²の形は(2)、a₁の形は(3)です。∂C/∂W₂はどの積ですか。',
    },
    input: 'choice',
    choices: [
      { id: '2,3', label: { en: 'δ² a₁ᵀ, shape (2, 3)', ja: 'δ² a₁ᵀ、形は(2, 3)' } },
      { id: '3,2', label: { en: 'a₁ δ²ᵀ, shape (3, 2)', ja: 'a₁ δ²ᵀ、形は(3, 2)' } },
      { id: '', label: { en: 'δ² · a₁, one number', ja: 'δ² · a₁、1つの数' } },
    ],
    hints: [
      {
        en: 'A gradient has the shape of what it is the gradient of.',
        ja: '勾配の形は、もとのテンソルの形と同じです。',
      },
    ],
    async grade({ choice }, session) {
      await session.create(model({ ...defaults(options), graph: 'layers' }, 1));
      const { shape } = await session.tensor('W2', true);
      return {
        ok: choice === shape.join(),
        message: {
          en: `The gradient of W₂ in the core has shape (${shape.join(', ')}), like W₂ itself.`,
          ja: `コアにあるW₂の勾配の形は、W₂と同じ(${shape.join(', ')})です。`,
        },
      };
    },
  },
];

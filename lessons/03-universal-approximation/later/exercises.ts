/**
 * Lesson 3's exercises. Each answer is judged by building or training the net in the core.
 */
import { defaults, type Check, type Label } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { gap_after } from '../ladder.ts';
import { LIMIT, model, options, samples, type Values } from '../model.ts';

/** A gap that the eye forgives. */
const GOAL = 0.05;
/** Most units that an answer may name. */
const MOST = 64;

const whole = (answer: number): boolean => Number.isInteger(answer) && answer >= 1 && answer <= MOST;
const refused: Label = {
  en: `Give a whole number from 1 to ${MOST}.`,
  ja: `1から${MOST}までの整数で答えてください。`,
};

export const checks: Check[] = [
  {
    id: 'smallest-built',
    question: {
      en: 'A net built by hand: hinges at even distances, straight through the points of the sine. How many hinges does it take at least to bring the widest gap below 0.05?',
      ja: '手で組み立てたネットでは、折れ目を等間隔に置き、正弦波の点をまっすぐにつなぎます。最大のずれを0.05より小さくするには、折れ目が少なくともいくつ必要ですか。',
    },
    input: 'number',
    hints: [
      {
        en: 'Choose “built by hand” as first weights and drag the number of hinges. The net stands without training.',
        ja: '「最初の重み」を「手で組み立てる」にして、折れ目の数を動かしてください。訓練しなくてもネットができています。',
      },
      {
        en: 'No gap is wider than max |f″| / (8 m²). For sin 2πx the largest second derivative is 4π² ≈ 39.5.',
        ja: 'ずれは max |f″| / (8 m²) を超えません。sin 2πx の2階導関数は、最大で 4π² ≈ 39.5 です。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      if (!whole(answer)) return { ok: false, message: refused };
      const opt: Values = { ...defaults(options), start: 'built' };
      const here = await gap_after(session, { ...opt, hidden: answer }, 1, 0);
      const before = answer > 1 ? await gap_after(session, { ...opt, hidden: answer - 1 }, 1, 0) : Infinity;
      const [a, b] = [formatNumber(here), formatNumber(before)];
      return {
        ok: here < GOAL && before >= GOAL,
        message: {
          en: `Built just now: ${answer} leave ${a}${answer > 1 ? `, ${answer - 1} leave ${b}` : ''}.`,
          ja: `いま組み立てました：${answer}個では${a}${answer > 1 ? `、${answer - 1}個では${b}` : ''}です。`,
        },
      };
    },
  },
  {
    id: 'smallest-trained',
    question: {
      en: 'And trained? With the page’s first settings and seed 1, which is the smallest number of hinges that ends with a gap below 0.05?',
      ja: '訓練ならどうでしょうか。このページの最初の設定とシード1で、最大のずれが0.05より小さくなる最小の折れ目の数はいくつですか。',
    },
    input: 'number',
    hints: [
      {
        en: 'Training may move the hinges to where the curve bends most. It should need fewer.',
        ja: '訓練では、曲線が強く曲がる所へ折れ目を動かせます。必要な数は減るはずです。',
      },
      {
        en: 'Press “Try 1 to 32 hinges”, then drag the number between two rungs.',
        ja: '「折れ目1〜32個を試す」を押し、そのあと間の数を試してください。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      if (!whole(answer)) return { ok: false, message: refused };
      const found: string[] = [];
      let good: number | undefined;
      for (let units = 1; units <= Math.min(answer, 32) && good === undefined; units += 1) {
        const gap = await gap_after(session, { ...defaults(options), hidden: units }, 1, LIMIT);
        if (gap < GOAL) good = units;
        if (units >= answer - 1 || gap < GOAL) found.push(`${units}: ${formatNumber(gap)}`);
      }
      return {
        ok: good === answer,
        message: {
          en: `Trained just now, hinges and gap: ${found.join('; ')}.`,
          ja: `いま訓練しました。折れ目の数とずれは ${found.join('、')} です。`,
        },
      };
    },
  },
  {
    id: 'parameters',
    question: {
      en: 'How many numbers does a net with 16 hidden units learn here, weights and biases together?',
      ja: '隠れユニットが16個のネットは、重みとバイアスを合わせて、いくつの数を学びますか。',
    },
    input: 'number',
    hints: [
      {
        en: 'Each unit has a weight and a bias of its own, and a height. The answer has one constant.',
        ja: 'ユニットごとに、重み、バイアス、高さが1つずつあります。出力には定数が1つあります。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const opt: Values = { ...defaults(options), hidden: 16 };
      const { parameterCount } = await session.create(model(opt, 1, samples(opt)));
      return {
        ok: answer === parameterCount,
        message: { en: `The core counts ${parameterCount}.`, ja: `コアが数えると${parameterCount}個です。` },
      };
    },
  },
];

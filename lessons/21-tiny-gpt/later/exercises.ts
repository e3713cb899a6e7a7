/**
 * Lesson 21's exercises. The right answers are taken from models that the core builds.
 */
import type { Check } from '@x2g/web/elements';
import { formatCount, formatNumber } from '@x2g/web/math';
import { defaults } from '@x2g/web/elements';
import { model, options, presets } from '../model.ts';

/** A text of exactly 65 different characters, the number that tiny Shakespeare has. */
export const sixty_five = Array.from({ length: 6500 }, (_, i) =>
  String.fromCharCode(0x3041 + ((i * 7) % 65)),
).join('');
const laptop = { ...defaults(options), preset: 'laptop' as const, source: 'own' as const };

export const checks: Check[] = [
  {
    id: 'ln-v',
    question: {
      en: 'A text has 65 different characters. What is the loss of a model that has learned nothing? Two decimals.',
      ja: '文章に65種類の文字があります。何も学んでいないモデルの損失はいくつですか。小数第2位まで答えてください。',
    },
    input: 'number',
    hints: [
      { en: 'It gives each character the probability 1/65.', ja: 'どの文字にも確率 1/65 を与えます。' },
      { en: 'The loss is −ln(1/65).', ja: '損失は −ln(1/65) です。' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      await session.create(model({ ...laptop, preset: 'tiny' }, 1, 'en', sixty_five));
      const { loss } = await session.report();
      return {
        ok: Math.abs(answer - Math.log(65)) < 0.02,
        message: {
          en: `ln 65 = ${formatNumber(Math.log(65), 4)}. A fresh model, run just now: ${formatNumber(loss, 4)}.`,
          ja: `ln 65 = ${formatNumber(Math.log(65), 4)} です。いま組み立てたばかりのモデルでは ${formatNumber(loss, 4)} でした。`,
        },
      };
    },
  },
  {
    id: 'parameters',
    question: {
      en: `How many parameters has the laptop preset with 65 characters? 4 layers, 128 channels, window 64, no biases, one table for input and output.`,
      ja: '65種類の文字で、ノートPCのプリセットのパラメーターはいくつですか。4層、128チャネル、窓64、バイアスなし、入力と出力の表は共通です。',
    },
    input: 'number',
    hints: [
      {
        en: 'The tables: 65 · 128 for characters, 64 · 128 for positions.',
        ja: '表は、文字が 65 · 128、位置が 64 · 128 です。',
      },
      {
        en: 'A block: 12 · 128² in its four matrices, and 2 · 128 in its two normalizations.',
        ja: '1ブロックは、4つの行列で 12 · 128²、2つの正規化で 2 · 128 です。',
      },
      { en: 'And one last normalization, 128.', ja: '最後に、もう1つの正規化の128が加わります。' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const { parameterCount } = await session.estimate(model(laptop, 1, 'en', sixty_five));
      return {
        ok: answer === parameterCount,
        message: {
          en: `The engine counts ${formatCount(parameterCount)} in ${presets.laptop.layers} layers.`,
          ja: `エンジンが数えると、${presets.laptop.layers}層で${formatCount(parameterCount)}個です。`,
        },
      };
    },
  },
];

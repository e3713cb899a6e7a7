/**
 * Lesson 21's switches. Each takes something away from the small preset and starts a new run; what happens then is the core's doing.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import { presets, type Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}

const whole: Partial<Values> = { preset: 'small', rate: 1, warm: true, kilobytes: 1000, source: 'auto' };
const narrow: Partial<Values> = { preset: 'custom', ...sizes(), context: 2, batch: 64 };

function sizes() {
  const { layers, heads, channels, context, batch, steps } = presets.small;
  return { layers, heads, channels, context, batch, steps };
}

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const without = (missing: Partial<Values>) => ({
    on: () => set({ ...whole, ...missing }),
    off: () => set(whole),
  });
  return [
    {
      id: 'rate',
      label: { en: 'Learning rate × 100', ja: '学習率を100倍にする' },
      look: {
        en: 'the loss: it jumps above ln V, where it began.',
        ja: '損失。出発点の ln V よりも上に跳ね上がります。',
      },
      why: {
        en: 'The gradient is right only close to where it was taken. A step that leaves this neighborhood lands anywhere, and the next one starts from there.',
        ja: '勾配が正しいのは、測った場所のすぐ近くだけです。そこを飛び出す一歩はどこに着くか分からず、次の一歩はそこから始まります。',
      },
      ...without({ rate: 100 }),
      active: () => opt.rate === 100,
    },
    {
      id: 'window',
      label: { en: 'A window of two characters', ja: '窓を2文字にする' },
      look: {
        en: 'the samples: syllables, but hardly a word.',
        ja: 'サンプル。音のつながりらしくはなりますが、単語はほとんど現れません。',
      },
      why: {
        en: 'What stands further back cannot be seen, so nothing can be learned from it. The model is a table of pairs in disguise.',
        ja: 'それより前の文字は見えないので、そこからは何も学べません。文字の組の表と同じことしかできないのです。',
      },
      ...without(narrow),
      active: () => opt.preset === 'custom' && opt.context === 2,
    },
    {
      id: 'little-text',
      label: { en: 'Five kilobytes of text', ja: '文章を5キロバイトにする' },
      look: {
        en: 'the two curves: training goes on falling, validation stops high up and turns.',
        ja: '2本の曲線。訓練は下がり続け、検証は高い所で止まって上がり始めます。',
      },
      why: {
        en: 'A few pages are easier to learn by heart than the language that they are written in.',
        ja: '数ページなら、書かれている言葉の決まりを覚えるより、丸暗記するほうが簡単です。',
      },
      ...without({ kilobytes: 5 }),
      active: () => opt.kilobytes === 5,
    },
  ];
}

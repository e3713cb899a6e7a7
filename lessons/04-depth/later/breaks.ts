/**
 * Lesson 4's switches: what the folding rests on, taken away. What then happens is the core's doing.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import type { Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}
const whole: Partial<Values> = { act: 'relu', missing: 0 };

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const folds = Math.max(4, opt.folds);
  const without = (missing: Partial<Values>) => ({
    on: () => set({ ...whole, folds, ...missing }),
    off: () => set(whole),
  });
  return [
    {
      id: 'linear',
      label: { en: 'No activation function', ja: '活性化関数をなくす' },
      look: {
        en: 'the pieces: one, however many layers there are.',
        ja: '直線の数。層がいくつあっても1本です。',
      },
      why: {
        en: 'A straight line behind a straight line is a straight line. Depth multiplies folds, and without a bend there is no fold to multiply.',
        ja: '直線の後に直線を重ねても直線です。深さは折り目を掛け合わせますが、曲がらなければ、掛ける折り目がありません。',
      },
      ...without({ act: 'identity' }),
      active: () => opt.act === 'identity',
    },
    {
      id: 'last-unit',
      label: { en: 'Take one unit of the last tent away', ja: '最後のテントからユニットを1つ取る' },
      look: { en: 'the deep net: half the pieces are gone.', ja: '深いネット。直線が半分になります。' },
      why: {
        en: 'One unit alone does not turn back. The last layer only stretches, and one fold is missing.',
        ja: 'ユニット1つでは折り返せません。最後の層は引き伸ばすだけで、1回分の折りがなくなります。',
      },
      ...without({ missing: folds }),
      active: () => opt.missing > 1 && opt.missing === opt.folds,
    },
    {
      id: 'first-unit',
      label: { en: 'Take one unit of the first tent away', ja: '最初のテントからユニットを1つ取る' },
      look: {
        en: 'the right half of the deep net’s picture: all of its folds are gone.',
        ja: '深いネットの図の右半分。折り目がすべて消えます。',
      },
      why: {
        en: 'The right half of the strip is no longer laid on the left one. It lies beyond the reach of the next tents, which answer 0 there.',
        ja: '帯の右半分が左半分に重ならなくなります。次のテントの届かない所にはみ出すので、そこでの答えは0です。',
      },
      ...without({ missing: 1 }),
      active: () => opt.missing === 1,
    },
  ];
}

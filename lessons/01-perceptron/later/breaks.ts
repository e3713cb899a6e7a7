/**
 * Lesson 1's switches: each takes away something that the convergence theorem or common sense asks for. The failure is the core's doing.
 */
import type { BreakSwitch, OptionValues } from '@x2g/web/elements';
import { contradiction, own_points } from '../data.ts';
import type { options } from '../model.ts';

type Values = OptionValues<typeof options>;

export function breaks(opt: Values, change: (values: Partial<Values>) => void): BreakSwitch[] {
  const off = () => change({ data: 'and', rate: 0.1, points: own_points });
  return [
    {
      id: 'xor',
      label: { en: 'No line: XOR', ja: '直線がない：XOR' },
      look: {
        en: 'the mistakes, and the status line after a few epochs.',
        ja: '間違いの回数と、数エポック後の状態表示。',
      },
      why: {
        en: 'No line puts (0,1) and (1,0) on one side and (0,0) and (1,1) on the other. The weights come back to earlier values and repeat.',
        ja: '(0,1) と (1,0) を片側に、(0,0) と (1,1) を反対側に置く直線はありません。重みは前の値に戻り、同じことを繰り返します。',
      },
      on: () => change({ data: 'xor' }),
      off,
      active: () => opt.data === 'xor',
    },
    {
      id: 'label',
      label: { en: 'One wrong label', ja: 'ラベルを1つ間違える' },
      look: {
        en: 'the upper right corner: a second point stands there with class 0.',
        ja: '右上の角。クラス0の点がもう1つ重なっています。',
      },
      why: {
        en: 'Two equal points with different labels can never both be right. One wrong label is enough to keep the rule busy for ever.',
        ja: '同じ場所にある、ラベルの違う2点は、両方正解にはできません。間違ったラベルが1つあるだけで、規則はいつまでも止まりません。',
      },
      on: () => change({ data: 'own', points: contradiction }),
      off,
      active: () => opt.data === 'own' && JSON.stringify(opt.points) === JSON.stringify(contradiction),
    },
    {
      id: 'tiny-rate',
      label: { en: 'A tiny learning rate', ja: '極端に小さい学習率' },
      look: {
        en: 'how many mistakes it takes to turn the same line.',
        ja: '同じ直線を回すのに必要な間違いの回数。',
      },
      why: {
        en: 'Each mistake moves the line by η times the point. From a wrong line with η = 0.001 it takes 443 mistakes. From zeros the rate would not matter.',
        ja: '1回の間違いで動くのは、点のη倍だけです。η = 0.001 だと、間違った直線から443回かかります。0から始めれば、学習率は関係ありません。',
      },
      on: () => change({ data: 'and', start: 'line', rate: 0.001 }),
      off,
      active: () => opt.rate === 0.001,
    },
  ];
}

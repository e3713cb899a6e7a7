/**
 * Lesson 6's switches. Three put a mistake into the chain rule as it stands on the page; the core's central difference tells that it is one.
 * The fourth lets the engine itself run away.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import type { Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}

const whole: Partial<Values> = {
  mistake: 'none',
  graph: 'net',
  act: 'sigmoid',
  lr: 1,
  x: 2,
  t: 1,
  w1: 0.5,
  w2: 0.5,
};
/** Exercise 3 of the study documents, with a rate that is far too large. */
export const RUNAWAY: Partial<Values> = { ...whole, act: 'identity', t: 5, w1: 1, w2: 1, lr: 0.5 };

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const with_mistake = (mistake: Values['mistake'], rest: Partial<Values> = {}) => ({
    on: () => set({ ...whole, ...rest, mistake }),
    off: () => set(whole),
    active: () => opt.mistake === mistake,
  });
  return [
    {
      id: 'slope',
      label: { en: 'Forget σ′', ja: 'σ′を忘れる' },
      look: {
        en: 'the gradient check: the mistaken gradient is about four times too large at each σ.',
        ja: '勾配の検算。σを1つ通るたびに、勾配がおよそ4倍大きすぎます。',
      },
      why: {
        en: 'The op multiplies what arrives by its slope. σ′ is at most 1/4; without it the layer is treated as if it were a wire.',
        ja: '演算は、届いた勾配に自分の傾きを掛けます。σ′は最大でも1/4です。忘れると、その層をただの導線とみなすことになります。',
      },
      ...with_mistake('slope'),
    },
    {
      id: 'path',
      label: { en: 'Drop a path', ja: '経路を1つ落とす' },
      look: {
        en: 'sin(x²): x reaches x² by two arrows. The mistaken gradient is exactly half of the right one.',
        ja: 'sin(x²)。xは2本の矢印でx²に届きます。間違った勾配は、正しい勾配のちょうど半分です。',
      },
      why: {
        en: 'What comes back by several paths is added up. Leave one out, and its share is missing.',
        ja: '複数の経路で戻ってくる勾配は足し合わせます。1つ落とすと、その分が足りません。',
      },
      ...with_mistake('path', { graph: 'sine' }),
    },
    {
      id: 'order',
      label: { en: 'Wrong order: first op first', ja: '順序を逆に：最初の演算から' },
      look: {
        en: 'the gradient check: the mistaken gradient is 0.',
        ja: '勾配の検算。間違った勾配は0です。',
      },
      why: {
        en: 'An op can pass back only what has arrived. Begin at the input, and nothing has.',
        ja: '演算が戻せるのは、届いた勾配だけです。入力側から始めると、まだ何も届いていません。',
      },
      ...with_mistake('order'),
    },
    {
      id: 'rate',
      label: { en: 'A rate far too large', ja: '大きすぎる学習率' },
      look: {
        en: 'press Run: the loss grows at every step until a float cannot hold it.',
        ja: '実行を押してください。損失はステップごとに大きくなり、浮動小数点数で表せなくなります。',
      },
      why: {
        en: 'The gradient is the slope at one point. A step far beyond the valley lands higher than it began, and the next step is larger still.',
        ja: '勾配は、いまいる点での傾きにすぎません。谷をはるかに越えるほど進むと、前より高い所に着き、次の1歩はさらに大きくなります。',
      },
      on: () => set(RUNAWAY),
      off: () => set(whole),
      active: () => opt.act === 'identity' && opt.lr === 0.5,
    },
  ];
}

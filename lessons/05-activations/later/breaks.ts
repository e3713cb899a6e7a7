/**
 * Lesson 5's switches: ways in which units fall silent. What then happens is the core's doing.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import type { Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}
const whole: Partial<Values> = { f: 'relu', lr: 0.5, bias: 0 };

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const without = (missing: Partial<Values>) => ({
    on: () => set({ ...whole, ...missing }),
    off: () => set(whole),
  });
  return [
    {
      id: 'dying',
      label: { en: 'ReLU with biases of −8', ja: 'ReLUで、バイアスを−8から始める' },
      look: {
        en: 'the units that answer 0 to all: all of them, at once.',
        ja: 'どの点にも0と答えるユニット。最初からすべてです。',
      },
      why: {
        en: 'Every sum is negative, so every ReLU is flat. No gradient passes, no weight is told to change, and they stay dead.',
        ja: 'どの和も負なので、どのReLUも平らです。勾配が通らず、どの重みも変わらないので、生き返りません。',
      },
      ...without({ bias: -8 }),
      active: () => opt.f === 'relu' && opt.bias === -8,
    },
    {
      id: 'large-rate',
      label: { en: 'ReLU with a learning rate of 20', ja: 'ReLUで、学習率を20にする' },
      look: {
        en: 'the loss, and the units that answer 0 to all.',
        ja: '損失と、どの点にも0と答えるユニット。',
      },
      why: {
        en: 'One wide step carries the sums below zero for every point, and from there no step leads back.',
        ja: '大きすぎる一歩で、すべての点での和が0より下になり、そこから戻る一歩はありません。',
      },
      ...without({ lr: 20 }),
      active: () => opt.f === 'relu' && opt.lr === 20,
    },
    {
      id: 'step',
      label: { en: 'The step function', ja: 'ステップ関数にする' },
      look: { en: 'the loss: only the last layer learns.', ja: '損失。学ぶのは最後の層だけです。' },
      why: {
        en: 'The slope of a step is zero wherever it exists. Only the weights behind it are reached.',
        ja: 'ステップ関数の傾きは、あるところではどこでも0です。勾配が届くのは、その後ろの重みだけです。',
      },
      ...without({ f: 'step' }),
      active: () => opt.f === 'step',
    },
  ];
}

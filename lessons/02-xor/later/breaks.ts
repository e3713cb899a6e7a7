/**
 * Lesson 2's switches: each takes one ingredient of the default away, so that the failure can be watched. What then happens is the core's doing.
 */
import type { BreakSwitch, OptionValues } from '@x2g/web/elements';
import type { options } from '../model.ts';

type Values = OptionValues<typeof options>;
interface Demo {
  opt: Values;
  seed: number;
  set(values: Partial<Values>, seed: number): void;
}

/** The first seed whose default net gets stuck. */
export const BAD_SEED = 54;
const whole: Partial<Values> = { hidden: 2, act: 'tanh', spread: 0.1, start: 'random', lr: 2 };

export function breaks({ opt, seed, set }: Demo): BreakSwitch[] {
  const without = (missing: Partial<Values>, with_seed = 1) => ({
    on: () => set({ ...whole, ...missing }, with_seed),
    off: () => set(whole, 1),
  });
  return [
    {
      id: 'one-unit',
      label: { en: 'One hidden unit', ja: '隠れユニットを1つに' },
      look: { en: 'the loss: it stops falling at 0.477.', ja: '損失。0.477で下がらなくなります。' },
      why: {
        en: 'One unit bends the plane along one direction only. One corner can be cut off; the other three share an answer, two of one class and one of the other.',
        ja: '1つのユニットでは、1つの向きにしか曲げられません。角を1つ切り落とすと、残りの3点は同じ答えになり、クラスは2対1に分かれます。',
      },
      ...without({ hidden: 1 }, 2),
      active: () => opt.hidden === 1,
    },
    {
      id: 'linear',
      label: { en: 'No activation function', ja: '活性化関数をなくす' },
      look: {
        en: 'the paper on the right: it tilts and stretches, but stays flat.',
        ja: '右の方眼紙。傾いて伸びますが、平らなままです。',
      },
      why: {
        en: 'A linear layer after a linear layer is one linear layer. The best it can do is one half for everything, a loss of ln 2.',
        ja: '線形の層を2つ重ねても、1つの線形の層と同じです。最善でもすべてに0.5と答えるだけで、損失は ln 2 です。',
      },
      ...without({ act: 'identity' }),
      active: () => opt.act === 'identity',
    },
    {
      id: 'step',
      label: { en: 'Step units', ja: 'ステップ関数にする' },
      look: { en: 'the size of the gradient, and the weights.', ja: '勾配の大きさと重み。' },
      why: {
        en: 'The slope of a step is 0 on both sides of the jump. No weight is told what to change.',
        ja: 'ステップ関数の傾きは、跳ぶ所の両側で0です。どの重みにも、何を変えればよいかが伝わりません。',
      },
      ...without({ act: 'step' }),
      active: () => opt.act === 'step' && opt.start === 'random',
    },
    {
      id: 'bad-seed',
      label: { en: `A bad seed (${BAD_SEED})`, ja: `運の悪いシード（${BAD_SEED}）` },
      look: {
        en: 'the loss: a second plateau at 0.347 that never ends.',
        ja: '損失。0.347で2度目の停滞に入り、抜け出せません。',
      },
      why: {
        en: 'Two points are right and the other two share the answer one half. Every small change makes it worse, though a better net exists.',
        ja: '2点は正しく、残りの2点はどちらも0.5と答えます。もっと良いネットがあるのに、少し変えると必ず悪くなります。',
      },
      ...without({}, BAD_SEED),
      active: () => seed === BAD_SEED,
    },
    {
      id: 'large-start',
      label: { en: 'Large first weights', ja: '最初の重みを大きくする' },
      look: {
        en: 'the loss: it falls at once, then gets stuck. Try other seeds.',
        ja: '損失。すぐに下がりますが、途中で止まります。ほかのシードも試してください。',
      },
      why: {
        en: 'Large weights begin with a bend already made, good or bad, and keep it. Small ones stay undecided until the data has spoken.',
        ja: '大きな重みは、良くも悪くも、最初から折り目がついていて、それを変えません。小さな重みは、データに教わるまで折り目を決めません。',
      },
      ...without({ spread: 1 }),
      active: () => opt.spread === 1,
    },
  ];
}

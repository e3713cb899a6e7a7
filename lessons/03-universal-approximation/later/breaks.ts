/**
 * Lesson 3's switches: each takes one ingredient away, so that the failure can be watched. What then happens is the core's doing.
 */
import type { BreakSwitch } from '@x2g/web/elements';
import type { Values } from '../model.ts';

interface Demo {
  opt: Values;
  set(values: Partial<Values>): void;
}
const whole: Partial<Values> = {
  hidden: 12,
  act: 'relu',
  start: 'random',
  lr: 0.02,
  target: 'sine',
  noise: 0,
};

export function breaks({ opt, set }: Demo): BreakSwitch[] {
  const without = (missing: Partial<Values>) => ({
    on: () => set({ ...whole, ...missing }),
    off: () => set(whole),
  });
  return [
    {
      id: 'one-unit',
      label: { en: 'One hinge', ja: '折れ目を1つに' },
      look: {
        en: 'the widest gap: it ends above 1.',
        ja: '最大のずれ。1より大きいまま終わります。',
      },
      why: {
        en: 'One hinge joins a flat half-line and a slanted one. A sine turns twice.',
        ja: '折れ目1つでは、水平な半直線と斜めの半直線をつなぐだけです。正弦波は2回向きを変えます。',
      },
      ...without({ hidden: 1 }),
      active: () => opt.hidden === 1,
    },
    {
      id: 'linear',
      label: { en: 'No activation function', ja: '活性化関数をなくす' },
      look: {
        en: 'the net: a straight line, though it has twelve units.',
        ja: 'ネット。ユニットが12個あっても直線です。',
      },
      why: {
        en: 'Without a bend in the unit there is no hinge. A sum of straight lines is a straight line, and the theorem asks for a function that is no polynomial.',
        ja: 'ユニットが曲がらなければ、折れ目もありません。直線の和は直線です。定理も、活性化関数が多項式でないことを求めています。',
      },
      ...without({ act: 'identity' }),
      active: () => opt.act === 'identity',
    },
    {
      id: 'same',
      label: { en: 'All first weights the same', ja: '最初の重みをすべて同じに' },
      look: {
        en: 'the triangles: twelve of them on one spot, for ever.',
        ja: '三角。12個が同じ場所に重なったままです。',
      },
      why: {
        en: 'Twelve equal units get twelve equal gradients and stay equal. They are one unit, counted twelve times.',
        ja: '同じユニットは同じ勾配を受け取り、いつまでも同じです。1つのユニットを12回数えているだけです。',
      },
      ...without({ start: 'same' }),
      active: () => opt.start === 'same',
    },
    {
      id: 'zeros',
      label: { en: 'All first weights zero', ja: '最初の重みをすべて0に' },
      look: {
        en: 'the net: it stays flat, and no triangle appears.',
        ja: 'ネット。水平なままで、三角は現れません。',
      },
      why: {
        en: 'With all heights zero, no unit’s weight hears of the error. With all weights zero, no unit answers, so no height hears of it either. Only the constant learns.',
        ja: '高さが0なら、ユニットの重みに誤差が伝わりません。重みが0なら、ユニットの答えも0で、高さにも伝わりません。学ぶのは定数だけです。',
      },
      ...without({ start: 'zeros' }),
      active: () => opt.start === 'zeros',
    },
    {
      id: 'large-rate',
      label: { en: 'A learning rate of 1', ja: '学習率を1にする' },
      look: { en: 'the error curves, and where the triangles go.', ja: '誤差の曲線と、三角の行き先。' },
      why: {
        en: 'The first steps move every weight by about 1. The hinges jump out of the picture, where they bend nothing, and hear no gradient that would bring them back.',
        ja: '最初の数歩で、どの重みも1ほど動きます。折れ目は図の外へ飛び出します。そこでは何も折らず、戻るための勾配も届きません。',
      },
      ...without({ lr: 1 }),
      active: () => opt.lr === 1,
    },
    {
      id: 'jump',
      label: { en: 'A curve with a jump', ja: '段差のある曲線にする' },
      look: {
        en: 'the widest gap: 1 or more, while the mean square goes on falling.',
        ja: '最大のずれ。二乗平均は下がり続けるのに、1より小さくなりません。',
      },
      why: {
        en: 'A net is continuous. On the way from −1 to 1 it must pass 0, and there it is 1 away from one side of the jump. The theorem promises nothing for curves that are not continuous.',
        ja: 'ネットは連続です。−1から1へ移る途中で必ず0を通り、そこでは段差の片側と1だけ離れます。定理は、連続でない曲線には何も約束しません。',
      },
      ...without({ target: 'step' }),
      active: () => opt.target === 'step',
    },
    {
      id: 'noise',
      label: { en: 'Noisy samples, 32 hinges', ja: 'ノイズのある標本と、折れ目32個' },
      look: {
        en: 'the loss on the samples, and the mean square to the true curve. Then compare with 4 hinges.',
        ja: '標本での損失と、本当の曲線との二乗平均。そのあと折れ目4個と比べてください。',
      },
      why: {
        en: 'With more hinges than samples the net can follow the noise. It fits what it was shown and not what was meant: this is overfitting.',
        ja: '折れ目が標本より多いと、ノイズまでたどれます。見せられたものには合いますが、元の曲線からは離れます。これが過学習です。',
      },
      ...without({ noise: 0.25, hidden: 32 }),
      active: () => opt.noise > 0,
    },
  ];
}

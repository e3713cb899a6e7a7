/** What a twin run says, in both languages. Figures come in as texts. */
import type { Label } from '../option.ts';

export interface Figures {
  step: string;
  name: string;
  mine: string;
  its: string;
  a: string;
  b: string;
  gap: string;
}

const s = (en: string, ja: string): Label => ({ en, ja });

export const words = {
  title: s('Twin run', '双子の実行'),
  close: s('Close the twin', '双子を閉じる'),
  what: s('What differs in the twin', '双子で変えるもの'),
  nothing: s('nothing yet', 'まだ何も変えない'),
  seed: s('Seed', 'シード'),
  picture: s('Picture of the twin', '双子の図'),
  on: s('on', 'オン'),
  off: s('off', 'オフ'),
  this: s('this run', 'この実行'),
  twin: s('twin', '双子'),
  plot: s('Loss of both runs', '両方の損失'),
  step: s('step', 'ステップ'),
  loss: s('loss', '損失'),
  opening: s('The twin is starting.', '双子を準備しています。'),
  same: s(
    'So far the twin is the same in everything. Change one thing, then run both.',
    '今のところ、双子はすべて同じです。1つだけ変えて、両方を実行しましょう。',
  ),
  inexact: s(
    ' This run was changed by hand or while it ran; the twin was not.',
    'なお、この実行は途中で手を加えられていますが、双子はそうではありません。',
  ),
  behind: (twin: string, step: string) =>
    s(
      `The twin is catching up: step ${twin} of ${step}.`,
      `双子が追いかけています：${step}ステップ中${twin}。`,
    ),
  diverged: (step: string) =>
    s(
      `The twin's numbers left the range of a float after step ${step}.`,
      `双子の数値は、ステップ${step}の後に表せる範囲を超えました。`,
    ),
  losses: (f: Figures) =>
    s(
      `${f.name}: ${f.mine} here, ${f.its} in the twin. At step ${f.step} the loss is ${f.a} here and ${f.b} in the twin. `,
      `${f.name}は、この実行が${f.mine}、双子が${f.its}です。ステップ${f.step}の損失は、この実行が${f.a}、双子が${f.b}です。`,
    ),
  first: (f: Figures) => s(`This run's is lower, by ${f.gap}.`, `この実行のほうが${f.gap}低くなっています。`),
  second: (f: Figures) => s(`The twin's is lower, by ${f.gap}.`, `双子のほうが${f.gap}低くなっています。`),
  equal: () => s('They are equal.', '両者は同じです。'),
  unlike: () =>
    s(
      'They are measured in different ways and cannot be compared.',
      '損失の種類が違うため、比べられません。',
    ),
};

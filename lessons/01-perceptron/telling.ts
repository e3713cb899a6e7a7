/**
 * What lesson 1's figure says in sentences: where the run stands, and what the last look found.
 */
import type { Label, Report } from '@x2g/web/elements';
import { short, type Look } from './trace.ts';

export const before_first_look = (wrong: number, points: number): Label => ({
  en: `${wrong} of ${points} points stand on the wrong side. Press Step to look at the first point.`,
  ja: `${points}点のうち${wrong}点が間違った側にあります。ステップを押すと、最初の点を見ます。`,
});

/** The sum is known, the answer not yet. */
export const looking = ({ x }: Look): Label => ({
  en: `The neuron looks at the point (${x.map(short).join(', ')}) and adds up.`,
  ja: `ニューロンが点 (${x.map(short).join(', ')}) を見て、足し合わせます。`,
});

/** `over`: the update has been made, too. */
export const verdict = ({ output: y, target: t, error: e }: Look, over: boolean): Label =>
  e === 0
    ? { en: `y = ${y} is right. Nothing changes.`, ja: `y = ${y} は正解です。何も変わりません。` }
    : over
      ? {
          en: `y = ${y}, but t = ${t}: e = ${short(e)}.`,
          ja: `y = ${y} ですが t = ${t}。e = ${short(e)} です。`,
        }
      : {
          en: `y = ${y}, but t = ${t}: e = t − y = ${short(e)}. Next: the update.`,
          ja: `y = ${y} ですが t = ${t}。e = t − y = ${short(e)} です。次は更新です。`,
        };

const mistakes = (n: number): string => (n === 1 ? '1 mistake' : `${n} mistakes`);

/** The status line. */
export function standing({ step, perceptron: p }: Report, points: number): Label {
  if (!p || step === 0)
    return {
      en: 'Ready. Nothing has been looked at yet.',
      ja: '準備ができました。まだどの点も見ていません。',
    };
  if (p.converged)
    return {
      en: `Look ${step}: every point is right after ${mistakes(p.mistakes)}. The line moves no more.`,
      ja: `${step}回目：${p.mistakes}回の間違いで、すべての点が正解になりました。直線はもう動きません。`,
    };
  if (p.cycles)
    return {
      en: `Look ${step}: the weights are back where they were ${p.cycleLength} looks ago. This cycle never ends, for no line separates the points.`,
      ja: `${step}回目：重みが${p.cycleLength}回前と同じ値に戻りました。点を分ける直線がないので、この繰り返しは終わりません。`,
    };
  return {
    en: `Look ${step}: ${mistakes(p.mistakes)} so far, ${p.wrong} of ${points} points wrong now.`,
    ja: `${step}回目：ここまでの間違いは${p.mistakes}回、いま間違えている点は${points}点中${p.wrong}点です。`,
  };
}

/** Lesson 3's prediction, asked before the runs with 2 and with 16 hinges and answered by them. */
import type { Prediction } from '@x2g/web/elements';
import type { Rung } from './ladder.ts';

/** Compares what finished runs with 2 and with 16 hinges have left. */
export const prediction = (rungs: () => ReadonlyMap<number, Rung>): Prediction => ({
  question: {
    en: 'Two hinges leave a wide gap. What will 16 hinges leave, eight times as many?',
    ja: '折れ目2つでは、ずれが大きく残ります。8倍の16個にすると、最大のずれはどうなるでしょうか。',
  },
  choices: [
    { id: 'half', label: { en: 'About a half', ja: '半分くらい' } },
    { id: 'eighth', label: { en: 'About an eighth', ja: '8分の1くらい' } },
    { id: 'less', label: { en: 'Far less than an eighth', ja: '8分の1よりずっと小さい' } },
  ],
  outcome() {
    const [two, sixteen] = [2, 16].map((units) => rungs().get(units)?.trained);
    if (two === undefined || sixteen === undefined) return undefined;
    const ratio = sixteen / two;
    return ratio > 1 / 3 ? 'half' : ratio > 1 / 12 ? 'eighth' : 'less';
  },
  reveal: (_chosen, outcome) =>
    outcome === 'less'
      ? {
          en: 'A straight piece half as long leaves about a quarter of the gap. So the gap falls with the square of the number of hinges.',
          ja: '直線の長さが半分になると、ずれはおよそ4分の1になります。ずれは折れ目の数の2乗に反比例して小さくなります。',
        }
      : {
          en: 'This run did not get that far. Try another seed, or the smooth curve.',
          ja: 'この実行では、そこまで進みませんでした。別のシードか、なめらかな曲線で試してください。',
        },
});

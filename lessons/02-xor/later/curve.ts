/** The loss of lesson 2 over the steps. Fetched once the pictures above it stand. */
import type { Lang } from '@x2g/web/elements';
import { linePlot } from '@x2g/web/plot';

const words = {
  label: { en: 'Loss over the training steps', ja: 'ステップごとの損失' },
  loss: { en: 'loss', ja: '損失' },
  step: { en: 'step', ja: 'ステップ' },
};

export function loss_curve({ step, loss }: { step: number[]; loss: number[] }, act: string, lang: Lang) {
  const share = act === 'step'; // the squared error of answers 0 and 1: the share of wrong rows
  return linePlot({
    label: words.label[lang],
    series: [{ label: words.loss[lang], x: step, y: loss, role: 'train' }],
    xLabel: words.step[lang],
    yLabel: words.loss[lang],
    yRange: [0, share ? 1 : 0.8],
    marks: share ? [] : [{ y: Math.LN2, label: 'ln 2' }],
    height: 200,
  });
}

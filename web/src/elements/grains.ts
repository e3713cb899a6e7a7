/**
 * The grains of "Step by" with their names, for a lesson's grains(): return [grains.step, grains.forward, grains.backward, grains.update, grains.epoch].
 * What each does stands with the type Grain (lab/types.ts); report.done says which op was the last, report.examples which rows it was about.
 */
import type { RunInfo, ViewSpec } from '../lab/types.ts';
import type { StepGrain } from './types.ts';

const s = (grain: StepGrain['grain'], en: string, ja: string): StepGrain => ({ grain, label: { en, ja } });

export const grains = {
  /** A step whose batch is one row, and every step of a perceptron. */
  example: s('step', 'one example', '1例'),
  batch: s('step', 'one batch', '1ミニバッチ'),
  step: s('step', 'training step', '学習1回'),
  epoch: s('epoch', 'one epoch', '1エポック'),
  forward: s('forward', 'one node forward', '順伝播を1ノード'),
  backward: s('backward', 'one node backward', '逆伝播を1ノード'),
  forwardPass: s('forward-pass', 'the whole forward pass', '順伝播をすべて'),
  backwardPass: s('backward-pass', 'the whole backward pass', '逆伝播をすべて'),
  update: s('update', 'the update', '重みの更新'),
} as const;

/** Views of every tensor of a small run, `value NAME`, and of the gradients that there are, `grad NAME`: what a step's parts are told with. */
export const partViews = (info: RunInfo | undefined): ViewSpec[] =>
  (info?.tensors ?? []).flatMap(({ name, role }) => {
    const value: ViewSpec = { id: `value ${name}`, kind: 'tensor', name };
    const grad: ViewSpec = { id: `grad ${name}`, kind: 'tensor', name, grad: true };
    return role === 'parameter' || role === 'value' ? [value, grad] : [value];
  });

// A net that learns a curve from samples: one number in, one out, all samples in every step, AdamW with warm-up and a cosine down to a
// hundredth of the rate. What lessons share that fit curves; which layers, which start and which samples is theirs to say.
import type { MlpConfig } from './types.ts';

export interface CurveNet extends Pick<MlpConfig, 'sizes' | 'hidden' | 'init' | 'x' | 't' | 'seed'> {
  lr: number;
  /** Steps of the whole run, for the schedule. */
  steps: number;
}

/** The configuration of such a net's run: mean squared error, all samples a step, AdamW. `lr` at its highest, after the warm-up. */
export const curveNet = ({ lr, steps, ...net }: CurveNet): MlpConfig => ({
  kind: 'mlp',
  output: 'identity',
  loss: 'mse',
  batch: 0,
  optimizer: {
    kind: 'adamw',
    lr,
    weightDecay: 0,
    schedule: 'warmup_cosine',
    total: steps,
    minLr: lr / 100,
  },
  ...net,
});

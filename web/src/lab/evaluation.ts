// The loss of a language model on unseen and on seen text, node by node so that it can be interrupted whatever the model.
// The batches are the same at every evaluation, so that the figures can be compared with each other.
import type { GptRun } from './engine.ts';
import { LabError } from './errors.ts';
import type { Evaluated } from './reporting.ts';
import type { GptConfig } from './types.ts';

export class Evaluation {
  private readonly run: GptRun;
  private readonly every: number;
  private readonly batches: number;
  private readonly validates: boolean;
  private lastStep = 0;
  private work:
    { step: number; done: number; begun: boolean; validation: number; training: number } | undefined;

  constructor(run: GptRun, config: GptConfig, validationTokens: number) {
    for (const [field, value, low, high] of [
      ['evalEvery', config.evalEvery, 0, 1e9],
      ['evalBatches', config.evalBatches, 0, 1000],
    ] as const) {
      if (!Number.isInteger(value) || value < low || value > high) {
        const range = `a whole number from ${low} to ${high}`;
        throw new LabError('invalid_argument', `${field} is ${value}; it must be ${range}`);
      }
    }
    this.run = run;
    this.every = config.evalBatches > 0 ? config.evalEvery : 0;
    this.batches = config.evalBatches;
    this.validates = validationTokens > 0;
  }

  /** The next step at which training has to stop for an evaluation. */
  nextAfter(step: number): number {
    return this.every > 0 ? (Math.floor(step / this.every) + 1) * this.every : Infinity;
  }

  /** Says that `step` was reached; begins an evaluation where one is due. */
  reached(step: number): void {
    if (this.every > 0 && step > 0 && step % this.every === 0 && step !== this.lastStep) {
      this.work = { step, done: 0, begun: false, validation: 0, training: 0 };
      this.lastStep = step;
    }
  }

  get pending(): boolean {
    return this.work !== undefined;
  }

  /** After going back or restoring. */
  rewind(step: number): void {
    this.work = undefined;
    this.lastStep = Math.min(this.lastStep, step);
  }

  /** One node of one batch; the result when it was the last of all. */
  advance(): Evaluated | undefined {
    const w = this.work;
    if (!w) return undefined;
    const onTraining = !this.validates || w.done >= this.batches;
    if (!w.begun) this.run.beginEvaluation(!onTraining, w.done % this.batches);
    const loss = this.run.advanceEvaluation();
    w.begun = loss === null;
    if (loss === null) return undefined;
    w.done += 1;
    if (onTraining) w.training += loss;
    else w.validation += loss;
    if (w.done < this.batches * (this.validates ? 2 : 1)) return undefined;
    this.work = undefined;
    return {
      step: w.step,
      valLoss: this.validates ? w.validation / this.batches : null,
      trainLoss: w.training / this.batches,
    };
  }
}

/**
 * What lesson 7 keeps of the reports: what the net says to the digit on the pad, how it does on the digits held out, and how long that
 * took. It computes nothing that the core should.
 */
import type { Report } from '@x2g/web/elements';
import { confusion, type Confusion } from '@x2g/web/plot';
import { CLASSES } from './data.ts';
import { GOOD } from './model.ts';

/** What a forward pass on one digit gave: h (hidden), y (10). */
export interface Look {
  h: ArrayLike<number>;
  y: ArrayLike<number>;
}
/** Which output is largest, and its value. */
export function answer(y: ArrayLike<number>): { digit: number; value: number } {
  let digit = 0;
  for (let k = 1; k < y.length; k++) if ((y[k] ?? 0) > (y[digit] ?? 0)) digit = k;
  return { digit, value: y[digit] ?? Number.NaN };
}

type Part = Report['views'][string];
export const look_of = (part: Part | undefined): Look | undefined =>
  part?.['y'] && part['h1'] ? { h: part['h1'].data, y: part['y'].data } : undefined;

export class Watching {
  look: Look | undefined;
  held: Confusion | undefined;
  readonly #all: { step: number; share: number }[] = [];
  /** The step that is looked at. */
  #at = 0;
  /** Seconds that this run has trained. */
  seconds = 0;
  #good: { step: number; seconds: number } | undefined;
  W1: Float32Array = new Float32Array(0);
  W2: Float32Array = new Float32Array(0);
  #clock: number | undefined;

  /** Another run begins. */
  begin(): void {
    this.seconds = 0;
    this.#good = undefined;
    this.#clock = undefined;
    this.#all.length = 0;
  }

  /** Takes a report; `now` in ms. `labels`: of the digits held out; `drawing`: the pad's own look is newer. */
  take(report: Report, labels: Uint8Array, now: number, drawing: boolean): void {
    const { views, status, step } = report;
    if (this.#clock !== undefined) this.seconds += (now - this.#clock) / 1000;
    this.#clock = status === 'running' ? now : undefined;
    if (!drawing) this.look = look_of(views['mine']) ?? this.look;
    this.W1 = views['W1']?.['W1']?.data ?? this.W1;
    this.W2 = views['W2']?.['W2']?.data ?? this.W2;
    this.#at = step;
    const outputs = views['held']?.['y'];
    const measured = outputs?.shape[0] === labels.length;
    if (!report.past) this.#forget(Math.min(measured ? step - 1 : step, report.rewound ?? Infinity));
    if (!outputs || !measured) return;
    this.held = confusion(outputs.data, labels, CLASSES);
    const share = this.held.right / this.held.rows;
    if (report.past) return;
    this.#all.push({ step, share });
    if (share >= GOOD && step > 0) this.#good ??= { step, seconds: this.seconds };
  }
  #forget(after: number): void {
    const all = this.#all;
    while ((all.at(-1)?.step ?? -1) > after) all.pop();
    if (this.#good && this.#good.step > after && all.every(({ share }) => share < GOOD))
      this.#good = undefined;
  }

  /** Accuracy on the digits held out, up to the step that is looked at. */
  get curve(): { step: number[]; share: number[] } {
    const seen = this.#all.filter(({ step }) => step <= this.#at);
    return { step: seen.map(({ step }) => step), share: seen.map(({ share }) => share) };
  }
  /** Step and seconds at which GOOD was first measured, as far as it had been by then. */
  get good(): { step: number; seconds: number } | undefined {
    return this.#good && this.#good.step <= this.#at ? this.#good : undefined;
  }

  /** Share of the digits held out that are read rightly; NaN before the first look. */
  get accuracy(): number {
    return this.held ? this.held.right / this.held.rows : Number.NaN;
  }
}

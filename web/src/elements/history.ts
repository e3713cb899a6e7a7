/**
 * What a run has told so far: reports carry only what is new, a picture needs the whole curve.
 * Kept short by dropping every second inner point; after a step back the future is forgotten. Not a log for files.
 */
import type { PerceptronTrace, Report } from '../lab/types.ts';

/** Most points kept on a curve. */
export const CURVE_LIMIT = 4000;
/** Most rows kept of a perceptron's trace. */
export const TRACE_LIMIT = 2000;

export interface Curves {
  step: number[];
  loss: number[];
  valStep: number[];
  valLoss: number[];
}

function append(steps: number[], values: number[], newSteps: number[], newValues: number[]): void {
  newSteps.forEach((step, i) => {
    const value = newValues[i];
    const last = steps.at(-1);
    if (value === undefined || (last !== undefined && step <= last)) return;
    steps.push(step);
    values.push(value);
  });
  if (steps.length <= CURVE_LIMIT) return;
  const keep = (_: number, i: number): boolean => i % 2 === 0 || i === steps.length - 1;
  const thinSteps = steps.filter(keep);
  const thinValues = values.filter(keep);
  steps.splice(0, steps.length, ...thinSteps);
  values.splice(0, values.length, ...thinValues);
}

function forget(steps: number[], values: number[], after: number): void {
  let n = steps.length;
  while (n > 0 && (steps[n - 1] ?? 0) > after) n -= 1;
  steps.length = n;
  values.length = n;
}

export class History {
  readonly curves: Curves = { step: [], loss: [], valStep: [], valLoss: [] };
  trace: PerceptronTrace[] = [];

  clear(): void {
    for (const list of Object.values(this.curves) as number[][]) list.length = 0;
    this.trace = [];
  }

  take(report: Report): void {
    const c = this.curves;
    forget(c.step, c.loss, report.step);
    forget(c.valStep, c.valLoss, report.step);
    append(c.step, c.loss, report.history.step, report.history.loss);
    append(c.valStep, c.valLoss, report.history.valStep, report.history.valLoss);
    if (!report.perceptron) return;
    const known = this.trace.filter((row) => row.step <= report.step);
    const last = known.at(-1)?.step ?? -1;
    this.trace = [...known, ...report.perceptron.trace.filter((row) => row.step > last)].slice(-TRACE_LIMIT);
  }
}

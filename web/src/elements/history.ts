/**
 * What a run has told so far: reports carry only what is new, a picture needs the whole curve.
 * Kept short by dropping every second inner point; once the run goes on from an earlier step the future is forgotten. While a past step
 * is looked at, everything here ends at that step. Not a log for files.
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

/** The part of sorted `steps` and their values up to a step. */
function until(steps: number[], values: number[], step: number): [number[], number[]] {
  let n = steps.length;
  while (n > 0 && (steps[n - 1] ?? 0) > step) n -= 1;
  return [steps.slice(0, n), values.slice(0, n)];
}

export class History {
  readonly #all: Curves = { step: [], loss: [], valStep: [], valLoss: [] };
  #rows: PerceptronTrace[] = [];
  #firsts = new Map<string, number>();
  #past: { step: number; curves: Curves; trace: PerceptronTrace[] } | undefined;

  get curves(): Curves {
    return this.#past?.curves ?? this.#all;
  }
  get trace(): PerceptronTrace[] {
    return this.#past?.trace ?? this.#rows;
  }

  clear(): void {
    for (const list of Object.values(this.#all) as number[][]) list.length = 0;
    this.#rows = [];
    this.#firsts.clear();
    this.#past = undefined;
  }

  take(report: Report): void {
    if (report.past) return this.#look(report.step);
    this.#past = undefined;
    const c = this.#all;
    const end = Math.min(report.step, report.rewound ?? Infinity);
    forget(c.step, c.loss, end);
    forget(c.valStep, c.valLoss, end);
    for (const [name, step] of this.#firsts) if (step > end) this.#firsts.delete(name);
    append(c.step, c.loss, report.history.step, report.history.loss);
    append(c.valStep, c.valLoss, report.history.valStep, report.history.valLoss);
    if (!report.perceptron) return;
    const known = this.#rows.filter((row) => row.step <= end);
    const last = known.at(-1)?.step ?? -1;
    this.#rows = [...known, ...report.perceptron.trace.filter((row) => row.step > last)].slice(-TRACE_LIMIT);
  }

  #look(step: number): void {
    if (this.#past?.step === step) return;
    const c = this.#all;
    const [steps, loss] = until(c.step, c.loss, step);
    const [valStep, valLoss] = until(c.valStep, c.valLoss, step);
    const trace = this.#rows.filter((row) => row.step <= step);
    this.#past = { step, curves: { step: steps, loss, valStep, valLoss }, trace };
  }

  /** The first step at which `holds` was seen, as far as it had been seen by `step`; undefined before. */
  first(name: string, step: number, holds: boolean): number | undefined {
    if (holds && !this.#firsts.has(name) && !this.#past) this.#firsts.set(name, step);
    const found = this.#firsts.get(name);
    return found !== undefined && found <= step ? found : undefined;
  }
}

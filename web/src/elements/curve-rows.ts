/** Training and validation curves joined into rows by step. */
import type { Curves } from './history.ts';

export interface CurveRow {
  step: number;
  loss: number | undefined;
  valLoss: number | undefined;
}

export function mixCurves(curves: Curves): CurveRow[] {
  const rows = new Map<number, CurveRow>();
  curves.step.forEach((step, i) => rows.set(step, { step, loss: curves.loss[i], valLoss: undefined }));
  curves.valStep.forEach((step, i) => {
    const row = rows.get(step);
    if (row) row.valLoss = curves.valLoss[i];
    else rows.set(step, { step, loss: undefined, valLoss: curves.valLoss[i] });
  });
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

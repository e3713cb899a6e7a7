/** Training and validation curves joined into rows by step, and rows as comma-separated text (RFC 4180). */
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

export function curvesCsv(curves: Curves): (string | number)[][] {
  const rows = mixCurves(curves);
  const validated = rows.some((row) => row.valLoss !== undefined);
  return [
    validated ? ['step', 'loss', 'validation_loss'] : ['step', 'loss'],
    ...rows.map((r) => (validated ? [r.step, r.loss ?? '', r.valLoss ?? ''] : [r.step, r.loss ?? ''])),
  ];
}

/** Decimal points, lines ended as the standard wants them. */
export function csvText(rows: (string | number)[][]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

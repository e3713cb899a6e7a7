/**
 * From a classifier's outputs to the counts of a confusion matrix. Arithmetic only; the drawing is confusion-matrix.ts.
 */
export interface Confusion {
  /** (classes, classes): row = true class, column = the class that was answered. */
  counts: Uint32Array;
  /** The answer to each row: its largest output, the first of equals; classes where no output is a number. */
  answers: Uint8Array;
  right: number;
  rows: number;
}

/** outputs (rows, classes), truth (rows). */
export function confusion(outputs: ArrayLike<number>, truth: ArrayLike<number>, classes: number): Confusion {
  const rows = truth.length;
  const counts = new Uint32Array(classes * classes);
  const answers = new Uint8Array(rows);
  let right = 0;
  for (let row = 0; row < rows; row++) {
    let best = classes;
    for (let c = 0; c < classes; c++) {
      const value = outputs[row * classes + c] ?? Number.NaN;
      if (value > (best === classes ? -Infinity : (outputs[row * classes + best] ?? 0))) best = c;
    }
    answers[row] = best;
    const real = truth[row] ?? 0;
    if (best === classes) continue;
    const at = real * classes + best;
    counts[at] = (counts[at] ?? 0) + 1;
    if (best === real) right += 1;
  }
  return { counts, answers, right, rows };
}

/** The rows that a cell counts. */
export function rowsOf(
  c: Pick<Confusion, 'answers'>,
  truth: ArrayLike<number>,
  real: number,
  answer: number,
): number[] {
  const found: number[] = [];
  c.answers.forEach((a, row) => {
    if (a === answer && truth[row] === real) found.push(row);
  });
  return found;
}

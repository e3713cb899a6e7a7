// What a report carries besides numbers: tensors as they stand, and forward passes on a grid or on given rows.
// The points of a grid are made once per watch(), not once per report.
import type { EngineRun } from './engine.ts';
import { LabError } from './errors.ts';
import { doubles, number } from './checked.ts';
import type { ViewData, ViewSpec } from './types.ts';

const mostCells = 256;

/** `at`: when it was last worked out, where it is not to be worked out for every report. */
type View = { id: string; every: number; at: number } & (
  { name: string; grad: boolean } | { points: Float32Array | Float64Array; tensors: string[] }
);

/** Centers of cells × cells cells; row 0 = smallest y, x fastest. */
export function gridPoints(x: [number, number], y: [number, number], cells: number): Float64Array {
  if (!Number.isInteger(cells) || cells < 1 || cells > mostCells) {
    throw new LabError(
      'invalid_argument',
      `a grid of ${cells} cells; it must be a whole number from 1 to ${mostCells}`,
    );
  }
  const center = (range: [number, number], i: number): number =>
    number('a corner of the grid', range[0]) +
    ((i + 0.5) * (number('a corner of the grid', range[1]) - range[0])) / cells;
  const points = new Float64Array(cells * cells * 2);
  for (let row = 0, at = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      points[at++] = center(x, column);
      points[at++] = center(y, row);
    }
  }
  return points;
}

export class Views {
  private readonly views: View[] = [];

  /** What comes from a page may leave rows out that `before` has under the same id (session.ts). */
  constructor(specs: ViewSpec[], before?: Views) {
    for (const spec of specs) {
      const every = spec.kind === 'grid' ? 0 : number('every', spec.every, 0);
      const old = before?.views.find(({ id }) => id === spec.id);
      const view = { id: spec.id, every, at: old?.at ?? -Infinity };
      if (spec.kind === 'tensor') {
        this.views.push({ ...view, name: spec.name, grad: spec.grad ?? false });
      } else if (spec.kind === 'grid') {
        this.views.push({ ...view, points: gridPoints(spec.x, spec.y, spec.cells), tensors: spec.tensors });
      } else if (spec.kind === 'rows') {
        const known = spec.x.length === 0 && old && 'points' in old;
        const points = known
          ? old.points
          : spec.x instanceof Float32Array
            ? spec.x.slice()
            : doubles('x', spec.x);
        this.views.push({ ...view, points, tensors: spec.tensors });
      } else {
        const kind = (spec as { kind: unknown }).kind;
        throw new LabError(
          'unknown_name',
          `a view of kind "${String(kind)}"; there are tensor, grid and rows`,
        );
      }
    }
  }

  /** All of them, or with a time those that are due by then. */
  collect(run: EngineRun, tensor: EngineRun['tensor'], now = Infinity): Record<string, ViewData> {
    const out: Record<string, ViewData> = {};
    for (const view of this.views) {
      if (now - view.at < view.every) continue;
      if (now < Infinity) view.at = now;
      out[view.id] =
        'points' in view
          ? run.rows(view.points, view.tensors)
          : { [view.name]: tensor(view.name, view.grad) };
    }
    return out;
  }
}

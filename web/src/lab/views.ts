// What a report carries besides numbers: tensors as they stand, and forward passes on a grid or on given rows.
// The points of a grid are made once per watch(), not once per report.
import type { EngineRun } from './engine.ts';
import { LabError } from './errors.ts';
import { doubles, number } from './checked.ts';
import type { ViewData, ViewSpec } from './types.ts';

const mostCells = 256;

type View =
  { id: string; name: string; grad: boolean } | { id: string; points: Float64Array; tensors: string[] };

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

  constructor(specs: ViewSpec[]) {
    for (const spec of specs) {
      if (spec.kind === 'tensor') {
        this.views.push({ id: spec.id, name: spec.name, grad: spec.grad ?? false });
      } else if (spec.kind === 'grid') {
        this.views.push({
          id: spec.id,
          points: gridPoints(spec.x, spec.y, spec.cells),
          tensors: spec.tensors,
        });
      } else if (spec.kind === 'rows') {
        this.views.push({ id: spec.id, points: doubles('x', spec.x), tensors: spec.tensors });
      } else {
        const kind = (spec as { kind: unknown }).kind;
        throw new LabError(
          'unknown_name',
          `a view of kind "${String(kind)}"; there are tensor, grid and rows`,
        );
      }
    }
  }

  collect(run: EngineRun, tensor: EngineRun['tensor']): Record<string, ViewData> {
    const out: Record<string, ViewData> = {};
    for (const view of this.views) {
      out[view.id] =
        'points' in view
          ? run.rows(view.points, view.tensors)
          : { [view.name]: tensor(view.name, view.grad) };
    }
    return out;
  }
}

// The host of the first lessons' engines: bare-host.ts, gradient checks, and what stands beside runs: activations, points, drawn digits.
import { timeActivation } from './activation-timing.ts';
import { BareHost } from './bare-host.ts';
import { floats, number, word } from './checked.ts';
import { digits, fitDigit } from './digits.ts';
import type { EnginePoints } from './engine.ts';
import type { GradientCheck } from './graph-types.ts';
import type { DigitOptions, DigitSet } from './tools/types.ts';
import type { ActivationName, PointData, PointKind, PointOptions } from './types.ts';

export class FirstHost extends BareHost {
  checkGradient(name: string, index: number, h?: number): GradientCheck {
    const trainer = this.training.trainer();
    return trainer.check(word('name', name), number('index', index), number('h', h, 1e-5));
  }

  activation(name: ActivationName, x: ArrayLike<number>): { y: Float32Array; dy: Float32Array } {
    return this.engine.activation(word('name', name), floats('x', x));
  }

  timeActivation(
    name: ActivationName,
    elements: number,
    direction: 'forward' | 'derivative',
  ): Promise<number> {
    return timeActivation(this.engine, name, elements, direction === 'derivative');
  }

  points(kind: PointKind, o: PointOptions = {}): PointData {
    const inputs = number('inputs', o.inputs, 2);
    let made: EnginePoints;
    if (kind === 'blobs') {
      const n = number('n', o.n, 100);
      const separation = number('separation', o.separation, 2);
      made = this.engine.blobs(
        n,
        separation,
        number('spread', o.spread, 0.5),
        number('seed', o.seed, 1),
        inputs,
      );
    } else made = this.engine.gate(word('kind', kind), inputs);
    return { x: Array.from(made.x), t: Array.from(made.t), inputs: made.inputs };
  }

  digits(n: number, o: DigitOptions & { seed?: number; first?: number } = {}): DigitSet {
    return digits(this.engine, n, o.seed ?? 1, o.first ?? 0, o);
  }

  fitDigit(drawing: ArrayLike<number>, width: number, height: number): Float32Array {
    return fitDigit(this.engine, drawing, width, height);
  }
}

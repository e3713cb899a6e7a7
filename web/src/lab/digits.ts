// Drawn digits from an engine that has them: the lesson's own, or the tools beside graphs. Defaults are the core's (C++ reference:
// DigitOptions), kinds of values are checked here, ranges there.
import { floats, number, record } from './checked.ts';
import type { DigitOptions, DigitSet } from './tools/types.ts';

export type DigitFields = Required<DigitOptions>;

/** Its part of the engine's table: wasm/src/bindings_digits.cpp. */
export interface DigitEngine {
  digits(n: number, seed: number, first: number, fields: DigitFields): DigitSet;
  fitDigit(drawing: Float32Array, width: number, height: number): Float32Array;
}

const defaults: DigitFields = {
  slant: 0.45,
  rotation: 12,
  bend: 0.045,
  warp: 0.06,
  narrow: 0.4,
  thin: 0.04,
  thick: 0.11,
  shift: 0.5,
  noise: 0.02,
};

export function digits(
  engine: DigitEngine,
  n: number,
  seed: number,
  first: number,
  o: DigitOptions,
): DigitSet {
  record('the options', o);
  const fields = { ...defaults };
  for (const key of Object.keys(defaults) as (keyof DigitOptions)[])
    fields[key] = number(key, o[key], defaults[key]);
  return engine.digits(number('n', n), number('seed', seed), number('first', first), fields);
}

export function fitDigit(
  engine: DigitEngine,
  drawing: ArrayLike<number>,
  width: number,
  height: number,
): Float32Array {
  return engine.fitDigit(floats('drawing', drawing), number('width', width), number('height', height));
}

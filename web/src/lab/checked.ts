// Values from outside, checked for their kind: a number is a number, an array an array. Ranges are the core's business.
import { LabError } from './errors.ts';

export function bad(field: string, value: unknown, wanted: string): LabError {
  const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : String(value).slice(0, 40);
  return new LabError('invalid_argument', `${field} is ${shown}; it must be ${wanted}`);
}

export function number(field: string, value: unknown, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) throw bad(field, value, 'a number');
  return value;
}

export function flag(field: string, value: unknown, fallback?: boolean): boolean {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'boolean') throw bad(field, value, 'true or false');
  return value;
}

export function word(field: string, value: unknown): string {
  if (typeof value !== 'string') throw bad(field, value, 'a text');
  return value;
}

const mostElements = 16 * 1024 * 1024;

function checkedArray(field: string, value: unknown): ArrayLike<number> {
  const isArray = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  if (!isArray) throw bad(field, value, 'an array of numbers');
  const array = value as ArrayLike<number>;
  if (array.length > mostElements) {
    throw new LabError(
      'out_of_memory',
      `${field} has ${array.length} numbers; at most ${mostElements} are allowed`,
    );
  }
  return array;
}

/** Float32Array or Float64Array of the same numbers; what is no number becomes NaN, which the core refuses by its place. */
export function floats(field: string, value: unknown): Float32Array {
  return value instanceof Float32Array ? value : Float32Array.from(checkedArray(field, value), Number);
}
export function doubles(field: string, value: unknown): Float64Array {
  return value instanceof Float64Array ? value : Float64Array.from(checkedArray(field, value), Number);
}

export function record(field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw bad(field, value, 'an object');
}

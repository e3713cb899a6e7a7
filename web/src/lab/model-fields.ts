// The fields of a ready model on their way to the engine: each with the kind of its value, so that the engine can refuse it by name.
// Which fields there are, and their ranges, is the engine's knowledge.
import { bad } from './checked.ts';
import type { ModelFields } from './engine.ts';

/** In the words of the engine's sentences: "heads is text; it must be a number". */
function kindOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value;
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'empty';
    if (value.every((one) => typeof one === 'number')) return 'numbers';
    return value.every((one) => typeof one === 'string') ? 'texts' : 'mixed';
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const { kind, a } = value as { kind?: unknown; a?: unknown };
  return typeof kind === 'string' && (a === undefined || typeof a === 'number') ? 'start' : 'an object';
}

export function modelFields(what: string, given: unknown): ModelFields {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw bad(what, given, 'an object of fields');
  }
  const fields = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  if (fields.length > 64) throw bad(what, `${fields.length} fields`, 'an object of at most 64 fields');
  return {
    names: fields.map(([name]) => name),
    kinds: fields.map(([, value]) => kindOf(value)),
    values: fields.map(([, value]) => value),
  };
}

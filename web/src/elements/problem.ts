/**
 * Errors of the elements: the lab's one error class, made here for what never reaches the core (options, states, links).
 * The sentence says what was wrong with the value, what is allowed and what to do; the frame shows it in place.
 */
import { LabError } from '../lab/errors.ts';

export { LabError };

export const bad = (message: string): LabError => new LabError('invalid_argument', message);

/** Anything thrown, as a LabError: what is shown has a code and a sentence. */
export function as_lab_error(reason: unknown): LabError {
  if (reason instanceof LabError) return reason;
  const message = reason instanceof Error ? reason.message : String(reason);
  return new LabError('engine_failed', message);
}

/**
 * Errors of the elements: the lab's one error class, made here for what never reaches the core (options, states, links).
 * The sentence says what was wrong with the value, what is allowed and what to do; the frame shows it in place.
 */
import { LabError, toLabError } from '../lab/errors.ts';

export { LabError, toLabError };

export const bad = (message: string): LabError => new LabError('invalid_argument', message);

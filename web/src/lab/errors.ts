// The one error of the lab: a code for programs, a sentence for people (what was wrong, the allowed range, what to do).
// A loss that is not a number is no error but a result: a report with status 'diverged'.

export const errorCodes = [
  'invalid_argument', // a value is outside its allowed range
  'shape_mismatch', // tensors do not fit together
  'unknown_name', // no tensor, op or preset of that name
  'out_of_memory', // larger than the memory allowed
  'bad_file', // a file or snapshot is damaged or of another kind
  'bad_state', // the call does not fit the present state
  'engine_failed', // the engine trapped, hung or died; it was or must be started again
  'not_loaded', // the engine could not be fetched or started; trying again may help
] as const;

/** The kinds of error, for programs; errorCodes says what each means. */
export type ErrorCode = (typeof errorCodes)[number];

/** Every failure of the lab: a code, and a sentence that says what was wrong, the allowed range and what to do. */
export class LabError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
  }
}

function isCode(value: unknown): value is ErrorCode {
  return errorCodes.includes(value as ErrorCode);
}

/**
 * Anything thrown → LabError. The engine throws {code, message}; a trap (WebAssembly.RuntimeError), an exhausted stack or anything
 * else that nobody planned for means that the instance must not be used again: engine_failed.
 */
export function toLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { code, message, name } = (thrown ?? {}) as { code?: unknown; message?: unknown; name?: unknown };
  const text = typeof message === 'string' ? message : String(thrown);
  if (isCode(code)) return new LabError(code, text);
  if (isCode(name)) return new LabError(name, text); // came through a worker: see toWire
  if (name === 'AbortError') return new LabError('bad_state', 'stopped by the caller', { cause: thrown });
  if (name === 'TypeError') {
    return new LabError('invalid_argument', `a value is not of the kind that is expected: ${text}`, {
      cause: thrown,
    });
  }
  if (name === 'BindingError') return new LabError('bad_state', text, { cause: thrown });
  return new LabError('engine_failed', `the engine failed: ${text}`, { cause: thrown });
}

/** Comlink carries name, message and stack of an Error and nothing else, so the code travels as the name. */
export function toWire(thrown: unknown): Error {
  const error = toLabError(thrown);
  return Object.assign(new Error(error.message), { name: error.code });
}

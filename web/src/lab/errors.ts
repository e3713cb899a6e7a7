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
  if (name === 'AbortError') return new LabError('bad_state', 'stopped by the caller', { cause: thrown });
  if (name === 'TypeError') {
    return new LabError('invalid_argument', `a value is not of the kind that is expected: ${text}`, {
      cause: thrown,
    });
  }
  if (name === 'BindingError') return new LabError('bad_state', text, { cause: thrown });
  return new LabError('engine_failed', `the engine failed: ${text}`, { cause: thrown });
}

/** What of an error crosses a port; toLabError() makes it one again. */
export interface WireError {
  code: ErrorCode;
  message: string;
}

export function toWire(thrown: unknown): WireError {
  const { code, message } = toLabError(thrown);
  return { code, message };
}

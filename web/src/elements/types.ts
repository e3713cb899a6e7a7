/**
 * What a lesson hands to its frame: switches to break things, exercises, a prediction, claims. Data and small functions, no drawing.
 * The frame (panels.ts) draws them the same way in every lesson.
 */
import type { Grain, Report, Session } from '../lab/index.ts';
import type { Label } from './option.ts';

/** Panel "Break it": one ingredient removed so that the failure is seen. */
export interface BreakSwitch {
  id: string;
  label: Label;
  /** What to watch while it is off. Always shown. */
  look: Label;
  /** Why it fails. Shown once the switch is on. */
  why: Label;
  on(): void | Promise<void>;
  off(): void | Promise<void>;
  active(): boolean;
}

export interface CheckField {
  id: string;
  label: Label;
  /** Shown after the box: a unit, "×10⁻³". */
  unit?: string;
  value?: string;
}
export interface CheckChoice {
  id: string;
  label: Label;
}
/** number: values[0]; numbers: one per field, in order; choice: the chosen id. */
export interface CheckAnswer {
  values: number[];
  choice: string | undefined;
}
export interface CheckResult {
  ok: boolean;
  message: Label;
}
/** Panel "Check": an exercise graded by running the core. */
export interface Check {
  id: string;
  question: Label;
  input: 'number' | 'numbers' | 'choice';
  /** input 'number' may leave this out: one unnamed box. */
  fields?: CheckField[];
  choices?: CheckChoice[];
  /** `session` is a fresh one of its own: create() a run on it and look; it is thrown away afterwards. */
  grade(answer: CheckAnswer, session: Session): Promise<CheckResult>;
  hints: Label[];
}

/** Asked before the first run; answered by what the run does. */
export interface Prediction {
  question: Label;
  choices: { id: string; label: Label }[];
  /** The choice that came true, or undefined while that is open. Called with each report. */
  outcome(report: Report): string | undefined;
  /** The sentence shown then, whatever was chosen. */
  reveal: Label | ((chosen: string, outcome: string) => Label);
}

/** Panel "Proof": a figure of the prose with its tolerance and the way to reproduce it. */
export interface Claim {
  id: string;
  en: string;
  ja: string;
  value?: unknown;
  tolerance?: unknown;
  seeds?: unknown;
  config?: unknown;
}

/** What the tests last measured for a claim, by its id: measured.json beside lesson.json. */
export type Measurements = Record<
  string,
  { value: number | string | (number | string)[]; of?: number; test: string }
>;

export type FramePart =
  | 'title'
  | 'prediction'
  | 'controls'
  | 'options'
  | 'seed'
  | 'history'
  | 'twin'
  | 'readouts'
  | 'status'
  | 'panels'
  | 'numbers'
  | 'break'
  | 'check'
  | 'embed'
  | 'proof';

/** One choice of "Step by": what a press of Step does. */
export interface StepGrain {
  grain: Grain;
  label: Label;
  /** How many of them; default 1. */
  n?: number;
}

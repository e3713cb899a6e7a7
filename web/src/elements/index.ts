/**
 * The base of every demo and what a demo file needs beside it. A lesson's demo.ts imports from here, from '@x2g/web/plot' and '@x2g/web/math', and from nowhere deeper.
 * The head comment of lesson-element.ts says what a lesson overrides.
 */
export { html, svg, css, nothing } from 'lit';
export type { TemplateResult, CSSResultGroup } from 'lit';
export { grains, partViews } from './grains.ts';
export { LabElement } from './lab-element.ts';
export { download } from './later/download.ts';
export { option, defaults } from './option.ts';
export type { Label, Option, OptionTable, OptionValues, PointRow } from './option.ts';
export { t, resolveLang } from './language.ts';
export type { DemoState } from './state.ts';
export type {
  BreakSwitch,
  Check,
  CheckAnswer,
  CheckChoice,
  CheckField,
  CheckResult,
  Claim,
  FramePart,
  Measurements,
  Prediction,
  StepGrain,
} from './types.ts';
export { runtime } from './runtime.ts';
export { LabError } from './problem.ts';
export type { Grain, Lang, Report, RunConfig, RunInfo, ViewSpec } from '../lab/types.ts';

// What a page may rely on of any demo element, whatever its lesson: for those who put a demo on a page of their own and script it.
// Types only. tests/web/elements-public.test.ts holds the base of the demos to it; how a lesson is written stands in lesson-element.ts.
import type { LabError, Report } from '../lab/index.ts';
import type { DemoState } from './state.ts';

/**
 * A demo: any `<x2g-…>` element of the lab. Attributes, as typed by an author (a change takes effect at once):
 *
 * | attribute | values | meaning |
 * |---|---|---|
 * | `lang` | `en`, `ja` | language; default: that of the page around it |
 * | `theme` | `light`, `dark`, `auto` | colors; default: those of the page or the system |
 * | `seed` | 0 to 4294967295 | random seed of the run |
 * | `hide` | any of `title prediction controls options seed history twin readouts status panels` | parts left out |
 * | `state` | text of a share link | everything that the reader had set |
 *
 * Each lesson has more of its own, named like its controls. Text inside the element shows where no script runs.
 */
export interface DemoElement extends HTMLElement {
  /** Resolves when the engine runs and the first picture stands; rejects with a LabError. */
  readonly ready: Promise<unknown>;
  /** Where the run stands: step, loss (nats, or the share of wrong examples), status; undefined before it is ready. */
  readonly report: Report | undefined;
  /** true from run() until pause() or the end. */
  readonly running: boolean;
  /** Trains until pause() or the end of the run. */
  run(): Promise<unknown>;
  /** Stops before the next step. */
  pause(): Promise<unknown>;
  /** n whole steps, then a pause. */
  step(n?: number): Promise<unknown>;
  /** Shows a past step as it was; the newest step shows the run itself. Training on from a past step forgets what came later. */
  goTo(step: number): Promise<unknown>;
  /** Fresh weights, step 0; with a seed, from that one. */
  reset(o?: { seed?: number }): Promise<unknown>;
  /** Seed, step and every option, as plain data. */
  getState(): DemoState;
  /** Takes what getState() gave; what does not fit is refused with a LabError that names the field. */
  setState(state: unknown): void;
  /** The picture as a PNG at twice its size on the screen. */
  exportPNG(): Promise<Blob>;
  /** The picture as SVG. */
  exportSVG(): Promise<Blob>;
  /** The curves as comma-separated text, the head first. */
  exportCSV(): string;
  /** The run as the text of a run.json, which openRun() makes again. */
  exportRun(): Promise<string>;
  /** Makes the run of a run.json again and holds it to the loss in the file; a wrong file is told in place. */
  openRun(file: File): Promise<unknown>;
  /** The weights as a safetensors file. */
  exportWeights(): Promise<Uint8Array>;
}

/** Events of a demo. All bubble and cross shadow roots. */
export interface DemoEvents {
  /** The first picture stands. */
  'x2g-ready': CustomEvent<{ report: Report }>;
  /** A report arrived: at most once a frame. */
  'x2g-step': CustomEvent<{ report: Report }>;
  /** The run came to its end. */
  'x2g-done': CustomEvent<{ report: Report }>;
  /** Something failed: the code for programs, the sentence for people. */
  'x2g-error': CustomEvent<{ error: LabError; code: LabError['code']; message: string }>;
}

export type { DemoState } from './state.ts';

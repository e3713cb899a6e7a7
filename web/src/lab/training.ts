// One run in the host: the engine's run with everything that belongs to it and ends with it.
// It works when it is told to and for as long as it is told to; the host decides when.
import type { Engine, EngineRun, GptRun, PerceptronRun, TrainerRun } from './engine.ts';
import { LabError } from './errors.ts';
import { Evaluation } from './evaluation.ts';
import { KeptStates } from './kept-states.ts';
import { withChanges } from './changes.ts';
import { gptFields, mlpFields, optimizerFields, perceptronFields } from './normalize.ts';
import { Calibration } from './pacer.ts';
import { Reporter } from './reporting.ts';
import type { Estimate, OptimizerConfig, Report, RunConfig, RunInfo, Status, ViewSpec } from './types.ts';
import { Views } from './views.ts';

function build(engine: Engine, config: RunConfig, limit: number): EngineRun {
  if (config.kind === 'perceptron') return new engine.PerceptronRun(perceptronFields(config));
  if (config.kind === 'mlp') return new engine.MlpRun(mlpFields(config), limit);
  return new engine.GptRun(gptFields(config), limit);
}

export class Training {
  readonly run: EngineRun;
  readonly info: RunInfo;
  readonly unitsPerStep: number;
  readonly evaluation: Evaluation | undefined;
  config: RunConfig;
  status: Status = 'ready';
  private readonly reporter: Reporter;
  private readonly kept = new KeptStates();
  private readonly calibration = new Calibration();
  private views = new Views([]);
  viewSpecs: ViewSpec[] = [];

  constructor(engine: Engine, config: RunConfig, estimate: Estimate) {
    this.config = config;
    this.run = build(engine, config, estimate.limit - estimate.memory.data);
    try {
      this.info = { ...this.run.info(), limit: estimate.limit, fits: true };
      this.unitsPerStep = this.run.unitsPerStep();
      this.reporter = new Reporter(this.run, config);
      if (config.kind === 'gpt') {
        this.evaluation = new Evaluation(this.gpt(), config, this.info.validationTokens ?? 0);
      }
      this.keep();
    } catch (error) {
      this.run.delete();
      throw error;
    }
  }

  delete(): void {
    this.run.delete();
  }

  gpt(): GptRun {
    if (this.config.kind !== 'gpt') {
      throw new LabError('bad_state', 'this needs a language model; the present run is not one');
    }
    return this.run as GptRun;
  }

  trainer(): TrainerRun {
    if (this.config.kind === 'perceptron') {
      throw new LabError('bad_state', 'a perceptron has no gradients to check; use a network');
    }
    return this.run as TrainerRun;
  }

  get steps(): number {
    return this.run.steps();
  }

  /**
   * Works for about `ms`, up to `units` units and step `until`; says how many units that was and whether it is stuck before
   * `until`: diverged or converged.
   */
  work(ms: number, units: number, until: number, now: () => number): { units: number; stuck: boolean } {
    const stop = Math.min(until, this.evaluation?.nextAfter(this.steps) ?? Infinity);
    let done = 0;
    const full = this.calibration.fill(ms, units, now, (n) => {
      const made = this.run.work(n, stop);
      done += made;
      return made;
    });
    this.evaluation?.reached(this.steps);
    return { units: done, stuck: !full && this.steps < stop };
  }

  /** Converged: the rule itself says that there is nothing left to learn. */
  get finished(): boolean {
    return this.run.numbers().finished > 0;
  }

  /** What stopped the work, if anything did for good. */
  ended(until: number): Status | undefined {
    const n = this.run.numbers();
    if (n.diverged) return 'diverged';
    return n.finished || n.step >= until ? 'done' : undefined;
  }

  /** A slice of a pending evaluation; true when that completed it. */
  evaluate(ms: number, now: () => number): boolean {
    const start = now();
    while (this.evaluation?.pending) {
      const result = this.evaluation.advance();
      if (result) {
        this.reporter.evaluated(result);
        return true;
      }
      if (now() - start >= ms) return false;
    }
    return false;
  }

  markSpeed(at: number): void {
    this.reporter.speed.mark(at, this.steps);
  }

  clearSpeed(): void {
    this.reporter.speed.clear();
  }

  watch(specs: ViewSpec[]): void {
    const views = new Views(specs);
    views.collect(this.run); // what cannot be shown is refused now, not in every report
    this.views = views;
    this.viewSpecs = specs;
  }

  report(): Report {
    const numbers = this.run.numbers();
    if (numbers.diverged) this.status = 'diverged';
    return this.reporter.report(this.status, numbers, this.views.collect(this.run));
  }

  /** Remembers the present state for back(), unless it lies within a step. */
  keep(): void {
    if (this.run.numbers().phase === '') this.kept.keep(this.steps, this.run.snapshot());
  }

  /** Back to the beginning of this step, or of the one before when this one has not begun. */
  back(): void {
    const half = this.run.numbers().phase !== '';
    const target = half ? this.steps : this.steps - 1;
    const state = target < 0 ? undefined : this.kept.find(target);
    if (!state) {
      throw new LabError(
        'bad_state',
        target < 0
          ? 'this is the first step; there is nothing before it'
          : `no state from before step ${target + 1} is kept; reset, or load a saved one`,
      );
    }
    this.run.restore(state.bytes);
    while (this.steps < target && this.run.work(1e6, target) > 0);
    this.kept.returnTo(state);
    this.rewound();
  }

  /** Weights were changed from outside: set, loaded or restored. */
  changed(): void {
    this.kept.newEra();
    this.rewound();
    this.keep();
  }

  private rewound(): void {
    this.status = this.steps === 0 ? 'ready' : 'paused';
    this.reporter.rewind(this.steps);
    this.evaluation?.rewind(this.steps);
  }

  configure(changes: Partial<OptimizerConfig> | { rate: number }): void {
    const config = withChanges(this.config, changes);
    if (config.kind === 'perceptron') (this.run as PerceptronRun).setRate(config.rate);
    else this.trainer().configure(optimizerFields(config.optimizer));
    this.config = config;
    this.kept.newEra();
    this.keep();
  }
}

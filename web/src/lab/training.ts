// One run in the host: the engine's run with everything that belongs to it and ends with it.
// It works when it is told to and for as long as it is told to; the host decides when.
import type { Engine, EngineRun, GptRun, TrainerRun } from './engine.ts';
import { LabError } from './errors.ts';
import { justDone, noGrain, rowsOf, unitsOf } from './grains.ts';
import { Evaluation } from './evaluation.ts';
import { withChanges } from './changes.ts';
import { gptFields, mlpFields, perceptronFields } from './normalize.ts';
import { Calibration } from './pacer.ts';
import { plansOf } from './sizing.ts';
import { Reporter } from './reporting.ts';
import { TimeTravel } from './time-travel.ts';
import type {
  Estimate,
  Grain,
  OptimizerConfig,
  Report,
  RunConfig,
  RunInfo,
  Status,
  Tensor,
  Timeline,
  ViewSpec,
} from './types.ts';
import { Views } from './views.ts';

/** Steps of a perceptron between two kept states. One that is not settled yet forgets with a state which weights it has met. */
const perceptronSteps = 200_000;

function build(engine: Engine, config: RunConfig, limit: number): EngineRun {
  if (config.kind === 'perceptron') return new engine.PerceptronRun(perceptronFields(config));
  if (config.kind === 'mlp') return new engine.MlpRun(mlpFields(config), limit);
  if (config.kind === 'graph') return plansOf(engine).run(config, limit);
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
  private readonly travel: TimeTravel;
  private spent = 0; // ms of training
  private made = 0; // steps in that time
  private blank = false; // back at the beginning
  private readonly calibration = new Calibration();
  private views = new Views([]);
  viewSpecs: ViewSpec[] = [];
  /** The last step() went by ops: reports say which one was done. */
  byOps = false;
  private leftByOps = false; // when the past was gone to

  constructor(engine: Engine, config: RunConfig, estimate: Estimate) {
    this.config = config;
    this.run = build(engine, config, estimate.limit - estimate.memory.data);
    try {
      this.info = { ...this.run.info(), limit: estimate.limit, fits: true };
      this.unitsPerStep = this.run.unitsPerStep();
      this.travel = new TimeTravel(this.run, config);
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
    this.blank = false;
    const stop = Math.min(until, this.evaluation?.nextAfter(this.steps) ?? Infinity);
    let done = 0;
    const [began, first] = [now(), this.steps];
    const full = this.calibration.fill(ms, units, now, (n) => {
      const made = this.run.work(n, stop);
      done += made;
      return made;
    });
    this.spent += now() - began;
    this.made += this.steps - first;
    if (this.made > 0) this.travel.msPerStep = this.spent / this.made;
    this.evaluation?.reached(this.steps);
    return { units: done, stuck: !full && this.steps < stop && !this.run.waits };
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

  /** Units that n steps of a grain smaller than a training step take. A perceptron's step has no parts. */
  unitsOf(grain: Grain, n: number): number {
    if (this.config.kind !== 'perceptron')
      return unitsOf(grain, n, this.run.numbers(), this.info.nodes.length);
    if (grain !== 'node') throw noGrain(grain);
    return n;
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
    const views = new Views(specs, this.views);
    views.collect(this.run, (name, grad) => this.tensor(name, grad)); // what cannot be shown is refused now, not in every report
    this.views = views;
    this.viewSpecs = specs.map((spec) => {
      const old = this.viewSpecs.find(({ id }) => id === spec.id);
      return spec.kind === 'rows' && spec.x.length === 0 && old?.kind === 'rows'
        ? { ...spec, x: old.x }
        : spec;
    });
  }

  report(): Report {
    const numbers = this.run.numbers();
    if (numbers.diverged) this.status = 'diverged';
    const now = this.status === 'running' ? performance.now() : Infinity;
    const views = this.views.collect(this.run, (name, grad) => this.tensor(name, grad), now);
    const report = this.reporter.report(this.status, numbers, views, this.travel.newest);
    const { config, byOps } = this;
    if (byOps && config.kind !== 'perceptron') report.done = justDone(numbers, this.info.nodes);
    if (config.kind === 'mlp' && (byOps || config.batch === 1) && (this.steps > 0 || numbers.phase)) {
      const rows = rowsOf(config, this.run.tensor('x', false).data, this.run.tensor('t', false).data);
      if (rows) report.examples = rows;
    }
    return report;
  }

  // ── going back ──────────────────────────────────────────────────────────────────────────────────────────────────

  timeline(): Timeline {
    return this.travel.timeline();
  }

  /** Remembers the present state, unless it lies within a step. */
  keep(): void {
    const { config, travel } = this;
    const exact = config.kind !== 'perceptron' || config.shuffled || this.reporter.settled;
    if (exact || travel.keptStep < 0 || this.steps - travel.keptStep >= perceptronSteps) travel.keep();
  }

  /** Sets out for an earlier step, or for the newest one: arrive() goes there. */
  setOut(step: number): void {
    const newest = this.travel.newest ?? this.steps;
    const target = Math.min(step, newest);
    if (target === newest && this.travel.newest === undefined) return; // it stands there
    if (this.travel.newest === undefined) this.leftByOps = this.byOps;
    const leftAs = this.travel.newest === undefined ? this.status : this.travel.leftAs;
    this.travel.setOut(target, this.status, this.config);
    this.byOps = target === newest && this.leftByOps;
    this.status = target === newest ? leftAs : target === 0 ? 'ready' : 'paused';
  }

  /** Goes on for about `ms`; true when it is there. */
  arrive(ms: number, now: () => number): boolean {
    if (!this.travel.advance(ms, this.config, now)) return false;
    this.reporter.moved();
    this.blank = this.untrained;
    return true;
  }

  /** The past that is looked at is the run from now on. */
  branch(): void {
    if (this.travel.branch(this.config)) this.rewound();
    this.byOps = false;
  }

  /** Back to the beginning of this step, or of the one before when this one has not begun. */
  back(): void {
    this.branch();
    const half = this.run.numbers().phase !== '';
    this.travel.setOut(half ? this.steps : this.steps - 1, this.status, this.config, true);
    while (!this.travel.advance(Infinity, this.config, () => 0));
    this.branch();
    this.blank = this.untrained;
  }

  private get untrained(): boolean {
    return this.steps === 0 && this.run.numbers().phase === '';
  }

  /** A tensor as it stands. Before the first step there are no gradients: what stands in their place then is of a later step. */
  tensor(name: string, grad: boolean): Tensor {
    const tensor = this.run.tensor(name, grad);
    if (grad && this.blank) tensor.data.fill(0);
    return tensor;
  }

  /** The state was changed from outside: weights set or loaded, or another state restored, perhaps of another step. */
  changed(how: 'weights' | 'restored', before: number): void {
    this.rewound();
    if (this.steps !== before) this.travel.restart();
    this.travel.changed(this.config, how === 'weights' && this.config.kind !== 'perceptron');
  }

  private rewound(): void {
    this.status = this.steps === 0 ? 'ready' : 'paused';
    this.reporter.rewind(this.steps);
    this.evaluation?.rewind(this.steps);
  }

  configure(changes: Partial<OptimizerConfig> | { rate: number }): void {
    const config = withChanges(this.config, changes);
    this.travel.changed(config);
    this.config = config;
  }
}

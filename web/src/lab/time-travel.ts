// Looking at past steps of a run: it is taken back to a kept state and trained on to the step, so that every tensor and figure is what it
// was then. The newest step waits until something trains on from the past; from then on that is the run. Moves the run and nothing else:
// reports are reporting.ts's business, slices of time the driver's.
import type { EngineRun, PerceptronRun, TrainerRun } from './engine.ts';
import { LabError } from './errors.ts';
import { KeptStates, type Way } from './kept-states.ts';
import { optimizerFields } from './normalize.ts';
import { Calibration } from './pacer.ts';
import type { RunConfig, Status, Timeline } from './types.ts';

/** A stretch that takes longer than this, ms, is not trained again while a reader waits: then only marked steps are offered. */
const patienceMs = 400;

/** Where the run stands while another step is looked at. */
interface Present {
  step: number;
  status: Status;
  phase: string;
  node: number;
  diverged: boolean;
  bytes: Uint8Array;
}

export class TimeTravel {
  private readonly run: EngineRun;
  private readonly kept: KeptStates;
  private readonly calibration = new Calibration();
  private applied: RunConfig;
  private present: Present | undefined;
  private goal: { step: number; way: Way | undefined; home: boolean } | undefined;
  /** Training took so long, ms a step, as far as is known. */
  msPerStep = 0;

  constructor(run: EngineRun, config: RunConfig) {
    this.run = run;
    this.applied = config;
    this.kept = new KeptStates(config);
  }

  /** The newest step, while another one is looked at. */
  get newest(): number | undefined {
    return this.present?.step;
  }

  /** The newest kept step; −1 when nothing is kept. */
  get keptStep(): number {
    return this.kept.newest;
  }

  timeline(): Timeline {
    const newest = this.present?.step ?? this.run.steps();
    const marks = this.kept.marks().filter((step) => step < newest);
    const every = this.kept.gap(newest) * this.msPerStep <= patienceMs;
    return { first: marks[0] ?? newest, newest, marks: every ? null : [...marks, newest] };
  }

  /** Remembers the present state, unless it lies within a step or in the past. */
  keep(): void {
    if (!this.present && this.run.numbers().phase === '')
      this.kept.keep(this.run.steps(), this.run.snapshot());
  }

  /** Rates or weights were changed; `looked`: a weight was. In the past a rate waits until the run goes on. */
  changed(config: RunConfig, looked = false): void {
    if (this.present) return this.accept(config);
    this.apply(config);
    this.kept.newEra(this.run.steps(), config);
    if (this.run.numbers().phase === '') this.kept.keep(this.run.steps(), this.run.snapshot(), looked);
  }

  /** The run was put to another step from outside: what was before is not its past. */
  restart(): void {
    this.kept.clear();
  }

  /** Lets the engine say whether it would take a config, and leaves everything as it was. */
  private accept(config: RunConfig): void {
    const { applied } = this;
    const bytes = this.run.snapshot();
    this.apply(config);
    this.apply(applied);
    this.run.restore(bytes);
  }

  /** Sets out for a step; advance() goes. `whole`: to the beginning of the present step when the run stands within it. */
  setOut(step: number, status: Status, config: RunConfig, whole = false): void {
    this.present ??= this.stand(status);
    const home = step === this.present.step && !whole;
    const way = this.kept.find(step);
    const far = way === undefined || (step - way.from.step) * this.msPerStep > patienceMs;
    if (home && far) {
      this.run.restore(this.present.bytes);
      this.apply(config);
    } else if (way) {
      this.run.restore(way.from.bytes);
      this.apply(way.from.era.config);
    } else {
      if (this.run.steps() === this.present.step) this.present = undefined; // it has not left
      throw new LabError(
        'bad_state',
        step < 0
          ? 'this is the first step; there is nothing before it'
          : `no state from before step ${step + 1} is kept; reset, or load a saved one`,
      );
    }
    this.goal = { step, way: home && far ? undefined : way, home };
  }

  private stand(status: Status): Present {
    const { step, phase, nodeIndex, diverged } = this.run.numbers();
    return { step, status, phase, node: nodeIndex, diverged: diverged > 0, bytes: this.run.snapshot() };
  }

  /** Goes on for about `ms`; true when it is there. */
  advance(ms: number, config: RunConfig, now: () => number): boolean {
    const { goal, run } = this;
    if (!goal) return true;
    if (this.calibration.fill(ms, Infinity, now, (units) => run.work(units, goal.step))) return false;
    this.goal = undefined;
    if (goal.way?.edited) {
      run.restore(goal.way.edited.bytes);
      this.apply(goal.way.edited.era.config);
      if (goal.way.edited.looked) this.lookAgain();
    }
    if (goal.home) this.comeHome(config);
    return true;
  }

  /** A weight was set: the next report looked at the next batch with it. Writing what stands there has it look again. */
  private lookAgain(): void {
    const { run } = this;
    const name = run.info().tensors.find((tensor) => tensor.role === 'parameter')?.name;
    if (name !== undefined) run.set(name, Float64Array.from(run.tensor(name, false).data));
  }

  /** The newest step as it was left: within a step, diverged, with a rate that was changed meanwhile. */
  private comeHome(config: RunConfig): void {
    const { present, run, kept } = this;
    if (!present) return;
    if (!kept.hasEra) run.restore(present.bytes); // changed within the step
    for (let i = 2 * run.unitsPerStep(); i > 0; i -= 1) {
      const { phase, nodeIndex, diverged } = run.numbers();
      if (present.diverged ? diverged : phase === present.phase && nodeIndex === present.node) break;
      run.work(1, Infinity);
    }
    this.present = undefined;
    if (kept.era.config !== config) this.changed(config);
  }

  /** The past is the run from now on. Says whether it was looked at. */
  branch(config: RunConfig): boolean {
    if (!this.present) return false;
    this.present = undefined;
    this.goal = undefined;
    this.kept.forgetAfter(this.run.steps());
    if (this.kept.era.config === config) this.keep();
    else this.changed(config);
    return true;
  }

  /** The status that the newest step was left with. */
  get leftAs(): Status {
    return this.present?.status ?? 'paused';
  }

  private apply(config: RunConfig): void {
    if (config === this.applied && config.kind !== 'perceptron') return;
    this.applied = config;
    if (config.kind === 'perceptron') (this.run as PerceptronRun).setRate(config.rate);
    else (this.run as TrainerRun).configure(optimizerFields(config.optimizer));
  }
}

/**
 * Third layer of a demo: the run in its session. Builds it, runs, pauses, steps, goes back, resets; sleeps off-screen; reports in, events out.
 * Nothing here draws: lab-element.ts does.
 */
import type { Grain, OptimizerConfig, Report, RunConfig, RunInfo, Session, ViewSpec } from '../lab/index.ts';
import { History } from './history.ts';
import type { OptionTable } from './option.ts';
import { LabError, toLabError } from './problem.ts';
import { SessionElement } from './session-element.ts';
import { REPLAY_MAX } from './state.ts';
import { reducedMotion } from './visibility.ts';

/** Longest that a demo may run by itself, ms. */
const AUTOPLAY_MS = 5000;
/** With reduced motion pictures change at most this often, ms. */
const CALM_MS = 500;

export abstract class RunElement<O extends OptionTable = OptionTable> extends SessionElement<O> {
  /** Steps a second that the speed control offers; 0 = as fast as it can. */
  static speeds: readonly number[] = [1, 5, 30, 200, 0];
  /** The speed at the start: one of `speeds`. */
  static speed = 30;
  /** The run to train: from this.opt and this.seed. */
  protected abstract config(): RunConfig;
  /** What every report should carry for the picture. */
  protected views(): ViewSpec[] {
    return [];
  }
  /** More of them, for steps smaller than a training step: carried from the first such step on. */
  protected parts(): ViewSpec[] {
    return [];
  }
  /** The step at which a run ends by itself; undefined = never. */
  protected limit(): number | undefined {
    return undefined;
  }
  /** true: the demo runs by itself for at most 5 s when it is first seen (never with reduced motion or from a link). */
  protected autoplay(): boolean {
    return false;
  }
  /** false: training goes on while the demo is scrolled out of sight (long runs that the reader waits for). */
  protected sleepsOffscreen(): boolean {
    return true;
  }
  /** Called after each (re)build and report, before drawing: place for derived figures. With report.past an earlier step is looked at. */
  protected reported(_report: Report): void {}
  /** Called when the first report of another run is taken, before reported(): what was said about the run before is over. */
  protected begun(): void {}
  /** Called after a build, when tensors can be set or read for the first time; may await session calls. */
  protected async built(_session: Session): Promise<void> {}

  /** What the run is made of and no option holds (a long text of the reader's): plain data for run.json and for a twin. */
  protected data(): unknown {
    return undefined;
  }
  /** Takes what data() gave, undefined included, or throws a LabError; the next build uses it. It comes from files: look at it first. */
  protected takeData(data: unknown): void {
    if (data !== undefined && data !== null)
      throw new LabError('bad_file', 'This demo has no data beside its options; leave out "data".');
  }

  /** What the core said about the present run: parameters, memory, tensors. */
  protected info: RunInfo | undefined;
  protected stepsPerSecond: number;
  protected readonly history = new History();
  /** Set by a twin run: runs this demo and the twin in lock step instead of session.run(). */
  protected lead:
    ((session: Session, o: { stepsPerSecond?: number; until?: number }) => void | Promise<void>) | undefined;
  #rebuilding: Promise<void> | undefined;
  #building = false;
  #running = false;
  #asleep = false;
  #touched = false;
  #byOps = false;
  #exact = true;
  #calm: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.stepsPerSecond = (this.constructor as typeof RunElement).speed;
  }

  /** true from run() until pause(), the end of the run or a failure; sleeping off-screen does not change it. */
  get running(): boolean {
    return this.#running;
  }

  protected override nearChanged(near: boolean): void {
    if (!this.session || !this.#running || !this.sleepsOffscreen()) return;
    if (!near && !this.#asleep) {
      this.#asleep = true;
      void this.enqueue((session) => session.pause()).catch(() => undefined);
    } else if (near && this.#asleep) {
      this.#asleep = false;
      void this.#start().catch(() => undefined);
    }
  }

  protected override async sessionOpened(session: Session, step: number): Promise<void> {
    this.startStep = step;
    await this.enqueue(() => this.#build(session));
  }

  protected override sessionReady(step: number): void {
    const quiet = step > 0 || this.#touched || this.notice !== undefined || reducedMotion();
    if (!quiet && this.autoplay() && !this.isTwin) this.#play();
  }

  protected override sessionReported(report: Report): void {
    if (!this.#building) this.#accept(report);
  }

  protected override sessionFailed(): void {
    this.#running = false;
  }

  protected override sessionClosing(): void {
    this.startStep = this.replayableStep();
    clearTimeout(this.#calm);
    this.info = undefined;
    this.report = undefined;
    this.#rebuilding = undefined;
    this.#running = false;
    this.#asleep = false;
  }

  #play(): void {
    void this.#start().catch(() => undefined);
    const { signal } = this;
    setTimeout(() => {
      if (signal.aborted || this.#touched || !this.#running) return;
      void this.#halt().catch(() => undefined);
    }, AUTOPLAY_MS);
  }

  async #build(session: Session): Promise<void> {
    const step = this.startStep;
    this.startStep = 0;
    this.#building = true;
    try {
      this.failure = undefined;
      this.info = await session.create(this.config());
      this.history.clear();
      this.#exact = true;
      this.#asleep = false;
      await this.built(session);
      let report = await session.watch(this.#views());
      if (step > 0) {
        this.history.take(report);
        report = await session.step(Math.min(step, REPLAY_MAX));
      }
      this.#accept(report, true);
    } finally {
      this.#building = false;
    }
  }

  /** Builds the run again from this.opt and this.seed; goes on running if it ran. */
  protected rebuild(step = 0): Promise<void> {
    this.startStep = step;
    if (!this.session) return this.isConnected ? this.open().catch(() => undefined) : Promise.resolve();
    if (this.#rebuilding) return this.#rebuilding;
    const again = this.#running && step === 0;
    this.#running = false;
    const work = this.enqueue(async (session) => {
      this.#rebuilding = undefined;
      await this.#build(session);
    })
      .then(() => (again ? this.#start() : undefined))
      .catch((reason: unknown) => this.fail(toLabError(reason)));
    this.#rebuilding = work;
    return work;
  }

  /** Sends views() again: call it when they change without a rebuild. */
  protected async rewatch(): Promise<void> {
    if (!this.session) return;
    await this.#ask((session) => session.watch(this.#views()));
  }
  #views(): ViewSpec[] {
    return this.#byOps ? [...this.views(), ...this.parts()] : this.views();
  }

  protected override stateChanged(what: 'seed' | 'options' | 'state', changed: string[], step = 0): void {
    const kinds = changed.map((name) => this.kind.options[name]);
    const small = what === 'options' && kinds.every((o) => o?.view || o?.live);
    if (small && !this.session) return; // still opening: the first build reads the new value
    if (what === 'options' && kinds.every((o) => o?.view)) {
      void this.rewatch().catch(() => undefined);
    } else if (small) {
      void this.attempt(() => this.enqueue((session) => session.configure(this.live()))).catch(
        () => undefined,
      );
      if ((this.report?.step ?? 0) > 0) this.#exact = false;
    } else void this.rebuild(step);
  }

  /** What configure() is told after a live option changed. */
  protected live(): Partial<OptimizerConfig> | { rate: number } {
    const c = this.config();
    return c.kind === 'perceptron' ? { rate: c.rate } : c.optimizer;
  }

  /** Asks the session in its turn and takes the report that it answers with. */
  #ask(work: (session: Session) => Promise<Report>): Promise<void> {
    return this.attempt(() => this.enqueue(async (session) => this.#accept(await work(session))));
  }

  #accept(report: Report, first = false): void {
    this.report = report;
    if (first) this.begun();
    this.history.take(report);
    const ended = this.#running && (report.status === 'done' || report.status === 'diverged');
    if (ended) this.#running = false;
    this.reported(report);
    this.#redraw();
    this.emit('x2g-step');
    if (ended) this.emit('x2g-done');
  }

  #redraw(): void {
    if (!this.#running || !reducedMotion()) return this.requestUpdate();
    this.#calm ??= setTimeout(() => {
      this.#calm = undefined;
      this.requestUpdate();
    }, CALM_MS);
  }

  #start(): Promise<void> {
    if (!this.session) return Promise.resolve(); // removed since it was asked for
    this.#running = true;
    this.#asleep = false;
    this.notice = undefined;
    this.requestUpdate();
    const until = this.limit();
    return this.attempt(() =>
      this.enqueue(async (session) => {
        if (!this.#running) return;
        if (this.report?.status === 'done' || this.report?.status === 'diverged') await this.#fresh(session);
        if (this.near === false && this.sleepsOffscreen()) {
          this.#asleep = true;
          return;
        }
        const how = { stepsPerSecond: this.stepsPerSecond, ...(until === undefined ? {} : { until }) };
        await (this.lead ?? ((s, o) => s.run(o)))(session, how);
      }),
    ).catch((reason: unknown) => {
      this.#running = false;
      this.requestUpdate();
      throw reason;
    });
  }

  /** Fresh weights from the seed, and what the lesson sets on them. */
  async #fresh(session: Session): Promise<void> {
    this.history.clear();
    this.#exact = true;
    this.history.take(await session.reset(this.seed));
    await this.built(session);
    this.#accept(await session.report(), true);
  }

  #halt(): Promise<void> {
    this.#running = false;
    this.#asleep = false;
    this.requestUpdate();
    return this.#ask((session) => session.pause());
  }

  /** Opens for a call from outside; false when the element was removed meanwhile. */
  #touch(): Promise<boolean> {
    this.#touched = true;
    return this.opened();
  }

  /** Starts training; resolves when it has started. A finished run starts over. */
  async run(): Promise<void> {
    if (!(await this.#touch())) return;
    await this.#start();
  }

  async pause(): Promise<void> {
    this.#touched = true;
    if (this.session) await this.#halt();
  }

  /** Makes n steps of the given grain and waits for them. */
  async step(n = 1, grain: Grain = 'step'): Promise<void> {
    if (!(await this.#touch())) return;
    this.#running = false;
    if (grain !== 'step') this.#exact = false;
    if (grain !== 'step' && grain !== 'epoch' && !this.#byOps) {
      this.#byOps = true;
      if (this.parts().length > 0) await this.rewatch();
    }
    await this.#ask((session) => session.step(n, grain));
    if (this.report?.status === 'done' || this.report?.status === 'diverged') this.emit('x2g-done');
  }

  /** One step back; the newest step can be returned to until something trains on. Within a step: to its beginning. */
  async back(): Promise<void> {
    if (!(await this.#touch())) return;
    const { report } = this;
    if (report && report.step > 0 && !report.grain && !this.#running) return this.goTo(report.step - 1);
    this.#running = false;
    await this.#ask((session) => session.back());
  }

  /** Shows a past step with everything as it was then; the newest step shows the run itself. Whatever trains on from there forgets what came later. */
  async goTo(step: number): Promise<void> {
    if (!(await this.#touch())) return;
    this.#running = false;
    this.#asleep = false;
    await this.#ask((session) => session.goTo(step));
  }

  /** Fresh weights: from the same seed, or from another one. */
  async reset(o: { seed?: number } = {}): Promise<void> {
    if (!(await this.#touch())) return;
    this.#running = false;
    this.notice = undefined;
    if (o.seed !== undefined && o.seed !== this.seed) {
      this.seed = o.seed; // rebuilds: data may hang on the seed as well
      await this.#rebuilding;
      return;
    }
    await this.attempt(() => this.enqueue((session) => this.#fresh(session)));
  }

  /** The first step at which `holds` was true, for figures like "learned at step 431"; right in the past, too. Call it in reported(). */
  protected first(name: string, holds: boolean): number | undefined {
    return this.history.first(name, this.report?.step ?? 0, holds);
  }

  /** Changes the speed; a running demo goes on at once. */
  protected setSpeed(stepsPerSecond: number): void {
    this.stepsPerSecond = stepsPerSecond;
    this.requestUpdate();
    if (this.#running && !this.#asleep) void this.#start().catch(() => undefined);
  }

  /** A weight was set by hand: the state can no longer be replayed from the seed. */
  protected async setTensor(name: string, data: ArrayLike<number>): Promise<void> {
    if (!(await this.#touch())) return;
    this.#exact = false;
    await this.#ask((session) => session.set(name, data));
  }

  /** Restores weights from a file or snapshot; the seed no longer tells the state. */
  protected async adopt(work: (session: Session) => Promise<Report>): Promise<void> {
    if (!(await this.#touch())) return;
    this.#exact = false;
    await this.#ask(work);
  }

  /** false once a weight or a rate was changed during the run: seed and options alone no longer tell its state. */
  protected get exact(): boolean {
    return this.#exact;
  }

  protected override replayableStep(): number {
    const step = this.report?.step ?? this.startStep;
    return this.#exact && step <= REPLAY_MAX && this.replays() ? step : 0;
  }
  /** Whether a shared link replays the steps made. Default: for small runs, not for GPTs. */
  protected replays(): boolean {
    return (this.info?.parameterCount ?? 0) < 2000;
  }
}

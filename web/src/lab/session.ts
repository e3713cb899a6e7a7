// What pages and demos talk to: one engine with one run, in a worker of its own. Every method is a promise, every failure a LabError.
// A session outlives its worker: when that traps, hangs or dies, it starts another from the last snapshot and goes on.
import { withChanges, withSeed } from './changes.ts';
import { LabError, toLabError } from './errors.ts';
import type { GraphRecorder } from './graph.ts';
import type { GraphRun } from './graph-run.ts';
import type { GraphOptions, GraphPlan } from './graph-types.ts';
import type { HostEvent, RunOptions } from './host.ts';
import { Lifeline } from './lifeline.ts';
import type { HostMethod, HostResult, Link } from './link.ts';
import { firstLink, parts, type Hooks, type OpenOptions, type Parts } from './opening.ts';
import { grammarOf, languageOf } from './story-grammars.ts';
import type { DigitOptions, DigitSet } from './tools/types.ts';
import type {
  ActivationName,
  BeamOptions,
  BeamTree,
  Capabilities,
  DecodingOptions,
  DecodingSteps,
  Estimate,
  GenerateOptions,
  Grain,
  HuggingFaceExport,
  Lang,
  LookInside,
  OptimizerConfig,
  PointData,
  PointKind,
  PointOptions,
  Report,
  RunConfig,
  RunInfo,
  Tensor,
  Timeline,
  Variant,
  ViewData,
  ViewSpec,
} from './types.ts';

export type { OpenOptions, Parts };

/** Rows that the host holds already, by id and by being the same array, travel as none: thousands of pictures are sent once. */
function unsent(views: ViewSpec[], before: ViewSpec[]): ViewSpec[] {
  return views.map((view) => {
    const old = view.kind === 'rows' && before.find(({ id }) => id === view.id);
    return old && old.kind === 'rows' && old.x === view.x ? { ...view, x: [] } : view;
  });
}

/**
 * An engine of one's own with at most one run, in a worker where one can start. Every method answers with a promise; every failure is
 * a LabError. Tensors are 32-bit floats, row-major; losses are nats or squared units.
 */
export class Session {
  /** What this session got: binary, worker or page, version. */
  readonly capabilities: Capabilities;
  private readonly line: Lifeline;
  private readonly reportListeners = new Set<(r: Report) => void>();
  private readonly failureListeners = new Set<(e: LabError, recovered: boolean) => void>();
  private readonly texts = new Map<number, (piece: string) => void>();
  private nextText = 1;
  /** The engine that knows weights files and stories, where this one does not. */
  private whole: (() => Promise<Session>) | undefined;
  // What another worker would have to be told:
  private config: RunConfig | undefined;
  private views: ViewSpec[] = [];
  private driving: RunOptions | undefined;
  private asleep = false; // driving, but the tab is hidden
  private kept: Uint8Array | undefined;
  private readonly taught = new Map<Lang, string>();
  private readonly reopen: (workers: number) => Promise<Link>;
  private workers = 1;

  /**
   * Fetches and starts the engine.
   * @throws LabError `not_loaded`: no connection, no WebAssembly SIMD, a policy that forbids it; trying again may help
   */
  static async open(o: OpenOptions = {}, p: Parts = parts): Promise<Session> {
    const stopped = (): LabError => new LabError('bad_state', 'opening was stopped by the caller');
    if (o.signal?.aborted) throw stopped();
    const source = await p.load(o.variant ?? 'simd128', o.engine ?? 'whole').catch((thrown: unknown) => {
      throw toLabError(thrown);
    });
    const opened: { session?: Session } = {};
    const hooks: Hooks = {
      onEvent: (event) => opened.session?.receive(event),
      onDeath: (error) => opened.session?.line.died(error),
    };
    const { link, reopen } = await firstLink(source, o, p, hooks);
    if (o.signal?.aborted) {
      link.close();
      throw stopped();
    }
    opened.session = new Session(link, (workers) => reopen(hooks, workers), source.variant, p.silenceMs);
    if (o.engine === 'text')
      opened.session.whole = () => Session.open({ where: link.where, engine: 'whole' }, p);
    return opened.session;
  }

  private constructor(
    link: Link,
    reopen: (workers: number) => Promise<Link>,
    variant: Variant,
    silenceMs: number,
  ) {
    this.reopen = reopen;
    this.capabilities = { variant, where: link.where, version: link.version };
    this.line = new Lifeline(link, {
      silenceMs,
      reopen: () => reopen(this.workers),
      running: () => this.driving !== undefined && !this.asleep,
      revive: (other) => this.revive(other),
      onFailure: (error, recovered) => this.failed(error, recovered),
      onClose: () => this.forget(),
    });
    if (typeof document === 'object') document.addEventListener('visibilitychange', this.visibility);
  }

  // ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Memory and size of a run before anything is allocated. */
  async estimate(c: RunConfig): Promise<Estimate> {
    if (this.whole) await this.teach(languageOf(c));
    return this.call('estimate', c);
  }

  /** Replaces the present run. Too large a one is refused with the figure and a smaller choice. */
  async create(c: RunConfig): Promise<RunInfo> {
    this.driving = undefined;
    if (this.whole) await this.teach(languageOf(c));
    const workers = (this.whole && c.kind === 'gpt' && c.workers) || 1;
    const info = await (workers === this.workers ? this.call('create', c) : this.staff(workers, c));
    this.config = c;
    this.views = [];
    this.kept = undefined;
    return info;
  }

  /** A run, if there is to be one, on an engine that has had none. */
  private async begin<C extends RunConfig | undefined>(link: Link, c: C) {
    for (const [lang, grammar] of this.taught) await link.call('teach', lang, grammar);
    return (c && link.call('create', c)) as C extends RunConfig ? Promise<RunInfo> : undefined;
  }

  /** A run with another number of workers; the one before goes on until that stands. */
  private async staff(workers: number, c: RunConfig): Promise<RunInfo> {
    const link = await this.reopen(workers);
    try {
      const info = await this.begin(link, c);
      this.workers = workers;
      this.line.change(link);
      return info;
    } catch (thrown) {
      link.close();
      throw thrown;
    }
  }

  /** Resolves when it has started. Called again it changes speed and end. */
  async run(o: RunOptions = {}): Promise<void> {
    this.driving = o;
    this.asleep = typeof document === 'object' && document.hidden;
    if (this.asleep) return;
    try {
      await this.call('run', o);
    } catch (error) {
      this.driving = undefined;
      throw error;
    }
  }

  /** Stops before the next step and tells where it stands. */
  async pause(): Promise<Report> {
    this.driving = undefined;
    const report = await this.call('pause');
    this.tell(report);
    return report;
  }

  /** n whole steps, ops or passes over the data (`grain`), then a pause; n from 0 to 1,000,000,000. */
  step(n = 1, grain: Grain = 'step'): Promise<Report> {
    this.driving = undefined;
    return this.call('step', n, grain);
  }

  /** To the beginning of this step, or of the one before; LabError `bad_state` where no earlier state is kept. */
  back(): Promise<Report> {
    this.driving = undefined;
    return this.call('back');
  }

  /** What goTo() can show of the run so far. Nothing to show where `first` is `newest`. */
  timeline(): Promise<Timeline> {
    return this.call('timeline');
  }

  /**
   * Shows a past step with everything as it was then, by training there again from a kept state; the newest step shows the run itself.
   * Whatever trains or sets a weight from a past step makes that the run, and what came later is forgotten; until then it is kept.
   * @throws LabError `bad_state` where no state from before that step is kept
   */
  goTo(step: number): Promise<Report> {
    this.driving = undefined;
    return this.call('goTo', step);
  }

  /** Fresh weights, step 0: what create() with that seed gives. Views stay. */
  async reset(seed: number): Promise<Report> {
    this.driving = undefined;
    const report = await this.call('reset', seed);
    if (this.config) this.config = withSeed(this.config, seed);
    this.kept = undefined;
    return report;
  }

  /** Where the run stands now, with the watched views. */
  report(): Promise<Report> {
    return this.call('report');
  }

  /** From now on every report carries these. */
  async watch(views: ViewSpec[]): Promise<Report> {
    const report = await this.call('watch', unsent(views, this.views));
    this.views = views;
    return report;
  }

  /** Calls back at most once a frame while it runs; the result ends that. */
  onReport(f: (r: Report) => void): () => void {
    this.reportListeners.add(f);
    return () => this.reportListeners.delete(f);
  }

  /** The engine failed. recovered: another one goes on from the last snapshot; else this session is over. */
  onFailure(f: (e: LabError, recovered: boolean) => void): () => void {
    this.failureListeners.add(f);
    return () => this.failureListeners.delete(f);
  }

  // ── looking and changing ────────────────────────────────────────────────────────────────────────────────────────

  /** A copy of a tensor, or of d loss / d tensor; LabError `unknown_name` where there is none. */
  tensor(name: string, grad = false): Promise<Tensor> {
    return this.call('tensor', name, grad);
  }

  /** Writes a parameter or a buffer: as many finite numbers as its shape has. */
  set(name: string, data: ArrayLike<number>): Promise<Report> {
    return this.call('set', name, data);
  }

  /** Live changes: a rate, a schedule. Another kind of optimizer needs another run. */
  async configure(o: Partial<OptimizerConfig> | { rate: number }): Promise<void> {
    await this.call('configure', o);
    if (this.config) this.config = withChanges(this.config, o);
  }

  /**
   * Backpropagation against central differences in double precision, for element `index` of a parameter nudged by h either way.
   * In the engines 'graph' and 'whole'.
   */
  checkGradient(name: string, index: number, h?: number): Promise<HostResult<'checkGradient'>> {
    return this.call('checkGradient', name, index, h);
  }

  /** Forward passes on given rows, x (rows, inputs): the named tensors, each (rows, width). */
  evaluateRows(x: ArrayLike<number>, tensors: string[]): Promise<ViewData> {
    return this.call('evaluateRows', x, tensors);
  }

  /** Text after the prompt, in whole characters as they come; resolves with all of it, the prompt not included. Training goes on. */
  async generate(o: GenerateOptions, onText: (piece: string) => void, signal?: AbortSignal): Promise<string> {
    if (signal?.aborted) throw new LabError('bad_state', 'the text was stopped by the caller');
    const id = this.nextText++;
    this.texts.set(id, onText);
    const stop = (): void => void this.call('cancelGenerate', id).catch(() => undefined);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.call('generate', id, o);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.texts.delete(id);
    }
  }

  /**
   * The likeliest continuations of a prompt, with all that was looked at on the way. Only in the whole engine, for language models.
   * @throws LabError `bad_state` when the weights change meanwhile: pause the run first
   */
  beam(o: BeamOptions): Promise<BeamTree> {
    return this.call('beam', o);
  }

  /** How the token after a prompt is chosen, step by step: what every filter removes. Only in the whole engine, for language models. */
  decodingSteps(prompt: string, o: DecodingOptions): Promise<DecodingSteps> {
    return this.call('decodingSteps', prompt, o);
  }

  /** A language model as a folder that Hugging Face transformers opens. Only in the whole engine. */
  exportHuggingFace(): Promise<HuggingFaceExport> {
    return this.call('exportHuggingFace');
  }

  /** The attention of every head over a text, and what the model expects next. Language models only. */
  look(text: string): Promise<LookInside> {
    return this.call('look', text);
  }

  /** Parameters, optimizer state and step, as bytes for restore(). */
  snapshot(): Promise<Uint8Array> {
    return this.call('snapshot');
  }

  /** Back to a snapshot of the same kind of run; LabError `bad_file` otherwise. */
  restore(bytes: Uint8Array): Promise<Report> {
    return this.call('restore', bytes);
  }

  /** The parameters as a safetensors file. The engine 'text' opens the whole one for it. */
  async saveWeights(): Promise<Uint8Array> {
    const { whole, config } = this;
    if (!whole || !config) return this.call('saveWeights');
    const weights = await this.weights(); // of now, though training goes on
    return (await import('./weights-elsewhere.ts')).written(whole, config, weights);
  }

  /** Parameters from a safetensors file of the same names and shapes; LabError `bad_file` or `shape_mismatch` otherwise. */
  async loadWeights(bytes: Uint8Array): Promise<Report> {
    const { whole, config } = this;
    if (!whole || !config) return this.call('loadWeights', bytes);
    const { read } = await import('./weights-elsewhere.ts');
    return this.setWeights(await read(whole, config, bytes));
  }

  /** All parameters of one moment by name, as set() takes them. */
  weights(): Promise<HostResult<'weights'>> {
    return this.call('weights');
  }

  /** Writes several parameters at once. */
  setWeights(weights: Record<string, ArrayLike<number>>): Promise<Report> {
    return this.call('setWeights', weights);
  }

  // ── beside the run ──────────────────────────────────────────────────────────────────────────────────────────────

  /** y = f(x) and dy = f′(x), as long as x. */
  activation(name: ActivationName, x: ArrayLike<number>): Promise<{ y: Float32Array; dy: Float32Array }> {
    return this.call('activation', name, x);
  }

  /** Nanoseconds an element, measured here and now. */
  timeActivation(
    name: ActivationName,
    elements: number,
    direction: 'forward' | 'derivative',
  ): Promise<number> {
    return this.call('timeActivation', name, elements, direction);
  }

  /** A text of about so many bytes, made from a seed. */
  async stories(lang: Lang, bytes: number, seed: number): Promise<string> {
    if (this.whole) await this.teach(lang);
    return this.call('stories', lang, bytes, seed);
  }

  /** A truth table or two clouds of points. */
  points(kind: PointKind, o: PointOptions = {}): Promise<PointData> {
    return this.call('points', kind, o);
  }

  /** As Tools.digits(). Only in the engine 'digits', as fitDigit(). */
  digits(n: number, o: DigitOptions & { seed?: number; first?: number } = {}): Promise<DigitSet> {
    return this.call('digits', n, o);
  }

  /** As Tools.fitDigit(): a drawing (height · width numbers) as a digit's 28 × 28 pixels. */
  fitDigit(drawing: ArrayLike<number>, width: number, height: number): Promise<Float32Array> {
    return this.call('fitDigit', drawing, width, height);
  }

  /**
   * Builds a graph of one's own beside the run: ops, or a ready model, `{ model: 'transformer', config: { … } }`. Only in the whole engine, which is the default.
   * @throws LabError `unknown_name` (op, tensor), `shape_mismatch`, `out_of_memory`, with the sentence of the core
   */
  async graph(g: GraphRecorder | GraphPlan, o: GraphOptions = {}): Promise<GraphRun> {
    const { openGraph } = await import('./graph-run.ts');
    return openGraph((name, ...args) => this.call(name, ...(args as never)), g, o);
  }

  /** Ends the worker and with it all memory. Can be called again. */
  dispose(): void {
    this.line.close();
  }

  /** The engine 'text' has no stories in it: it is taught those of a language before they are asked for. */
  private async teach(lang: Lang | undefined): Promise<void> {
    if (!lang || this.taught.has(lang)) return;
    const grammar = await grammarOf(lang);
    if (grammar === undefined) return;
    await this.call('teach', lang, grammar);
    this.taught.set(lang, grammar);
  }

  // ── keeping it alive ────────────────────────────────────────────────────────────────────────────────────────────

  private forget(): void {
    if (typeof document === 'object') document.removeEventListener('visibilitychange', this.visibility);
    this.reportListeners.clear();
    this.failureListeners.clear();
  }

  private call<K extends HostMethod>(
    name: K,
    ...args: Parameters<Link['call']> extends [unknown, ...infer A] ? A : never
  ): Promise<HostResult<K>> {
    return this.line.call(name, ...args);
  }

  private receive(event: HostEvent): void {
    this.line.sign();
    if (event.kind === 'report') this.tell(event.report);
    else if (event.kind === 'snapshot') this.kept = event.bytes;
    else if (event.kind === 'text') this.texts.get(event.id)?.(event.piece);
    else if (event.kind === 'failed') this.line.died(new LabError(event.code, event.message));
  }

  private tell(report: Report): void {
    if (report.status === 'done' || report.status === 'diverged') this.driving = undefined;
    for (const listener of [...this.reportListeners]) listener(report);
  }

  /** Another engine in the state of the last snapshot, doing what the old one did. */
  private async revive(link: Link): Promise<void> {
    if (!(await this.begin(link, this.config))) return;
    if (this.kept) await link.call('restore', this.kept);
    await link.call('watch', this.views);
    if (this.driving && !this.asleep) await link.call('run', this.driving);
  }

  private failed(error: LabError, recovered: boolean): void {
    for (const listener of [...this.failureListeners]) listener(error, recovered);
  }

  /** A hidden tab is throttled: training stops there with a snapshot and goes on, with the same bits, when it is seen again. */
  private readonly visibility = (): void => {
    if (!this.driving || this.asleep === document.hidden) return;
    this.asleep = document.hidden;
    const work = this.asleep
      ? this.call('pause')
          .then(() => this.call('snapshot'))
          .then((bytes) => {
            this.kept = bytes;
          })
      : this.call('run', this.driving);
    work.catch((error: unknown) => {
      if (!this.line.closed) this.failed(toLabError(error), true);
    });
  };
}

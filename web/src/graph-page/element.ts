/**
 * <x2g-graph example="two-layer|gpt-block" seed="1">: a graph written in JavaScript, its code, and everything in it while it trains.
 * It shares the frame's looks with the demos of the lessons, but trains a bare graph, not a run: no share links, panels or exports.
 * All elements of a page share one engine.
 */
import { html, LitElement, nothing, unsafeCSS, type CSSResultGroup, type TemplateResult } from 'lit';
import { LabError, Session, toLabError, type GraphLook, type Lang } from '@x2g/web/lab';
import { controlStyle } from '../elements/control-style.ts';
import { frameStyle } from '../elements/frame-style.ts';
import { resolveLang } from '../elements/language.ts';
import { problemList } from '../elements/problems.ts';
import { strings, type StringName } from '../elements/strings.ts';
import tokens from '../styles/tokens.css?inline';
import { graphBar } from './bar.ts';
import { examples, type Example } from './examples.ts';
import { graphStyle } from './style.ts';
import { GraphTraining } from './training.ts';
import { codeBox, course, numbers, readouts } from './view.ts';
import { words } from './words.ts';

const showMs = 100; // between two looks while it runs
const frameMs = 14;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let shared: Promise<Session> | undefined;
function session(): Promise<Session> {
  shared ??= Session.open({ engine: 'whole' }).then((opened) => {
    opened.onFailure((_, recovered) => {
      if (!recovered) shared = undefined;
    });
    return opened;
  });
  shared.catch(() => (shared = undefined));
  return shared;
}

export default class GraphElement extends LitElement {
  static override styles: CSSResultGroup = [unsafeCSS(tokens), frameStyle, controlStyle, graphStyle];

  /** Resolves when the graph stands and its first values are shown. */
  readonly ready: Promise<void>;
  running = false;
  #settle: () => void = () => undefined;
  #training: GraphTraining | undefined;
  #looks: GraphLook[] = [];
  #failure: LabError | undefined;
  #seed = 1;
  #byNode = false;
  #speed: 'nodes' | 'steps' | 'full' = 'full';
  #chosen = '';
  #queue: Promise<unknown> = Promise.resolve();
  #lang: Lang = 'en';
  #shownAt = 0;

  constructor() {
    super();
    this.ready = new Promise((resolve) => (this.#settle = resolve));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const seed = Number(this.getAttribute('seed') ?? 1);
    if (Number.isSafeInteger(seed) && seed >= 0) this.#seed = seed;
    void this.#build();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running = false;
    this.#training?.dispose();
    this.#training = undefined;
  }

  /** Where training stands; undefined before the graph does. */
  get report() {
    return this.#training?.report;
  }

  get #example(): Example {
    const name = this.getAttribute('example') ?? 'two-layer';
    const found = examples[name];
    if (found) return found;
    throw new LabError(
      'unknown_name',
      `no example is called "${name}"; there are ${Object.keys(examples).join(', ')}`,
    );
  }

  async #build(): Promise<void> {
    this.#failure = undefined;
    await this.#do(async () => {
      this.#training?.dispose();
      const training = await GraphTraining.open(await session(), this.#example, this.#seed);
      if (!this.isConnected) return training.dispose();
      this.#training = training;
      const weight = training.run.tensors.find(({ role, shape }) => role === 'parameter' && shape.length > 1);
      this.#chosen = weight?.name ?? training.run.names[0] ?? '';
      await this.#show();
    });
    this.#settle();
  }

  /** One thing after the other; a failure is shown in place. */
  #do(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work).catch((thrown: unknown) => {
      this.running = false;
      this.#failure = toLabError(thrown);
      this.requestUpdate();
    });
    this.#queue = turn;
    return turn;
  }

  async #show(): Promise<void> {
    this.#looks = (await this.#training?.look()) ?? [];
    this.#shownAt = performance.now();
    this.requestUpdate();
  }

  /** Trains until pause(). */
  async run(): Promise<void> {
    await this.ready;
    if (this.running || !this.#training) return;
    this.running = true;
    this.requestUpdate();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    while (this.running && this.isConnected && this.#training.report.problem === '') {
      await this.#do(() => this.#slice(still ? 500 : showMs));
      await pause(this.#speed === 'nodes' ? 250 : this.#speed === 'steps' ? 100 : 0);
      await new Promise((resolve) => requestAnimationFrame(resolve)); // a hidden page stands still
    }
    this.running = false;
    await this.#do(() => this.#show());
  }

  async #slice(every: number): Promise<void> {
    const training = this.#training;
    if (!training) return;
    const end = performance.now() + frameMs;
    if (this.#speed === 'nodes') await training.node();
    else {
      do await training.step();
      while (
        this.#speed === 'full' &&
        this.running &&
        performance.now() < end &&
        training.report.problem === ''
      );
    }
    if (performance.now() - this.#shownAt >= every) await this.#show();
  }

  async pause(): Promise<void> {
    this.running = false;
    await this.#do(() => this.#show());
  }

  /** n whole steps, or n nodes. */
  async step(n = 1, grain: 'step' | 'node' = 'step'): Promise<void> {
    this.running = false;
    await this.ready;
    await this.#do(async () => {
      const training = this.#training;
      for (let i = 0; i < n && training; i += 1) await (grain === 'node' ? training.node() : training.step());
      await this.#show();
    });
  }

  /** Initial values anew. */
  async reset(o: { seed?: number } = {}): Promise<void> {
    this.running = false;
    await this.ready;
    await this.#do(async () => {
      await this.#training?.reset(o.seed ?? this.#seed);
      if (o.seed !== undefined) this.#seed = o.seed;
      this.#failure = undefined;
      await this.#show();
    });
  }

  #s = (name: StringName): string => strings[name][this.#lang];

  protected override willUpdate(): void {
    this.#lang = resolveLang(this);
  }

  protected override render(): TemplateResult {
    let example: Example;
    try {
      example = this.#example;
    } catch (thrown) {
      return this.#problems(toLabError(thrown));
    }
    const training = this.#training;
    return html`
      <section class="frame" aria-label=${example.title[this.#lang]}>
        <header>
          <p class="title">${example.title[this.#lang]}</p>
          <p class="question">${example.question[this.#lang]}</p>
        </header>
        ${graphBar({
          lang: this.#lang,
          running: this.running,
          byNode: this.#byNode,
          speed: this.#speed,
          seed: this.#seed,
          toggle: () => void (this.running ? this.pause() : this.run()),
          step: () => void this.step(1, this.#byNode ? 'node' : 'step'),
          reset: () => void this.reset(),
          setByNode: (on) => (this.#byNode = on),
          setSpeed: (speed) => (this.#speed = speed),
          setSeed: (seed) => void this.reset({ seed }),
        })}
        ${this.#problems(this.#failure)} ${training ? readouts(training, this.#lang) : nothing}
        <div class="parts">
          ${codeBox(example, this.#lang)} ${training ? course(training, this.#lang) : this.#waiting()}
        </div>
        ${
          training
            ? numbers({
                training,
                looks: this.#looks,
                title: example.title[this.#lang],
                chosen: this.#chosen,
                lang: this.#lang,
                choose: (name) => {
                  this.#chosen = name;
                  this.requestUpdate();
                },
              })
            : nothing
        }
      </section>
    `;
  }

  #waiting(): TemplateResult {
    return html`
      <div class="picture skeleton"><p>${this.#failure ? '' : this.#s('loading')}</p></div>
    `;
  }

  #problems(failure: LabError | undefined): TemplateResult {
    const problem = this.#training?.report.problem;
    return problemList({
      lang: this.#lang,
      failure,
      notice: problem ? { title: words.stopped[this.#lang], message: problem } : undefined,
      report: undefined,
      retry: () => void this.#build(),
      lowerRate: undefined,
    });
  }
}

/**
 * The base of every demo: the frame that all lessons share around what the lesson draws. What a lesson may override and use is said in
 * lesson-element.ts. The frame's parts are files of their own: control bar, prediction, problems, status line, panels.
 */
import { html, nothing, unsafeCSS, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import tokens from '../styles/tokens.css?inline';
import type { DiagramMark } from '../plot/types.ts';
import { controlBar } from './bar.ts';
import { Bench } from './bench.ts';
import { controlStyle } from './control-style.ts';
import { optionControl } from './controls.ts';
import { csvText } from './curve-rows.ts';
import { frameStyle } from './frame-style.ts';
import { handleKey, type KeyActions } from './keys.ts';
import type { RunOfDemo } from './later/twin.ts';
import { LessonElement } from './lesson-element.ts';
import { later, type Later } from './load-later.ts';
import type { OptionTable } from './option.ts';
import { PanelList } from './panel-list.ts';
import { panelStyle } from './panel-style.ts';
import { Predicting } from './prediction.ts';
import { toLabError } from './problem.ts';
import { problemList } from './problems.ts';
import { StatusLine } from './status-line.ts';
import type { FramePart } from './types.ts';

const ignore = (): undefined => undefined;

export abstract class LabElement<O extends OptionTable = OptionTable> extends LessonElement<O> {
  static override styles: CSSResultGroup = [unsafeCSS(tokens), frameStyle, controlStyle, panelStyle];

  readonly #redraw = (): void => this.requestUpdate();
  #grain = 0;
  #shareLink = '';
  #keyList: Later['keyList'] | undefined;
  #predicting = new Predicting(this.#redraw, (chosen, right) => {
    later().then(({ markPrediction }) => markPrediction(this.kind.slug, chosen, right), ignore);
  });
  #status = new StatusLine(this.#redraw);
  #bench = new Bench({
    lang: () => this.langNow,
    report: () => this.report,
    running: () => this.running,
    timeline: () => this.enqueue((session) => session.timeline()),
    goTo: (step) => this.goTo(step),
    root: () => this.renderRoot as ShadowRoot,
    tag: this.localName,
    options: this.kind.options,
    demo: () => this as unknown as RunOfDemo,
    exact: () => this.exact,
    tell: (reason) => this.#tell(reason),
    redraw: this.#redraw,
  });
  #panels = new PanelList({
    slug: this.kind.slug,
    tag: `x2g-${this.kind.slug}`,
    title: this.kind.titles,
    options: this.kind.options,
    lang: () => this.langNow,
    hides: (name) => this.#hides(name),
    running: () => this.running,
    state: () => this.getState(),
    numbers: () => (this.report ? this.#guard(() => this.numbers()) : nothing),
    offers: (name) => this.offers(name),
    breaks: () => this.breakIt(),
    checks: () => this.checks(),
    claims: () => this.claims(),
    measured: () => this.measured(),
    openSession: () => this.extraSession(),
    dropSession: (session) => this.drop(session),
    savesWeights: () => this.savesWeights(),
    png: () => this.exportPNG(),
    svg: () => this.exportSVG(),
    csv: () => this.exportCSV(),
    safetensors: () => this.exportWeights(),
    json: () => this.exportRun(),
    openRun: (file) => this.openRun(file),
    tell: (reason) => this.#tell(reason),
    redraw: this.#redraw,
  });

  /** An error shown in place; the demo goes on. */
  #tell(reason: unknown, title = ''): void {
    this.notice = { title, message: toLabError(reason) };
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#status.stop();
  }

  /** Focus goes to the frame, where the keys work. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.frame')?.focus(options);
  }

  #hides(part: FramePart): boolean {
    return (this.getAttribute('hide') ?? '').split(/[\s,]+/u).includes(part);
  }

  /** What the reader points at, in a text or in the picture that it speaks of; given to both, they light up together. */
  protected looked: DiagramMark | undefined;
  protected readonly lookAt = (mark: DiagramMark | undefined): void => {
    this.looked = mark;
    this.requestUpdate();
  };

  protected override willUpdate(_changed: PropertyValues): void {
    const { report } = this;
    if (!report) return;
    this.#guard(() => this.#predicting.look(this.prediction(), report));
    this.#status.tell(this.running, () => this.#guard(() => this.summary(report)) ?? '');
  }

  protected override begun(): void {
    this.#predicting.forget();
  }

  /** A fault in a lesson's own drawing must not take the frame with it. */
  #guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (reason) {
      console.error(reason);
      if (!this.failure) queueMicrotask(() => this.fail(toLabError(reason)));
      return undefined;
    }
  }

  protected override render(): TemplateResult {
    const kind = this.kind;
    const title = this.t(kind.titles);
    const ready = this.report !== undefined;
    const prediction = this.#hides('prediction') ? undefined : this.prediction();
    return html`
      <section
        class="frame"
        part="frame"
        lang=${this.langNow}
        tabindex="0"
        role="group"
        aria-label=${title}
        aria-busy=${ready || this.failure ? 'false' : 'true'}
        @keydown=${this.#onKey}
        @dragover=${this.#onDrop}
        @drop=${this.#onDrop}
      >
        ${
          this.#hides('title')
            ? nothing
            : html`
                <header part="title">
                  <p class="title">${title}</p>
                  <p class="question">${this.t(kind.question)}</p>
                </header>
              `
        }
        ${prediction ? this.#predicting.render(prediction, this.langNow) : nothing}
        ${this.#hides('controls') ? nothing : this.#bar()} ${this.#problems()}
        ${ready ? this.#guard(() => this.tools()) : nothing}
        ${
          ready
            ? html`
                <figure class="picture" part="picture">${this.#guard(() => this.picture())}</figure>
              `
            : html`
                <div class="picture skeleton" part="picture">
                  <p>${this.failure ? '' : this.s('loading')}</p>
                </div>
              `
        }
        ${this.#hides('history') ? nothing : this.#bench.past()}
        ${
          this.#hides('readouts')
            ? nothing
            : html`
                <div class="readouts" part="readouts">
                  ${ready ? this.#guard(() => this.readouts()) : nothing}
                </div>
              `
        }
        ${this.#bench.twin()}
        <p class=${this.#hides('status') ? 'status unseen' : 'status'} role="status" data-x2g="status">
          ${this.#status.text}
        </p>
        ${this.#hides('panels') ? nothing : this.#panels.render()} ${this.#keyList?.(this.langNow)}
      </section>
    `;
  }

  protected override firstUpdated(): void {
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    const { wide, narrow } = (this.constructor as typeof LabElement).skeleton;
    frame?.style.setProperty('--skeleton-wide', `${wide}px`);
    frame?.style.setProperty('--skeleton-narrow', `${narrow}px`);
  }

  #bar(): TemplateResult {
    const kind = this.constructor as typeof LabElement;
    const control = ([name, o]: [string, OptionTable[string]]) =>
      o.when && !o.when(this.opt)
        ? nothing
        : optionControl({
            name,
            option: o,
            value: this.opt[name],
            lang: this.langNow,
            change: (key, value) => this.#set(key, value),
          });
    const all = this.#hides('options') ? [] : Object.entries(this.kind.options);
    const more = all.filter(([, o]) => o.more && o.control !== 'none');
    return controlBar({
      lang: this.langNow,
      running: this.running,
      grains: this.grains(),
      grain: this.#grain,
      speeds: kind.speeds,
      speed: this.stepsPerSecond,
      seed: this.#hides('seed') ? undefined : this.seed,
      options: all.filter(([, o]) => !o.more).map(control),
      more:
        more.length === 0
          ? nothing
          : html`
              <details class="more">
                <summary>${this.s('settings')}</summary>
                <div class="bar">${more.map(control)}</div>
              </details>
            `,
      shareLink: this.#shareLink,
      ...this.#moves,
      setGrain: (index) => {
        this.#grain = index;
        this.requestUpdate();
      },
      setSpeed: (value) => this.setSpeed(value),
      setSeed: (value) => this.#set('seed', value),
      duplicate: this.#hides('twin') ? undefined : () => this.#bench.duplicate(),
      share: () => void this.#share(),
    });
  }

  #stepOnce(): void {
    const grains = this.grains();
    const { grain, n } = grains[this.#grain] ?? grains[0] ?? { grain: 'step' as const, n: 1 };
    void this.step(n ?? 1, grain).catch(ignore);
  }

  /** A control's raw value: taken, or refused with a notice and the old value shown again. */
  #set(name: string, value: unknown): void {
    try {
      if (name === 'seed') this.seed = value as number;
      else this.change({ [name]: value } as Partial<typeof this.opt>);
    } catch (reason) {
      this.#tell(reason, this.s('bad_value'));
    }
    this.#shareLink = '';
    this.requestUpdate();
  }

  /** What buttons and keys do alike. */
  readonly #moves: KeyActions = {
    toggle: () => void (this.running ? this.pause() : this.run()).catch(ignore),
    step: () => this.#stepOnce(),
    back: () => void this.back().catch(ignore),
    reset: () => void this.reset().catch(ignore),
    help: () => void this.#help().catch((reason: unknown) => this.#tell(reason)),
  };

  async #help(): Promise<void> {
    this.#keyList = (await later()).keyList;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #onKey = (event: KeyboardEvent): void => {
    if (!this.#hides('controls')) handleKey(event, this.#moves);
  };

  #problems(): TemplateResult {
    return problemList({
      lang: this.langNow,
      failure: this.failure,
      notice: this.notice,
      report: this.report,
      retry: () => void this.rebuild(),
      lowerRate: 'lr' in this.opt ? () => this.#lowerRate() : undefined,
    });
  }

  #lowerRate(): void {
    this.#set('lr', Number((Number(this.opt['lr']) / 10).toPrecision(2)));
    void this.reset()
      .then(() => this.run())
      .catch(ignore);
  }

  async #share(): Promise<void> {
    try {
      if (this.running) await this.pause();
      const page = new URL(window.location.href);
      page.hash = `${this.hashKey()}=${await this.encoded()}`;
      this.#shareLink = page.href;
      this.notice = undefined;
    } catch (reason) {
      this.#tell(reason);
      this.#panels.show('embed', this.renderRoot); // there it can be saved as a file
    }
    this.requestUpdate();
    await this.updateComplete;
    if (!this.#shareLink) return;
    const copied = await later().then(
      ({ copyText }) => copyText(this.#shareLink),
      () => false,
    );
    if (!copied) this.renderRoot.querySelector<HTMLInputElement>('[data-x2g="share-link"]')?.select();
  }

  /** The picture as it stands, with its title, at twice the size on screen. */
  async exportPNG(): Promise<Blob> {
    await this.ready;
    await this.updateComplete;
    const { pictureBlob } = await later();
    const figure = this.renderRoot.querySelector<HTMLElement>('.picture');
    return pictureBlob(figure, this.t(this.kind.titles), getComputedStyle(this));
  }

  /** The picture as SVG: lines and texts that stay sharp at any size. */
  async exportSVG(): Promise<Blob> {
    await this.ready;
    await this.updateComplete;
    const { vectorBlob } = await later();
    const figure = this.renderRoot.querySelector<HTMLElement>('.picture');
    return vectorBlob(figure, this.t(this.kind.titles), getComputedStyle(this));
  }

  /** The figures as comma-separated text (RFC 4180), decimal points. */
  exportCSV(): string {
    return csvText(this.csv());
  }

  #runFile() {
    return {
      slug: this.kind.slug,
      options: this.kind.options,
      seed: this.kind.seed,
      demo: () => this as unknown as RunOfDemo,
      exact: () => this.exact,
      engine: () => this.session?.capabilities.version ?? '',
      replays: () => this.replays(),
    };
  }

  /** The run as the text of a run.json: what makes it again, and the loss that it had. */
  async exportRun(): Promise<string> {
    await this.ready;
    return (await later()).runText(this.#runFile());
  }

  /** Makes the run of a run.json again; what is wrong with the file is shown in place. */
  async openRun(file: File): Promise<void> {
    try {
      await this.ready;
      const told = await (await later()).openRun(this.#runFile(), file);
      this.notice = { title: file.name, message: this.t(told) };
    } catch (reason) {
      this.#tell(reason, file.name);
    }
    this.requestUpdate();
  }

  /** A dropped run.json is opened; another file is the lesson's business. */
  #onDrop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (event.type === 'dragover' || !file?.name.endsWith('.json')) {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); // the page must not be replaced by it
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    void this.openRun(file);
  };

  /** The weights as a safetensors file. */
  async exportWeights(): Promise<Uint8Array> {
    await this.ready;
    return this.enqueue((session) => session.saveWeights());
  }
}

/**
 * The base of every demo: draws the frame that all lessons share around what the lesson draws. A lesson's demo.ts extends it:
 *
 *   const options = { hidden: option.int({ min: 0, max: 8, default: 2, label: { en: 'Hidden units', ja: '隠れユニット' } }) };
 *   export default class XorDemo extends LabElement<typeof options> {
 *     static override slug = 'xor';
 *     static override titles = { en: '…', ja: '…' };          // title and one-line question of the frame
 *     static override question = { en: '…', ja: '…' };
 *     static override options = options;                      // attribute, control, link and check of each in one place
 *     static override speeds = [1, 10, 0]; static override speed = 10;
 *     protected override config() { return { kind: 'mlp', sizes: [2, this.opt.hidden, 1], …, seed: this.seed }; }
 *     protected override views() { return [{ id: 'plane', kind: 'grid', … }]; }
 *     protected override picture() { return html`<div class="flow">${decisionSurface({ … this.report.views.plane … })}</div>`; }
 *     protected override readouts() { return html`${this.readout({ en: 'loss', ja: '損失' }, formatNumber(this.report.loss))}`; }
 *   }
 *
 * To override when wanted: numbers(), breakIt(), checks(), prediction(), claims(), summary(), grains(), limit(), autoplay(), csv(), styles.
 * To use: this.opt, this.change({…}), this.seed, this.report, this.history, this.info, this.session, this.t({ en, ja }), this.readout(…),
 * this.setTensor(name, data), this.enqueue(session => …), this.rewatch(), this.rebuild(), this.extraSession().
 * `this.report` is set whenever picture(), readouts(), numbers() and summary() are called. Classes for layout: .flow, .tile, .stack, table.
 */
import { html, nothing, unsafeCSS, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import type { Report } from '../lab/index.ts';
import { formatCount, formatNumber } from '../math/format.ts';
import tokens from '../styles/tokens.css?inline';
import { controlBar, keyList } from './bar.ts';
import { controlStyle } from './control-style.ts';
import { optionControl } from './controls.ts';
import { EmbedPanel } from './embed-panel.ts';
import { curvesCsv, pictureBlob } from './export.ts';
import { frameStyle } from './frame-style.ts';
import { Grader } from './grader.ts';
import { handleKey } from './keys.ts';
import type { Label, OptionTable } from './option.ts';
import { panelStyle } from './panel-style.ts';
import { breakList, checkForm, copyText, panel, predictionBox, proofList } from './panels.ts';
import { toLabError } from './problem.ts';
import { problemList } from './problems.ts';
import { RunElement } from './run-element.ts';
import { strings } from './strings.ts';
import type { BreakSwitch, Check, Claim, FramePart, Prediction, StepGrain } from './types.ts';

/** The status line changes at most this often while running, so that a screen reader can keep up, ms. */
const STATUS_MS = 2000;
const ignore = (): undefined => undefined;

export abstract class LabElement<O extends OptionTable = OptionTable> extends RunElement<O> {
  static override styles: CSSResultGroup = [unsafeCSS(tokens), frameStyle, controlStyle, panelStyle];
  /** Height of the picture before it can be drawn, CSS px: on a wide frame and on a phone. */
  static skeleton = { wide: 420, narrow: 560 };

  /** The drawings; order on screen = data flow. */
  protected abstract picture(): TemplateResult;
  /** Figures under the picture: see readout(). */
  protected readouts(): TemplateResult | typeof nothing {
    return this.readout(strings.loss, formatNumber(this.report?.loss ?? Number.NaN));
  }
  /** Panel "Numbers": the picture as tables. */
  protected numbers(): TemplateResult | undefined {
    return undefined;
  }
  /** Panel "Break it". */
  protected breakIt(): BreakSwitch[] {
    return [];
  }
  /** Panel "Check". */
  protected checks(): Check[] {
    return [];
  }
  /** Panel "Proof": the claims of lesson.json. */
  protected claims(): Claim[] {
    return [];
  }
  protected prediction(): Prediction | undefined {
    return undefined;
  }
  /** Choices of "Step by". */
  protected grains(): StepGrain[] {
    return [{ grain: 'step', label: strings.grain_step }];
  }
  /** Shown between the control bar and the picture: buttons of the lesson (set the weights to OR, drop a file). */
  protected tools(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** One sentence on where the run stands, for the status line. */
  protected summary(r: Report): string {
    return this.t({
      en: `Step ${formatCount(r.step)}, loss ${formatNumber(r.loss)}.`,
      ja: `ステップ${formatCount(r.step)}、損失${formatNumber(r.loss)}。`,
    });
  }
  /** Rows of exportCSV(), the head first. Default: the curves. */
  protected csv(): (string | number)[][] {
    return curvesCsv(this.history.curves);
  }
  /** Whether "Save weights" is offered. */
  protected savesWeights(): boolean {
    return true;
  }

  #grain = 0;
  #chosen: string | undefined;
  #outcome: string | undefined;
  #open = new Set<string>();
  #shareLink = '';
  #status = '';
  #statusAt = 0;
  #statusTimer: ReturnType<typeof setTimeout> | undefined;
  #grader = new Grader(
    this,
    () => this.extraSession(),
    (session) => this.drop(session),
  );

  #embed = new EmbedPanel({
    slug: this.kind.slug,
    tag: `x2g-${this.kind.slug}`,
    title: this.kind.titles,
    options: this.kind.options,
    lang: () => this.langNow,
    running: () => this.running,
    state: () => this.getState(),
    savesWeights: () => this.savesWeights(),
    png: () => this.exportPNG(),
    csv: () => this.exportCSV(),
    safetensors: () => this.exportWeights(),
    tell: (reason) => this.#tell(reason),
    redraw: () => this.requestUpdate(),
  });

  /** An error shown in place; the demo goes on. */
  #tell(reason: unknown, title = ''): void {
    this.notice = { title, message: toLabError(reason).message };
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#statusTimer);
    this.#statusTimer = undefined;
  }

  /** Focus goes to the frame, where the keys work. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.frame')?.focus(options);
  }

  /** A figure with its name: tabular, of constant width. `width` in characters. */
  protected readout(label: Label | string, value: string, unit = ''): TemplateResult {
    const name = typeof label === 'string' ? label : this.t(label);
    return html`
      <div class="readout">
        <span class="label">${name}</span>
        <span class="figure">
          ${value}${
            unit
              ? html`
                  <span class="unit">${unit}</span>
                `
              : nothing
          }
        </span>
      </div>
    `;
  }

  #hides(part: FramePart): boolean {
    return (this.getAttribute('hide') ?? '').split(/[\s,]+/u).includes(part);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { report } = this;
    if (!report) return;
    if (report.step > 0 && this.#outcome === undefined)
      this.#outcome = this.#guard(() => this.prediction()?.outcome(report));
    this.#tellStatus(report);
  }

  #tellStatus(report: Report): void {
    const now = performance.now();
    const wait = this.running ? this.#statusAt + STATUS_MS - now : 0;
    if (wait > 0) {
      this.#statusTimer ??= setTimeout(() => {
        this.#statusTimer = undefined;
        this.requestUpdate();
      }, wait);
      return;
    }
    this.#statusAt = now;
    this.#status = this.#guard(() => this.summary(report)) ?? '';
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
        ${
          prediction
            ? predictionBox(prediction, this.#chosen, this.#outcome, this.langNow, (id) => {
                this.#chosen = id;
                this.requestUpdate();
              })
            : nothing
        }
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
        ${
          this.#hides('readouts')
            ? nothing
            : html`
                <div class="readouts" part="readouts">
                  ${ready ? this.#guard(() => this.readouts()) : nothing}
                </div>
              `
        }
        <p class=${this.#hides('status') ? 'status unseen' : 'status'} role="status" data-x2g="status">
          ${this.#status}
        </p>
        ${this.#hides('panels') ? nothing : this.#panels()} ${keyList(this.langNow)}
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
      toggle: () => void (this.running ? this.pause() : this.run()).catch(ignore),
      step: () => this.#stepOnce(),
      back: () => void this.back().catch(ignore),
      reset: () => void this.reset().catch(ignore),
      setGrain: (index) => {
        this.#grain = index;
        this.requestUpdate();
      },
      setSpeed: (value) => this.setSpeed(value),
      setSeed: (value) => this.#set('seed', value),
      share: () => void this.#share(),
      help: () => this.renderRoot.querySelector('dialog')?.showModal(),
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

  #onKey = (event: KeyboardEvent): void => {
    if (this.#hides('controls')) return;
    handleKey(event, {
      toggle: () => void (this.running ? this.pause() : this.run()).catch(ignore),
      step: () => this.#stepOnce(),
      back: () => void this.back().catch(ignore),
      reset: () => void this.reset().catch(ignore),
      help: () => this.renderRoot.querySelector('dialog')?.showModal(),
    });
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

  #panels(): TemplateResult {
    const numbers = this.report && this.#open.has('numbers') ? this.#guard(() => this.numbers()) : undefined;
    const checks = this.checks();
    const breaks = this.breakIt();
    const claims = this.claims();
    const lang = this.langNow;
    const one = (name: FramePart, title: string, body: () => unknown): TemplateResult | typeof nothing =>
      this.#hides(name)
        ? nothing
        : panel(name, title, this.#open.has(name) ? body() : nothing, (open) => {
            if (open) this.#open.add(name);
            else this.#open.delete(name);
            this.requestUpdate();
          });
    return html`
      <div class="panels" part="panels">
        ${one(
          'numbers',
          this.s('numbers'),
          () => html`
            <div class="scroll" tabindex="0" role="group" aria-label=${this.s('numbers')}>
              ${numbers ?? this.#curveTable()}
            </div>
          `,
        )}
        ${breaks.length > 0 ? one('break', this.s('break_it'), () => breakList(breaks, lang, (b) => this.#toggle(b))) : nothing}
        ${
          checks.length > 0
            ? one('check', this.s('check'), () => checks.map((c, i) => checkForm(c, this.#grader, lang, i)))
            : nothing
        }
        ${one('embed', this.s('embed'), () => this.#embed.render())}
        ${one('proof', this.s('proof'), () => proofList(claims, lang))}
      </div>
    `;
  }

  #toggle(b: BreakSwitch): void {
    Promise.resolve()
      .then(() => (b.active() ? b.off() : b.on()))
      .catch((reason: unknown) => this.#tell(reason))
      .finally(() => this.requestUpdate());
  }

  /** The last rows of the curves, for demos without tables of their own. */
  #curveTable(): TemplateResult {
    const { step, loss } = this.history.curves;
    const rows = step.slice(-20).map((n, i) => [n, loss.slice(-20)[i] ?? Number.NaN] as const);
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${this.s('step_n')}</th>
            <th scope="col">${this.s('loss')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([n, v]) => html`
              <tr>
                <th scope="row" class="figure">${formatCount(n)}</th>
                <td class="figure">${formatNumber(v, 4)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
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
    }
    this.requestUpdate();
    await this.updateComplete;
    if (this.#shareLink && !(await copyText(this.#shareLink)))
      this.renderRoot.querySelector<HTMLInputElement>('[data-x2g="share-link"]')?.select();
  }

  /** The picture as it stands, with its title, at twice the size on screen. */
  async exportPNG(): Promise<Blob> {
    await this.ready;
    await this.updateComplete;
    const figure = this.renderRoot.querySelector<HTMLElement>('.picture');
    return pictureBlob(figure, this.t(this.kind.titles), getComputedStyle(this));
  }

  /** The figures as comma-separated text (RFC 4180), decimal points. */
  exportCSV(): string {
    const cell = (value: string | number): string => {
      const text = String(value);
      return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return this.csv()
      .map((row) => `${row.map(cell).join(',')}\r\n`)
      .join('');
  }

  /** The weights as a safetensors file. */
  async exportWeights(): Promise<Uint8Array> {
    await this.ready;
    return this.enqueue((session) => session.saveWeights());
  }
}

/**
 * A twin run: a second demo of the same kind beside the first, with the same options and seed but for one thing, at the same step. Both train
 * in lock step; their losses stand in one plot, the difference in a sentence. The twin's own picture can be opened below.
 * The twin is a whole element (marked by the attribute `twin`), so that it does all that the lesson does to its run.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../../math/format.ts';
import { linePlot } from '../../plot/line-plot.ts';
import type { Report, RunConfig, Session } from '../../lab/index.ts';
import { named, optionControl } from '../controls.ts';
import type { History } from '../history.ts';
import { t } from '../language.ts';
import type { OptionTable } from '../option.ts';
import { STATE_VERSION, type DemoState } from '../state.ts';
import { typed } from '../typed.ts';
import { Lockstep } from './lockstep.ts';
import { words } from './twin-words.ts';
import type { TravelHost } from './time-travel.ts';

/** What a twin needs of a demo, its own or the first one. Lessons see most of it as protected. */
export interface RunOfDemo {
  readonly report: Report | undefined;
  readonly running: boolean;
  readonly history: History;
  readonly opt: Record<string, unknown>;
  readonly seed: number;
  readonly ready: Promise<unknown>;
  config(): RunConfig;
  change(values: Record<string, unknown>): void;
  getState(): DemoState;
  setState(state: unknown): void;
  enqueue<T>(work: (session: Session) => Promise<T>): Promise<T>;
  run(): Promise<void>;
  pause(): Promise<void>;
  step(n: number): Promise<void>;
  goTo(step: number): Promise<void>;
  reset(): Promise<void>;
  /** A report of its session that its session did not tell of itself. */
  sessionReported(report: Report): void;
  data(): unknown;
  takeData(data: unknown): void;
  lead: ((session: Session, o: { stepsPerSecond?: number; until?: number }) => void) | undefined;
}

export interface TwinHost extends TravelHost {
  tag: string;
  options: OptionTable;
  demo(): RunOfDemo;
  /** Whether its state can be told by options, seed and step alone. */
  exact(): boolean;
  tell(reason: unknown): void;
}

export const twinStyle = css`
  .twin {
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-3);
    padding-block-start: var(--x2g-space-4);
    border-block-start: 1px solid var(--x2g-line);
  }
  .twin h2 {
    font-size: 1rem;
    font-weight: 650;
  }
  .twin .bar > :last-child {
    margin-inline-start: auto;
  }
  .twin .told {
    min-height: 3em;
  }
`;

const HIDDEN = 'title prediction controls options seed history status panels';

export class Twin {
  readonly #host: TwinHost;
  readonly #lockstep: Lockstep;
  readonly #element: HTMLElement;
  readonly #twin: RunOfDemo;
  #what = '';
  #value: unknown;

  constructor(host: TwinHost) {
    this.#host = host;
    this.#element = document.createElement(host.tag);
    this.#element.setAttribute('twin', '');
    this.#element.setAttribute('hide', HIDDEN);
    this.#twin = this.#element as unknown as RunOfDemo;
    this.#twin.takeData(host.demo().data());
    this.#twin.setState(this.#wanted());
    this.#lockstep = new Lockstep({
      first: host.demo(),
      second: this.#twin,
      wanted: () => this.#wanted(),
      options: host.options,
      tell: (reason) => host.tell(reason),
      redraw: () => host.redraw(),
    });
  }

  close(): void {
    this.#lockstep.end();
    this.#element.remove();
  }

  /** The first demo's state with the one thing changed. */
  #wanted(): { v: number; seed: number; options: Record<string, unknown> } {
    const { seed, opt } = this.#host.demo();
    const own = this.#what;
    return {
      v: STATE_VERSION,
      seed: own === 'seed' ? Number(this.#value) : seed,
      options: own === '' || own === 'seed' ? { ...opt } : { ...opt, [own]: this.#value },
    };
  }

  #set(what: string, value: unknown): void {
    const host = this.#host;
    const before = [this.#what, this.#value] as const;
    try {
      this.#what = what;
      this.#value = what === '' || what === 'seed' ? value : host.options[what]?.parse(value, what);
      this.#twin.setState(this.#wanted()); // from the start: a rate, too, is another from the first step on
    } catch (reason) {
      [this.#what, this.#value] = before;
      host.tell(reason);
    }
    host.redraw();
  }

  render(close: () => void): TemplateResult {
    const lang = this.#host.lang();
    this.#element.lang = lang;
    queueMicrotask(() => this.#lockstep.follow()); // when it stands on the page
    const stop = (e: Event): void => {
      e.stopPropagation(); // a page that listens to the first demo hears of the first demo
      this.#host.redraw();
    };
    return html`
      <section class="twin" aria-label=${t(words.title, lang)} data-x2g="twin">
        <h2>${t(words.title, lang)}</h2>
        <div class="bar">
          ${this.#choice()} ${this.#control()}
          <button class="quiet" type="button" data-x2g="twin-close" @click=${close}>
            ${t(words.close, lang)}
          </button>
        </div>
        <p class="told" data-x2g="twin-told">${this.#told()}</p>
        ${this.#plot()}
        <details>
          <summary>${t(words.picture, lang)}</summary>
          <div @x2g-step=${stop} @x2g-ready=${stop} @x2g-done=${stop} @x2g-error=${stop}>
            ${this.#element}
          </div>
        </details>
      </section>
    `;
  }

  /** Which one thing differs. */
  #choice(): TemplateResult {
    const { options } = this.#host;
    const lang = this.#host.lang();
    const { opt } = this.#host.demo();
    const can = Object.entries(options).filter(
      ([, o]) => o.control !== 'none' && !o.view && (!o.when || o.when(opt)),
    );
    const choices: [string, string][] = [
      ['', t(words.nothing, lang)],
      ['seed', t(words.seed, lang)],
      ...can.map(([name, o]): [string, string] => [name, o.label ? t(o.label, lang) : name]),
    ];
    return html`
      <label class="control">
        <span class="label">${t(words.what, lang)}</span>
        <select
          data-x2g="twin-what"
          @change=${(e: Event) => {
            const what = (e.currentTarget as HTMLSelectElement).value;
            this.#set(what, what === 'seed' ? this.#host.demo().seed : opt[what]);
          }}
        >
          ${choices.map(
            ([name, label]) => html`
              <option value=${name} ?selected=${name === this.#what}>${label}</option>
            `,
          )}
        </select>
      </label>
    `;
  }

  #control(): TemplateResult | typeof nothing {
    const lang = this.#host.lang();
    const option = this.#host.options[this.#what];
    if (option)
      return optionControl({
        name: `twin-${this.#what}`,
        option,
        value: this.#value,
        lang,
        change: (_, value) => this.#set(this.#what, value),
      }) as TemplateResult;
    if (this.#what !== 'seed') return nothing;
    return html`
      <label class="control">
        <span class="label">${t(words.seed, lang)}</span>
        <input
          data-x2g="opt-twin-seed"
          class="figure"
          type="number"
          min="0"
          step="1"
          ${typed(String(this.#value))}
          @change=${(e: Event) => this.#set('seed', (e.currentTarget as HTMLInputElement).valueAsNumber)}
        />
      </label>
    `;
  }

  /** A value as it is read: a choice by its name, a flag as on or off. */
  #shown(value: unknown): string {
    const option = this.#host.options[this.#what];
    const lang = this.#host.lang();
    if (typeof value === 'boolean') return t(value ? words.on : words.off, lang);
    if (typeof value === 'number')
      return option?.type === 'int' || !option ? String(value) : formatNumber(value);
    return option ? named(option, String(value), lang) : String(value);
  }

  #name(): string {
    const label = this.#host.options[this.#what]?.label;
    const lang = this.#host.lang();
    return this.#what === 'seed' ? t(words.seed, lang) : label ? t(label, lang) : this.#what;
  }

  /** The difference in words: what was changed, both losses, which is lower and by how much. */
  #told(): string {
    const { report } = this.#host.demo();
    const twin = this.#twin.report;
    const lang = this.#host.lang();
    if (!report || !twin) return t(words.opening, lang);
    if (twin.status === 'diverged') return t(words.diverged(formatCount(twin.step)), lang);
    if (twin.step !== report.step)
      return t(words.behind(formatCount(twin.step), formatCount(report.step)), lang);
    const own = this.#what;
    const mine = own === 'seed' ? this.#host.demo().seed : this.#host.demo().opt[own];
    const same = own === '' || JSON.stringify(mine) === JSON.stringify(this.#value);
    if (same) return t(words.same, lang) + (this.#host.exact() ? '' : t(words.inexact, lang));
    const [a, b] = [report.loss, twin.loss];
    const figures = {
      step: formatCount(report.step),
      name: this.#name(),
      mine: this.#shown(mine),
      its: this.#shown(this.#value),
      a: formatNumber(a, 4),
      b: formatNumber(b, 4),
      gap: formatNumber(Math.abs(a - b), 3),
    };
    const verdict = this.#comparable()
      ? a === b
        ? words.equal
        : a < b
          ? words.first
          : words.second
      : words.unlike;
    return (
      t(words.losses(figures), lang) +
      t(verdict(figures), lang) +
      (this.#host.exact() ? '' : t(words.inexact, lang))
    );
  }

  /** Losses of one kind only can be compared. */
  #comparable(): boolean {
    const [a, b] = [this.#host.demo().config(), this.#twin.config()];
    return a.kind !== 'mlp' || b.kind !== 'mlp' || a.loss === b.loss;
  }

  #plot(): TemplateResult {
    const lang = this.#host.lang();
    const [a, b] = [this.#host.demo().history.curves, this.#twin.history.curves];
    const its =
      this.#what === ''
        ? t(words.twin, lang)
        : `${t(words.twin, lang)}: ${this.#name()} ${this.#shown(this.#value)}`;
    return linePlot({
      label: t(words.plot, lang),
      series: [
        { label: t(words.this, lang), x: a.step, y: a.loss, role: 'train' },
        { label: its, x: b.step, y: b.loss, role: 'query', dashed: true },
      ],
      xLabel: t(words.step, lang),
      yLabel: t(words.loss, lang),
      height: 220,
    });
  }
}

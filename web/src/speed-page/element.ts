/**
 * <x2g-speed>: times the shipped engines in the reader's own browser, one trial after the other, beside the committed figures.
 * Nothing runs before the button is pressed; Stop ends the engine at once. No other library takes part here, and nothing is sent.
 */
import { html, LitElement, nothing, unsafeCSS, type CSSResultGroup, type TemplateResult } from 'lit';
import { toLabError, type Lang } from '@x2g/web/lab';
import { controlStyle } from '../elements/control-style.ts';
import { frameStyle } from '../elements/frame-style.ts';
import { resolveLang } from '../elements/language.ts';
import tokens from '../styles/tokens.css?inline';
import { figure, ours, results } from './results.ts';
import { speedStyle } from './style.ts';
import { time, trials, type Outcome, type Trial } from './trials.ts';
import { benches, words } from './words.ts';

export default class SpeedElement extends LitElement {
  static override styles: CSSResultGroup = [unsafeCSS(tokens), frameStyle, controlStyle, speedStyle];

  /** What was measured so far, by trial; read by tests. */
  readonly outcomes = new Map<Trial['name'], Outcome>();
  running = false;
  #failures = new Map<Trial['name'], string>();
  #current: Trial | undefined;
  #share = 0;
  #over: 'waiting' | 'done' | 'stopped' = 'waiting';
  #abort: AbortController | undefined;
  #lang: Lang = 'en';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  /** Measures all trials; resolves when they are through or stopped. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.outcomes.clear();
    this.#failures.clear();
    const abort = (this.#abort = new AbortController());
    for (const [i, trial] of trials.entries()) {
      this.#current = trial;
      this.#share = i / trials.length;
      this.requestUpdate();
      const told = (share: number): void => {
        this.#share = (i + share) / trials.length;
        this.requestUpdate();
      };
      try {
        this.outcomes.set(trial.name, await time(trial, told, abort.signal));
      } catch (thrown) {
        if (abort.signal.aborted) break;
        this.#failures.set(trial.name, toLabError(thrown).message);
      }
    }
    this.#over = abort.signal.aborted ? 'stopped' : 'done';
    this.#current = undefined;
    this.running = false;
    this.requestUpdate();
  }

  stop(): void {
    this.#abort?.abort();
  }

  override render(): TemplateResult {
    const lang = (this.#lang = resolveLang(this));
    const w = (word: keyof typeof words): string => words[word][lang];
    const state = this.#current
      ? w('measuring') + (benches[this.#current.name]?.[lang] ?? '')
      : w(this.#over);
    return html`
      <section class="frame" aria-labelledby="title">
        <h2 class="title" id="title">${w('title')}</h2>
        <p class="question">${w('about')}</p>
        <div class="actions">
          <button
            class="primary"
            data-x2g="start"
            type="button"
            ?disabled=${this.running}
            @click=${this.start}
          >
            ${this.#over === 'waiting' ? w('start') : w('again')}
          </button>
          <button data-x2g="stop" type="button" ?disabled=${!this.running} @click=${this.stop}>
            ${w('stop')}
          </button>
          <progress
            aria-label=${w('progress')}
            max="1"
            .value=${this.running || this.#over === 'done' ? this.#progress : 0}
          ></progress>
        </div>
        <p class="status" role="status" data-x2g="status">${state}</p>
        <ul class="trials">
          ${trials.map((trial) => this.#trial(trial, w))}
        </ul>
      </section>
    `;
  }

  get #progress(): number {
    return this.running ? this.#share : 1;
  }

  #trial(trial: Trial, w: (word: keyof typeof words) => string): TemplateResult {
    const lang = this.#lang;
    const found = this.outcomes.get(trial.name);
    const failure = this.#failures.get(trial.name);
    const known = ours(
      results.rows,
      trial.same,
      found?.variant ?? (trial.open.variant ? 'relaxed' : 'simd128'),
    );
    const unit = html`
      <span class="unit">${trial.unit}</span>
    `;
    const where = found?.where === 'main' ? ` · ${w('page')}` : '';
    return html`
      <li data-trial=${trial.name} ?data-now=${this.#current === trial}>
        <span class="name">${benches[trial.name]?.[lang]}</span>
        <span class="readout">
          <span class="label">${w('here')}</span>
          <span class="figure" data-x2g="out">
            ${found ? figure(found.value) : failure ? w('failed') : '–'}${found ? unit : nothing}
          </span>
          <span class="label">
            ${found ? `${figure(found.low)} – ${figure(found.high)} · ${found.variant}${where}` : (failure ?? '\u00a0')}
          </span>
        </span>
        <span class="readout">
          <span class="label">${w('there')}</span>
          <span class="figure quiet">${known ? figure(known.value) : '–'}${known ? unit : nothing}</span>
        </span>
      </li>
    `;
  }
}

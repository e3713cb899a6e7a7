/**
 * Third layer of a demo: what a lesson says about itself. Every method here has a default or is what the lesson must give; nothing here
 * draws the frame (lab-element.ts does) or trains (run-element.ts does). A lesson's demo.ts extends LabElement:
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
 * To override when wanted: numbers(), breakIt(), checks(), prediction(), claims(), measured(), summary(), grains() (see grains.ts) and parts() for steps by ops, limit(), autoplay(), csv(),
 * data() and takeData() (what no option holds: for run.json and twins), styles. What only a panel needs is fetched(() => import('./later/panels.ts')).
 * To use: this.opt, this.change({…}), this.seed, this.report, this.history, this.info, this.session, this.t({ en, ja }), this.readout(…),
 * this.setTensor(name, data), this.enqueue(session => …), this.rewatch(), this.rebuild(), this.aside(work, over), this.extraSession(), this.first(name, holds).
 * The past: the frame's slider shows any step again. Then `this.report` and `this.history` are those of that step (report.past is set);
 * what a lesson remembers itself must follow: `this.first('learned', …)` in reported() instead of a field, and no saving of past states.
 * `this.report` is set whenever picture(), readouts(), numbers() and summary() are called. Classes for layout: .flow, .tile, .stack, table.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Report } from '../lab/index.ts';
import { formatCount, formatNumber } from '../math/format.ts';
import { curvesCsv } from './curve-rows.ts';
import { loadError } from './load-later.ts';
import type { Label, OptionTable } from './option.ts';
import { RunElement } from './run-element.ts';
import { strings } from './strings.ts';
import type { BreakSwitch, Check, Claim, Measurements, Prediction, StepGrain } from './types.ts';

export abstract class LessonElement<O extends OptionTable = OptionTable> extends RunElement<O> {
  /** Height of the picture before it can be drawn, CSS px: on a wide frame and on a phone. */
  static skeleton = { wide: 420, narrow: 560 };

  /** The drawings; order on screen = data flow. */
  protected abstract picture(): TemplateResult;
  /** Figures under the picture: see readout(). */
  protected readouts(): TemplateResult | typeof nothing {
    return this.readout(strings.loss, formatNumber(this.report?.loss ?? Number.NaN));
  }
  /** Panel "Numbers": the picture as tables. Default: the last rows of the curves. */
  protected numbers(): TemplateResult {
    return this.#curveTable();
  }
  /** Panel "Break it". */
  protected breakIt(): BreakSwitch[] {
    return [];
  }
  /** Panel "Check". */
  protected checks(): Check[] {
    return [];
  }
  /** Whether the lesson has switches or exercises of its own. */
  protected offers(name: 'break' | 'check'): boolean {
    const base = LessonElement.prototype;
    return name === 'break' ? this.breakIt !== base.breakIt : this.checks !== base.checks;
  }
  /** Panel "Proof": the claims of lesson.json. */
  protected claims(): Claim[] {
    return [];
  }
  /** … and what the tests last measured for them: measured.json, written by the tests. */
  protected measured(): Measurements {
    return {};
  }
  /**
   * A chunk of the lesson's own that only a panel needs: readonly #panels = this.fetched(() => import('./later/panels.ts')), then
   * checks() { return this.#panels()?.checks ?? []; }. The first call fetches it, and the frame is drawn again when it is there.
   */
  protected fetched<M>(load: () => Promise<M>): () => M | undefined {
    let found: M | undefined;
    let next = 0; // when it may be asked for: at once, then a while after each failure
    return () => {
      if (performance.now() >= next) {
        next = Infinity;
        load()
          .then((module) => void (found = module))
          .catch((cause: unknown) => {
            next = performance.now() + 3000;
            this.notice = { title: '', message: loadError(cause) };
          })
          .finally(() => this.requestUpdate());
      }
      return found;
    };
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
}

/**
 * Lesson 4: a strip of paper folded k times, the deep net that does the same with 2k units, and a shallow net of equally many. Below, a net
 * of one's choice tries to learn the sawtooth from random weights. All values of nets come from the core. Hand-set weights and the
 * counting of pieces stand in folds.ts, the hand-made nets in nets.ts, what is trained in model.ts, the race in race.ts.
 */
import {
  LabElement,
  css,
  html,
  nothing,
  type BreakSwitch,
  type Report,
  type ViewSpec,
} from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { foldStrip, functionPlot, linePlot, type LineSeries } from '@x2g/web/plot';
import { count_pieces, places, square_error } from './folds.ts';
import { LIMIT, model, options, prepare, sizes, wanted, type Values } from './model.ts';
import { Folding } from './folding.ts';
import { make, type HandMade } from './nets.ts';
import { prediction } from './prediction.ts';
import { race, type Lane } from './race.ts';
import { piece_table } from './tables.ts';

export default class DepthDemo extends LabElement<typeof options> {
  static override slug = 'depth';
  static override titles = { en: 'Folding', ja: '折りたたむ' };
  static override question = {
    en: 'What can layers one behind another do that units side by side cannot?',
    ja: '層を重ねると、横に並べたのではできない何ができるでしょうか。',
  };
  static override options = options;
  static override speeds = [30, 300, 1000, 0];
  static override speed = 1000;
  static override skeleton = { wide: 980, narrow: 1900 };
  static override styles = [
    LabElement.styles,
    css`
      .layers {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(45%, 110px), 1fr));
        gap: var(--x2g-space-2);
      }
      .layers p,
      .tile > .caption {
        text-align: center;
      }
      .rows {
        display: flex;
        flex-direction: column;
        gap: var(--x2g-space-6);
      }
      @container (min-width: 46rem) {
        .flow {
          align-items: start;
        }
      }
    `,
  ];

  #made: { of: string; nets: HandMade } | undefined;
  #folding = new Folding(() => this.requestUpdate());
  #lanes: Lane[] = [];
  #racing: AbortController | undefined;

  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  protected override config() {
    return model(this.opt, this.seed);
  }
  protected override limit(): number {
    return LIMIT;
  }
  protected override autoplay(): boolean {
    return true;
  }
  protected override async built(session: Session): Promise<void> {
    const { folds, act, missing, curve } = this.opt;
    const of = JSON.stringify([folds, act, missing]);
    if (this.#made?.of !== of) {
      this.#made = { of, nets: await make(session, this.opt) };
      this.info = await session.create(this.config());
    }
    await prepare(session, this.opt);
    this.#racing?.abort();
    if (curve !== 'wave' || this.#lanes.length > 0) this.#lanes = [];
  }
  protected override views(): ViewSpec[] {
    return [{ id: 'line', kind: 'rows', x: places, tensors: ['y'] }];
  }
  private learned(report = this.report): Float32Array {
    return report?.views['line']?.['y']?.data ?? new Float32Array(0);
  }

  /** One more fold, another curve: the learner starts again at once. */
  protected override change(values: Partial<Values>): void {
    const before = this.opt.folds;
    super.change(values);
    if (this.opt.folds !== before) this.#folding.turn();
    const again = (['folds', 'curve', 'learner'] as const).some((name) => name in values);
    if (again && this.report && !this.running && !this.isTwin) void this.run().catch(() => undefined);
  }

  protected override tools() {
    const { folds } = this.opt;
    const button = (hook: string, text: string, off: boolean, act: () => void) => html`
      <button type="button" data-x2g=${hook} aria-disabled=${off} @click=${() => !off && act()}>
        ${text}
      </button>
    `;
    return html`
      <div class="moves">
        ${button('fold', this.t({ en: 'Fold again', ja: 'もう一度折る' }), folds >= 8, () => this.change({ folds: folds + 1 }))}
        ${button('unfold', this.t({ en: 'Unfold', ja: '開く' }), folds <= 1, () => this.change({ folds: folds - 1 }))}
        ${button(
          'race',
          this.#racing
            ? this.t({ en: 'Racing…', ja: '競走中…' })
            : this.t({ en: 'Race both', ja: '両方を競走させる' }),
          this.#racing !== undefined,
          () => this.race(),
        )}
      </div>
    `;
  }

  private race(): void {
    const told = (lanes: Lane[]): void => {
      this.#lanes = lanes;
      this.requestUpdate();
    };
    this.#racing = this.aside(
      (session, signal) => race(session, this.opt, this.seed, told, signal),
      () => (this.#racing = undefined),
    );
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#folding.stop();
  }

  protected override picture() {
    const made = this.#made?.nets;
    if (!made) return nothing as never;
    return html`
      <div class="rows">
        <div class="flow">${this.strip()} ${this.curve('deep', made)} ${this.curve('twin', made)}</div>
        ${this.layers(made)}
        <div class="flow">${this.learner()} ${this.losses()}</div>
      </div>
    `;
  }

  private strip() {
    const { folds, spot } = this.opt;
    return html`
      <div class="tile">
        <p class="label">
          ${this.t({ en: `A strip of paper, folded ${folds === 1 ? 'once' : `${folds} times`}`, ja: `${folds}回折った紙の帯` })}
        </p>
        ${foldStrip({
          label: this.t({ en: 'The folded strip, seen from its edge', ja: '折った帯を横から見た図' }),
          folds,
          spot,
          progress: this.#folding.progress(),
        })}
      </div>
    `;
  }

  private curve(which: 'deep' | 'twin', made: HandMade) {
    const { units, parameters, pieces, y } = made[which];
    const name =
      which === 'deep'
        ? this.t({ en: 'Deep: one tent behind another', ja: '深い：テントを縦に重ねる' })
        : this.t({ en: 'Shallow: as many units side by side', ja: '浅い：同じ数のユニットを横に並べる' });
    return html`
      <div class="tile">
        <p class="label">${name}</p>
        ${functionPlot({
          label: this.t({ en: `${name}; ${pieces} straight pieces`, ja: `${name}。直線${pieces}本` }),
          curves: [{ label: 'y', x: places, y, role: which === 'deep' ? 'query' : 'key' }],
          x: [0, 1],
          y: [-0.05, 1.05],
          marker: this.opt.spot,
          onMarker: (x: number) => this.change({ spot: Math.round(x * 100) / 100 }),
          aspect: 1.45,
        })}
        <p class="caption" data-x2g=${`pieces-${which}`}>
          ${this.t({
            en: `${units} units, ${parameters} parameters: ${pieces} pieces`,
            ja: `ユニット${units}個、パラメーター${parameters}個：直線${pieces}本`,
          })}
        </p>
      </div>
    `;
  }

  /** What each layer of the deep net hands to the next. */
  private layers({ layers }: HandMade) {
    return html`
      <div class="tile">
        <p class="label">
          ${this.t({ en: 'What each layer of the deep net hands on', ja: '深いネットの各層が次の層へ渡すもの' })}
        </p>
        <div class="layers">
          ${layers.map(
            (y, k) => html`
              <div>
                ${functionPlot({
                  label: this.t({ en: `After layer ${k + 1}`, ja: `第${k + 1}層の後` }),
                  curves: [{ label: 'y', x: places, y, role: 'query' }],
                  x: [0, 1],
                  y: [-0.05, 1.05],
                  ticks: false,
                  aspect: 1.6,
                })}
                <p class="fine">
                  ${this.t({ en: `layer ${k + 1}: ${count_pieces(y)}`, ja: `第${k + 1}層：${count_pieces(y)}本` })}
                </p>
              </div>
            `,
          )}
        </div>
      </div>
    `;
  }

  private learner() {
    const { learner } = this.opt;
    const layers = sizes(learner, this.opt).join('-');
    return html`
      <div class="tile">
        <p class="label">
          ${this.t({
            en: `The learner, ${layers}, and the curve that it is shown`,
            ja: `学ぶネット（${layers}）と、見せる曲線`,
          })}
        </p>
        ${functionPlot({
          label: this.t({ en: 'The learner and the wanted curve', ja: '学ぶネットと目標の曲線' }),
          curves: [
            { label: 't', x: places, y: places.map((x) => wanted(this.opt, x)), role: 'muted', dashed: true },
            { label: 'y', x: places, y: this.learned(), role: 'ink' },
          ],
          x: [0, 1],
          y: [-0.25, 1.25],
          aspect: 1.8,
        })}
      </div>
    `;
  }

  private losses() {
    const { step, loss } = this.history.curves;
    const name = (id: string): string => options.learner.names?.[this.langNow][id] ?? id;
    const series: LineSeries[] = this.#lanes.map((lane) => ({
      label: name(lane.id),
      x: lane.step,
      y: lane.loss,
      role: lane.id === 'shallow' ? 'key' : 'query',
    }));
    series.push({ label: this.t({ en: 'the learner', ja: '学ぶネット' }), x: step, y: loss, role: 'train' });
    return html`
      <div class="tile">
        <p class="label">${this.t({ en: 'Its loss: the mean squared error', ja: '損失：二乗誤差の平均' })}</p>
        ${linePlot({
          label: this.t({ en: 'Loss over the training steps', ja: 'ステップごとの損失' }),
          series,
          xLabel: this.t({ en: 'step', ja: 'ステップ' }),
          yLabel: this.t({ en: 'loss', ja: '損失' }),
          log: 'y',
          xRange: [0, 1.03 * LIMIT],
          marks: [{ y: 1 / 12, label: '1/12' }],
          height: 240,
        })}
      </div>
    `;
  }

  protected override readouts() {
    const r = this.report;
    const made = this.#made?.nets;
    if (!r || !made) return nothing;
    const y = this.learned();
    return html`
      ${this.readout({ en: 'Deep: pieces', ja: '深い：直線の数' }, String(made.deep.pieces))}
      ${this.readout({ en: 'Shallow: pieces', ja: '浅い：直線の数' }, String(made.twin.pieces))}
      ${this.readout({ en: 'Learner: pieces', ja: '学ぶネット：直線の数' }, String(count_pieces(y)))}
      ${this.readout({ en: 'Learner: parameters', ja: '学ぶネット：パラメーター' }, String(this.info?.parameterCount ?? ''))}
      ${this.readout({ en: 'Learner: loss', ja: '学ぶネット：損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Step', ja: 'ステップ' }, String(r.step))}
    `;
  }

  protected override numbers() {
    const made = this.#made?.nets;
    if (!made) return html``;
    const y = this.learned();
    const layers = sizes(this.opt.learner, this.opt);
    const units = layers.slice(1, -1).reduce((sum, n) => sum + n, 0);
    const learner = { units, parameters: this.info?.parameterCount ?? NaN, y, pieces: count_pieces(y) };
    return piece_table(made, learner, square_error(made.layers), this.langNow);
  }

  protected override summary(r: Report): string {
    const made = this.#made?.nets;
    const { folds } = this.opt;
    const loss = formatNumber(r.loss);
    if (!made) return '';
    return this.t({
      en: `${folds} ${folds === 1 ? 'fold' : 'folds'}: the deep net has ${made.deep.pieces} pieces, the shallow one ${made.twin.pieces}. Step ${r.step}: the learner’s loss is ${loss}.`,
      ja: `${folds}回折り：深いネットの直線は${made.deep.pieces}本、浅いネットは${made.twin.pieces}本です。ステップ${r.step}：学ぶネットの損失は${loss}です。`,
    });
  }

  protected override prediction() {
    return prediction(() => ({
      folds: this.opt.folds,
      plain: this.plain(),
      pieces: this.#made?.nets.deep.pieces,
    }));
  }
  private plain(): boolean {
    return this.opt.act === 'relu' && this.opt.missing === 0;
  }
  protected override checks() {
    return this.#panels()?.checks ?? [];
  }
  protected override claims() {
    return this.#panels()?.lesson.claims ?? [];
  }
  protected override measured() {
    return this.#panels()?.measured ?? {};
  }
  protected override breakIt(): BreakSwitch[] {
    return this.#panels()?.breaks({ opt: this.opt, set: (values) => this.change(values) }) ?? [];
  }
}

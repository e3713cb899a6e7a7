/**
 * Lesson 2: XOR by a small network. Left the input plane with a line for each hidden unit, then the network, then the plane that the
 * hidden layer makes of it. All values come from the core. What is trained stands in model.ts, the folding in paper.ts, the
 * hand-set weights in hand.ts, the prediction in prediction.ts, exercises and switches in later/.
 */
import {
  LabElement,
  css,
  grains,
  html,
  nothing,
  partViews,
  type BreakSwitch,
  type Report,
  type ViewSpec,
} from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { decisionSurface, networkDiagram, type SurfaceField } from '@x2g/web/plot';
import { LEARNED, LIMIT, prediction, rows_right } from './prediction.ts';
import { as_tensors, or_nand, xor } from './hand.ts';
import { model, options } from './model.ts';
import { folded_lines, limits, paper, place, point_names, strongest, unfolding, type Fold } from './paper.ts';
import { truth_table } from './tables.ts';

const CELLS = 40;
const RANGE: [number, number] = [-0.5, 1.5];

export default class XorDemo extends LabElement<typeof options> {
  static override slug = 'xor';
  static override titles = { en: 'The plane that folds', ja: '折れる平面' };
  static override question = {
    en: 'Can a hidden layer move the four points so that one straight cut is enough?',
    ja: '隠れ層が4つの点を動かせば、まっすぐな切り口1つで足りるでしょうか。',
  };
  static override options = options;
  static override styles = [
    LabElement.styles,
    css`
      @container (min-width: 46rem) {
        .flow {
          align-items: start;
        }
      }
      .flow + .flow {
        margin-block-start: var(--x2g-space-4);
      }
      .loss {
        min-width: 0;
        min-height: 225px;
      }
      @container (max-width: 30rem) {
        .truth :is(th, td) {
          padding-inline: var(--x2g-space-1);
        }
      }
    `,
  ];
  static override speeds = [2, 30, 120, 600, 0];
  static override speed = 120;

  #learned_at: number | undefined;
  /** What the last whole step added to each tensor. */
  #moved = new Map<string, Float32Array>();
  #opening = unfolding();

  readonly #curve = this.fetched(() => import('./later/curve.ts'));
  readonly #steps = this.fetched(() => import('./later/steps.ts'));
  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  protected override config() {
    return model(this.opt, this.seed);
  }
  protected override limit(): number {
    return LIMIT;
  }
  protected override async built(session: NonNullable<typeof this.session>): Promise<void> {
    if (this.opt.start === 'or-nand' && this.opt.hidden === 2)
      for (const [name, data] of as_tensors(or_nand)) await session.set(name, data);
  }

  protected override views(): ViewSpec[] {
    const deep = this.opt.hidden > 0;
    const tensors = deep ? ['y', 'h1'] : ['y'];
    const sheet: ViewSpec = { id: 'paper', kind: 'rows', x: paper, tensors: ['h1'] };
    const weights = (deep ? ['W1', 'b1', 'W2', 'b2'] : ['W1', 'b1']).flatMap((name): ViewSpec[] => [
      { id: name, kind: 'tensor', name },
      { id: `grad ${name}`, kind: 'tensor', name, grad: true },
    ]);
    return [
      { id: 'plane', kind: 'grid', x: RANGE, y: RANGE, cells: CELLS, tensors },
      { id: 'rows', kind: 'rows', x: xor.x, tensors },
      ...(deep ? [sheet] : []),
      ...weights,
    ];
  }
  protected override parts(): ViewSpec[] {
    return partViews(this.info);
  }
  protected override grains() {
    const { step, example, forward, backward, update, epoch } = grains;
    const one = this.opt.examples === 'one';
    return [...(one ? [example, epoch] : [step]), forward, backward, update];
  }
  private view(id: string, tensor: string): Float32Array {
    return this.report?.views[id]?.[tensor]?.data ?? new Float32Array(0);
  }
  private weight(name: string): Float32Array {
    return this.view(name, name);
  }
  private grad(name: string): Float32Array {
    return this.view(`grad ${name}`, name);
  }

  protected override reported(report: Report): void {
    // The loss of all four rows is known of every step, and below LEARNED no row can be wrong: reports may come seldom.
    const { step, loss } = this.history.curves;
    const learned = rows_right(report.views['rows']?.['y']?.data) === 4 && report.loss < LEARNED;
    this.#learned_at =
      this.opt.examples === 'all'
        ? step[loss.findIndex((l) => l < LEARNED)]
        : this.first('learned', learned && report.step > 0);
    if (!report.done || report.done.phase === 'update')
      for (const name of ['W1', 'b1', 'W2', 'b2'])
        this.#moved.set(
          name,
          this.grad(name).map((g) => -report.lr * g),
        );
  }

  protected override picture() {
    return html`
      <div class="flow">${this.inputPlane()} ${this.network()} ${this.hiddenPlane()}</div>
      <div class="flow">
        ${truth_table(this.view('rows', 'y'), this.view('rows', 'h1'), this.opt.hidden, this.langNow)}
        ${this.curve()}
      </div>
      ${this.worked()?.lines ?? nothing}
    `;
  }

  /** The last op, written out; undefined between whole steps. */
  private worked() {
    const { report, info, opt, langNow: lang, looked, lookAt: look } = this;
    if (!report?.done || !info) return undefined;
    return this.#steps()?.written({ report, info, opt, lang, looked, look });
  }

  /** The four points where `place_of` puts them, in a plane that is `span` wide. */
  private points(place_of: (i: number) => [number, number], span: number) {
    const y = this.view('rows', 'y');
    const at = this.worked()?.row;
    const places = xor.t.map((_, i) => place_of(i));
    const names = point_names(places, 0.08 * span);
    return xor.t.map((label, i) => {
      const [px, py] = places[i] ?? [0, 0];
      const wrong = y.length > 0 && (y[i] ?? 0) > 0.5 !== (label === 1);
      return { x: px, y: py, label, wrong, current: i === at, name: names[i] ?? '' };
    });
  }

  private inputPlane() {
    const W = this.weight('W1');
    const b = this.weight('b1');
    const units = this.opt.hidden;
    return decisionSurface({
      label: this.t({ en: 'Input plane: what the net answers where', ja: '入力の平面：どこで何と答えるか' }),
      x: RANGE,
      y: RANGE,
      points: this.points((i) => [xor.x[2 * i] ?? 0, xor.x[2 * i + 1] ?? 0], 2),
      field: { data: this.view('plane', 'y'), cells: CELLS, flat: this.opt.act === 'step' },
      lines: Array.from(b, (bias, j) => ({
        w1: W[2 * j] ?? 0,
        w2: W[2 * j + 1] ?? 0,
        b: bias,
        ...(units > 0 ? { name: `h${j + 1}`, dashed: true } : { side: true }),
      })).filter(({ w1, w2 }) => w1 !== 0 || w2 !== 0),
      axes: { x: 'x₁', y: 'x₂' },
      legend: { low: 'y = 0', high: 'y = 1' },
      size: 340,
    });
  }

  private network() {
    const { hidden, act } = this.opt;
    const unit_map = (column: number): SurfaceField => ({
      data: this.view('plane', 'h1'),
      cells: CELLS,
      column,
      width: hidden,
      ...(act === 'sigmoid' || act === 'step' ? {} : { low: -1, middle: 0, high: 1 }),
    });
    const inputs = { name: this.t({ en: 'Inputs', ja: '入力' }), units: [{ label: 'x₁' }, { label: 'x₂' }] };
    const output = {
      name: this.t({ en: 'Output', ja: '出力' }),
      units: [{ label: 'y', map: { data: this.view('plane', 'y'), cells: CELLS } }],
    };
    const middle = {
      name: this.t({ en: 'Hidden layer', ja: '隠れ層' }),
      units: Array.from({ length: hidden }, (_, j) => ({ label: `h${j + 1}`, map: unit_map(j) })),
    };
    const edges = (from: number) => ({
      from,
      weights: this.weight(`W${from + 1}`),
      bias: this.weight(`b${from + 1}`),
      name: `W${from + 1}`,
      biasName: `b${from + 1}`,
      gradients: this.grad(`W${from + 1}`),
      biasGradients: this.grad(`b${from + 1}`),
      updates: this.#moved.get(`W${from + 1}`),
      biasUpdates: this.#moved.get(`b${from + 1}`),
    });
    const edit = (from: number, unit: number, input: number, value: number) => {
      const name = `${input < 0 ? 'b' : 'W'}${from + 1}`;
      const data = Float32Array.from(this.weight(name));
      data[input < 0 ? unit : unit * (from === 0 ? 2 : hidden) + input] = value;
      void this.setTensor(name, data).catch(() => undefined);
    };
    return networkDiagram({
      label: this.t({ en: 'The network with its weights', ja: 'ネットワークと重み' }),
      layers: hidden > 0 ? [inputs, middle, output] : [inputs, output],
      edges: hidden > 0 ? [edges(0), edges(1)] : [edges(0)],
      onWeight: edit,
      boxes: act === 'step' && hidden <= 2, // step units cannot learn: they are for setting by hand
      ...this.worked()?.pointed,
      height: 300,
    });
  }

  private hiddenPlane() {
    const { hidden, act } = this.opt;
    const amount = this.opt.fold * this.#opening.now(() => this.requestUpdate());
    if (hidden === 0)
      return html`
        <div class="tile">
          <p>
            ${this.t({
              en: 'There is no hidden layer: the output cuts the input plane itself, along one straight line.',
              ja: '隠れ層がありません。出力は、入力の平面そのものを1本の直線で切ります。',
            })}
          </p>
        </div>
      `;
    const sheet = this.view('paper', 'h1');
    const corners = this.view('rows', 'h1');
    const v = this.weight('W2');
    const axes = strongest(v);
    const fold: Fold = { amount, width: hidden, axes };
    const [low, high] = limits(act, sheet);
    const range: [number, number] = [
      RANGE[0] + amount * (low - RANGE[0]),
      RANGE[1] + amount * (high - RANGE[1]),
    ];
    const [a, b] = axes;
    const cut = {
      w1: v[a] ?? 0,
      w2: b === undefined ? 0 : (v[b] ?? 0),
      b: this.weight('b2')[0] ?? 0,
      name: 'y',
      side: true,
    };
    return decisionSurface({
      label: this.t({
        en: 'Hidden plane: where the hidden layer sends the points',
        ja: '隠れ平面：隠れ層が点を送る先',
      }),
      x: range,
      y: range,
      points: this.points((i) => place(xor.x, corners, i, fold), range[1] - range[0]),
      curves: folded_lines(sheet, fold),
      lines: amount === 1 && hidden <= 2 && (cut.w1 !== 0 || cut.w2 !== 0) ? [cut] : [],
      axes: amount < 1 ? { x: '', y: '' } : { x: `h${a + 1}`, y: b === undefined ? '' : `h${b + 1}` },
      legend: 'off',
      size: 340,
    });
  }

  /** Below the first screen, so its drawing is fetched when the others stand. */
  private curve() {
    const drawn = this.report && this.#curve()?.loss_curve(this.history.curves, this.opt.act, this.langNow);
    return html`
      <div class="loss">${drawn ?? nothing}</div>
    `;
  }

  protected override readouts() {
    const r = this.report;
    if (!r) return nothing;
    const right = rows_right(this.view('rows', 'y'));
    return html`
      ${this.readout({ en: 'Loss', ja: '損失' }, formatNumber(r.loss, 4))}
      ${this.readout({ en: 'Rows right', ja: '正解の行' }, `${right} / 4`)}
      ${this.readout({ en: 'Learned at step', ja: '学べたステップ' }, this.#learned_at === undefined ? '–' : String(this.#learned_at))}
      ${this.readout({ en: 'Size of the gradient', ja: '勾配の大きさ' }, r.step > 0 ? formatNumber(r.gradNorm) : '–')}
      ${this.readout({ en: 'Step', ja: 'ステップ' }, String(r.step))}
    `;
  }

  protected override numbers() {
    const names = this.opt.hidden > 0 ? ['W1', 'b1', 'W2', 'b2'] : ['W1', 'b1'];
    const tensors = names.map((name) => this.report?.views[name]?.[name]);
    return this.#panels()?.weight_table(tensors, this.langNow) ?? html``;
  }

  protected override summary(r: Report): string {
    const right = rows_right(r.views['rows']?.['y']?.data);
    if (right === 4 && this.#learned_at === undefined)
      return this.t({
        en: `Step ${r.step}: all four rows are right.`,
        ja: `ステップ${r.step}：4行とも正解です。`,
      });
    if (this.#learned_at !== undefined && right === 4)
      return this.t({
        en: `Step ${r.step}: all four rows are right. XOR was learned at step ${this.#learned_at}.`,
        ja: `ステップ${r.step}：4行とも正解です。ステップ${this.#learned_at}でXORを学びました。`,
      });
    return this.t({
      en: `Step ${r.step}: loss ${formatNumber(r.loss)}, ${right} of 4 rows right.`,
      ja: `ステップ${r.step}：損失${formatNumber(r.loss)}、4行中${right}行が正解です。`,
    });
  }

  protected override prediction() {
    return prediction;
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
    return (
      this.#panels()?.breaks({
        opt: this.opt,
        seed: this.seed,
        set: (values, seed) => {
          this.change(values);
          this.seed = seed;
        },
      }) ?? []
    );
  }
}

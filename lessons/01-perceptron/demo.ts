/**
 * Lesson 1: Rosenblatt's perceptron, one look at a time. The plane (or the box) shows the data and the line, the diagram the
 * three numbers, the last look its arithmetic. Learning, sums, answers and the bound come from the core. What is trained stands in
 * model.ts, the prediction in prediction.ts, exercises and switches in later/.
 */
import {
  LabElement,
  css,
  html,
  nothing,
  type BreakSwitch,
  type Grain,
  type Report,
  type ViewSpec,
} from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import {
  decisionSurface,
  networkDiagram,
  spaceView,
  type DiagramMark,
  type SurfacePoint,
} from '@x2g/web/plot';
import { row, type Rows } from './data.ts';
import { Parts } from './parts.ts';
import { prediction } from './prediction.ts';
import { model, options, rows_of } from './model.ts';
import { before_first_look, looking, standing, verdict } from './telling.ts';
import { trace_rows, trace_table, type Look } from './trace.ts';
import { Turning } from './turning.ts';

const weights_of = (report: Report | undefined): number[] => report?.perceptron?.weights ?? [];

export default class PerceptronDemo extends LabElement<typeof options> {
  static override slug = 'perceptron';
  static override titles = { en: 'One neuron, one line', ja: '1つのニューロン、1本の直線' };
  static override question = {
    en: 'Can it learn to separate the points when it is told only its mistakes?',
    ja: '間違いを教えるだけで、点を分けられるようになるでしょうか。',
  };
  static override options = options;
  static override speeds = [1, 3, 10, 100, 0];
  static override speed = 3;
  static override styles = [
    LabElement.styles,
    css`
      .look {
        font-variant-numeric: tabular-nums;
        --x2g-worked-height: 0;
        min-height: 9.6em;
        line-height: 1.6;
      }
      .trace {
        font-size: var(--x2g-text-tiny);
      }
      .trace :is(th, td) {
        white-space: nowrap;
      }
      .trace :is(th, td):is(:nth-child(2), :nth-child(3), :last-child) {
        text-align: start;
      }
      .trace .mistake {
        color: var(--x2g-gradient);
      }
    `,
  ];

  #clouds: { of: string; rows: Rows } | undefined;
  #turning = new Turning();
  #parts = new Parts();
  #parting = false;

  private get rows(): Rows {
    return rows_of(this.opt, this.#clouds?.rows);
  }
  private get range(): [number, number] {
    return this.opt.data === 'blobs' ? [-2.5, 2.5] : [-0.5, 1.5];
  }

  readonly #steps = this.fetched(() => import('./later/steps.ts'));
  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  protected override config() {
    return model(this.opt, this.seed, this.#clouds?.rows);
  }

  /** The clouds are drawn by the core from the seed, so they are known only when it is there. */
  protected override async built(session: NonNullable<typeof this.session>): Promise<void> {
    const of = `${this.seed}/${this.opt.inputs}`;
    if (this.opt.data !== 'blobs' || this.#clouds?.of === of) return;
    const drawn = await session.points('blobs', {
      n: 40,
      separation: 2.2,
      spread: 0.45,
      seed: this.seed,
      inputs: this.opt.inputs,
    });
    this.#clouds = { of, rows: drawn };
    this.info = await session.create(this.config());
  }

  protected override views(): ViewSpec[] {
    const rows = this.rows;
    const points: ViewSpec = { id: 'points', kind: 'rows', x: rows.x, tensors: ['y'] };
    if (rows.inputs === 3) return [points];
    return [points, { id: 'plane', kind: 'grid', x: this.range, y: this.range, cells: 60, tensors: ['y'] }];
  }

  private get last(): Look | undefined {
    return this.history.trace.at(-1);
  }
  /** What the picture shows: in the middle of a look what stood before it. */
  private get seen(): Report | undefined {
    return this.#parts.shown(this.report);
  }
  private get weights(): number[] {
    return weights_of(this.seen);
  }

  /** 'node' is a third of a look. */
  override async step(n = 1, grain: Grain = 'step'): Promise<void> {
    if (grain !== 'node') return super.step(n, grain);
    for (let i = 0; i < n; i += 1) {
      if (this.#parts.over) {
        this.#parting = true;
        await super.step(1).finally(() => {
          this.#parting = false;
        });
      } else this.#parts.next();
    }
    this.requestUpdate();
  }
  #last: Report | undefined;
  protected override reported(report: Report): void {
    const last = this.#last;
    if (this.#parting && report.step === (last?.step ?? 0) + 1) this.#parts.begin(last);
    else if (report.step !== last?.step || String(weights_of(report)) !== String(weights_of(last)))
      this.#parts.end(); // else the same look is told once more
    this.#last = report;
  }

  /** The points with what is known of each: wrong now, looked at last. */
  private points() {
    const rows = this.rows;
    const y = this.seen?.views['points']?.['y']?.data;
    return rows.t.map((label, i) => ({
      at: row(rows, i),
      label,
      wrong: y !== undefined && y[i] !== label,
      current: this.last?.example === i,
    }));
  }

  protected override picture() {
    return html`
      <div class="flow">
        ${this.rows.inputs === 3 ? this.box() : this.plane()}
        <div class="tile stack">${this.neuron()} ${this.look()}</div>
      </div>
    `;
  }

  private plane() {
    const [w1 = 0, w2 = 0, b = 0] = this.#turning.now(this.weights, () => this.requestUpdate());
    const y = this.seen?.views['plane']?.['y']?.data;
    return decisionSurface({
      label: this.t({
        en: 'The plane of the two inputs with the points and the line',
        ja: '2つの入力の平面。点と直線を示す',
      }),
      x: this.range,
      y: this.range,
      points: this.points().map(({ at: [x = 0, y = 0], ...rest }) => ({ x, y, ...rest })),
      ...(y ? { field: { data: y, cells: 60, flat: true } } : {}),
      lines: w1 === 0 && w2 === 0 ? [] : [{ w1, w2, b, side: true, normal: true }],
      axes: { x: 'x₁', y: 'x₂' },
      legend: {
        low: this.t({ en: 'answers 0', ja: '0と答える' }),
        high: this.t({ en: 'answers 1', ja: '1と答える' }),
      },
      onPoints: (points: SurfacePoint[]) => this.take(points),
    });
  }

  private box() {
    const [w1 = 0, w2 = 0, w3 = 0, b = 0] = this.#turning.now(this.weights, () => this.requestUpdate());
    const flat = w1 === 0 && w2 === 0 && w3 === 0;
    const [low, high] = this.range;
    return spaceView({
      label: this.t({
        en: 'The box of the three inputs with the points and the plane',
        ja: '3つの入力の箱。点と平面を示す',
      }),
      range: [low + 0.2, high - 0.2],
      points: this.points().map(({ at: [x = 0, y = 0, z = 0], ...rest }) => ({ x, y, z, ...rest })),
      ...(flat ? {} : { plane: { w1, w2, w3, b } }),
      axes: { x: 'x₁', y: 'x₂', z: 'x₃' },
    });
  }

  /** A click into the plane makes the points the reader's own. */
  private take(points: SurfacePoint[]): void {
    if (points.length > 0) this.change({ data: 'own', points: points.map((p) => [p.x, p.y, p.label]) });
  }

  private neuron() {
    const { last } = this;
    const inputs = this.rows.inputs;
    const answered = this.#parts.part !== 'sum';
    const moved = this.weights.map((_, i) =>
      last && this.#parts.over ? (last.after[i] ?? 0) - (last.before[i] ?? 0) : 0,
    );
    return networkDiagram({
      label: this.t({
        en: 'The neuron: inputs, weights, sum and answer',
        ja: 'ニューロン：入力、重み、和、答え',
      }),
      layers: [
        {
          name: this.t({ en: 'Inputs', ja: '入力' }),
          units: Array.from({ length: inputs }, (_, i) => ({
            label: ['x₁', 'x₂', 'x₃'][i] ?? '',
            ...(last ? { value: last.x[i] ?? 0 } : {}),
          })),
        },
        {
          name: this.t({ en: 'Sum and answer', ja: '和と答え' }),
          units: [
            last ? { label: 's', value: last.sum, lit: answered && last.output === 1 } : { label: 's' },
          ],
        },
      ],
      edges: [
        {
          from: 0,
          weights: this.weights.slice(0, inputs),
          bias: this.weights.slice(inputs),
          name: 'w',
          biasName: 'b',
          updates: moved.slice(0, inputs),
          biasUpdates: moved.slice(inputs),
        },
      ],
      onWeight: (_from, _output, input, value) => {
        const w = [...this.weights];
        w[input < 0 ? inputs : input] = value;
        void this.setTensor('w', w).catch(() => undefined);
      },
      marked: this.looked ? [this.looked] : this.moved(),
      onLook: this.lookAt,
      height: 180,
    });
  }

  /** What the last look has changed. */
  private moved(): DiagramMark[] {
    const { last } = this;
    if (!last || last.error === 0 || !this.#parts.over) return [];
    const at = (i: number): DiagramMark => ({ layer: 1, unit: 0, input: i === last.x.length ? -1 : i });
    return last.after.flatMap((value, i) => (value === last.before[i] ? [] : [at(i)]));
  }

  /** The last look, written out. */
  private look() {
    const { last, langNow: lang } = this;
    const { part } = this.#parts;
    const wrong = this.seen?.perceptron?.wrong ?? 0;
    if (!last)
      return html`
        <div class="look"><p>${this.t(before_first_look(wrong, this.rows.t.length))}</p></div>
      `;
    const lines = this.#steps()?.written({
      last,
      part,
      rate: this.opt.rate,
      lang,
      looked: this.looked,
      look: this.lookAt,
    });
    return html`
      <div class="look">
        <p>${this.t(part === 'sum' ? looking(last) : verdict(last, this.#parts.over))}</p>
        ${lines ?? nothing}
      </div>
    `;
  }

  protected override readouts() {
    const p = this.seen?.perceptron;
    if (!p) return nothing;
    const bound = p.bound.separable
      ? formatNumber(p.bound.bound)
      : this.t({ en: 'none: no line', ja: 'なし（直線がない）' });
    return html`
      ${this.readout({ en: 'Mistakes', ja: '間違い' }, String(p.mistakes))}
      ${this.readout({ en: 'At most, from zeros: (R/γ)²', ja: '0から始めたときの上限 (R/γ)²' }, bound)}
      ${this.readout({ en: 'Wrong now', ja: '今間違えている点' }, `${p.wrong} / ${this.rows.t.length}`)}
      ${this.readout({ en: 'Looks', ja: '見た回数' }, String(this.seen?.step ?? 0))}
      ${this.readout({ en: 'Epochs', ja: 'エポック' }, String(p.epochs))}
    `;
  }

  protected override numbers() {
    const { trace } = this.history;
    return trace_table(this.#parts.over ? trace : trace.slice(0, -1), this.langNow);
  }
  protected override csv() {
    return trace_rows(this.history.trace, this.rows.inputs);
  }
  protected override summary(r: Report): string {
    return this.t(standing(this.#parts.shown(r) ?? r, this.rows.t.length));
  }

  protected override grains() {
    return [
      { grain: 'step' as const, label: { en: 'one point', ja: '1点' } },
      {
        grain: 'node' as const,
        label: { en: 'sum, answer, update', ja: '和、答え、更新' },
      },
      { grain: 'epoch' as const, label: { en: 'one epoch', ja: '1エポック' } },
    ];
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
    return this.#panels()?.breaks(this.opt, (values) => this.change(values)) ?? [];
  }
}

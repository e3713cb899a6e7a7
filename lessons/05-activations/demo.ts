/**
 * Lesson 5: eleven activation functions under one input slider, then the same net trained with each, and what each costs on the reader's
 * machine. Functions, slopes, losses and times come from the core. What is trained stands in model.ts, the race in race.ts, the
 * tables in tables.ts, the prediction in prediction.ts, exercises and switches in later/.
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
import type { ActivationName, Session } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { barList, functionPlot, linePlot, type Role } from '@x2g/web/plot';
import { axis, cost_card, gelu_card, HIGH, LOW, type Curve } from './cards.ts';
import { Costs } from './costs.ts';
import { prediction } from './prediction.ts';
import {
  corners,
  dead_units,
  HIDDEN,
  kinds,
  label,
  model,
  options,
  POINTS,
  RACE,
  type Rows,
} from './model.ts';
import { race, set_bias, type Lane } from './race.ts';
import { value_table } from './tables.ts';

/** How each function's curve is drawn in the race: relatives share a color, one of them dashed. */
const looks: Record<string, [Role, dashed?: boolean]> = {
  identity: ['muted'],
  step: ['muted', true],
  sigmoid: ['negative'],
  tanh: ['value', true],
  relu: ['positive'],
  leaky_relu: ['positive', true],
  elu: ['key'],
  gelu_erf: ['query'],
  gelu_tanh: ['query', true],
  silu: ['gradient'],
  softplus: ['valid', true],
};

/** f(x) and f′(x) at the slider. */
interface Spot {
  x: number;
  of: Map<ActivationName, { y: number; dy: number }>;
}

export default class ActivationsDemo extends LabElement<typeof options> {
  static override slug = 'activations';
  static override titles = { en: 'Eleven functions, one input', ja: '11の関数、1つの入力' };
  static override question = {
    en: 'Where does each function stop passing the gradient on?',
    ja: 'それぞれの関数は、どこで勾配を通さなくなるでしょうか。',
  };
  static override options = options;
  static override speeds = [5, 50, 300, 0];
  static override speed = 300;
  static override skeleton = { wide: 1100, narrow: 2200 };
  static override styles = [
    LabElement.styles,
    css`
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(45%, 140px), 1fr));
        gap: var(--x2g-space-3);
      }
      .curves ~ * {
        margin-block-start: var(--x2g-space-6);
      }
      @container (min-width: 46rem) {
        .flow {
          align-items: start;
        }
      }
      .curve {
        min-width: 0;
        border: 1px solid var(--x2g-line);
        border-radius: var(--x2g-radius-small);
        padding: var(--x2g-space-2);
      }
      .curve.dark {
        background: var(--x2g-surface);
      }
      .curve[data-now] {
        border-color: var(--x2g-accent);
        box-shadow: inset 0 0 0 1px var(--x2g-accent);
      }
      .curve .name {
        font-size: var(--x2g-text-small);
        font-weight: 650;
      }
    `,
  ];

  #curves = new Map<ActivationName, Curve>();
  #spot: Spot | undefined;
  #asked = NaN;
  #rows: { of: number; rows: Rows } | undefined;
  #lanes: Lane[] = [];
  #racing: AbortController | undefined;
  #costs = new Costs(() => this.requestUpdate());

  readonly #steps = this.fetched(() => import('./later/steps.ts'));
  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  protected override config() {
    return model(this.opt.f, this.opt, this.seed, this.#rows?.rows ?? corners);
  }
  protected override limit(): number {
    return RACE;
  }
  protected override views(): ViewSpec[] {
    return [{ id: 'rows', kind: 'rows', x: (this.#rows?.rows ?? corners).x, tensors: ['y', 'h1', 'h2'] }];
  }
  protected override parts(): ViewSpec[] {
    return partViews(this.info);
  }
  protected override grains() {
    const { step, example, forward, backward, update, epoch } = grains;
    return [...(this.opt.examples === 'one' ? [example, epoch] : [step]), forward, backward, update];
  }

  protected override async built(session: Session): Promise<void> {
    if (this.#rows?.of !== this.seed) {
      const drawn = await session.points('blobs', { n: POINTS, separation: 0, spread: 1, seed: this.seed });
      this.#rows = { of: this.seed, rows: { x: drawn.x, t: label(drawn.x) } };
      this.info = await session.create(this.config());
    }
    await set_bias(session, this.opt.bias, this.opt.bias !== 0);
    for (const { id } of kinds)
      if (!this.#curves.has(id)) this.#curves.set(id, await session.activation(id, axis));
    await this.#look(session);
    this.#racing?.abort();
    this.#lanes = [];
  }

  /** The functions at the slider's input, from the core. */
  async #look(session: Session): Promise<void> {
    const { x } = this.opt;
    this.#asked = x;
    const of: Spot['of'] = new Map();
    for (const { id } of kinds) {
      const { y, dy } = await session.activation(id, [x]);
      of.set(id, { y: y[0] ?? NaN, dy: dy[0] ?? NaN });
    }
    this.#spot = { x, of };
    this.requestUpdate();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed);
    const { session } = this;
    if (session && this.report && this.#asked !== this.opt.x) void this.#look(session).catch(() => undefined);
  }

  #race(): void {
    this.#racing?.abort();
    const told = (lanes: Lane[]): void => {
      this.#lanes = lanes;
      this.requestUpdate();
    };
    const racing = this.aside(
      (session, stop) => race(session, this.opt, this.seed, this.#rows?.rows ?? corners, told, stop),
      () => {
        if (this.#racing === racing) this.#racing = undefined;
      },
    );
    this.#racing = racing;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#costs.stop();
  }

  private name(id: ActivationName): string {
    const kind = kinds.find((k) => k.id === id);
    return kind ? this.t(kind) : id;
  }

  protected override picture() {
    return html`
      <div class="curves">${kinds.map(({ id }) => this.#tile(id))}</div>
      <div class="flow">${this.#slopes()} ${gelu_card(this.#curves, this.opt.x, this.langNow)}</div>
      <div class="flow">${this.#curve()} ${this.#cost()}</div>
      ${this.worked()?.lines ?? nothing}
    `;
  }

  /** The last op was the function itself: its curve is marked. */
  #at_function(): boolean {
    return /^h\d$/u.test(this.report?.done?.name ?? '');
  }

  #tile(id: ActivationName) {
    const curve = this.#curves.get(id);
    const spot = this.#spot?.of.get(id);
    if (!curve) return nothing;
    const dark = Math.abs(spot?.dy ?? 1) < 0.05;
    return html`
      <div class=${dark ? 'curve dark' : 'curve'} ?data-now=${id === this.opt.f && this.#at_function()}>
        <p class="name">${this.name(id)}</p>
        ${functionPlot({
          label: this.t({ en: `${this.name(id)} and its slope`, ja: `${this.name(id)}とその傾き` }),
          curves: [
            { label: 'f', x: axis, y: curve.y, role: 'ink' },
            { label: 'f′', x: axis, y: curve.dy, role: 'gradient', dashed: true },
          ],
          x: [LOW, HIGH],
          y: [-1.5, 2.5],
          marker: this.opt.x,
          onMarker: (x: number) => this.change({ x: Math.min(HIGH, Math.max(LOW, Math.round(x * 20) / 20)) }),
        })}
        <p class="figure fine">f = ${formatNumber(spot?.y ?? NaN)}</p>
        <p class="figure fine">f′ = ${formatNumber(spot?.dy ?? NaN)}</p>
      </div>
    `;
  }

  #slopes() {
    const of = this.#spot?.of;
    return html`
      <div class="tile stack">
        <p class="label">
          ${this.t({
            en: `How much gradient passes at ${formatNumber(this.opt.x)}: the size of f′`,
            ja: `入力${formatNumber(this.opt.x)}で通る勾配：f′の大きさ`,
          })}
        </p>
        ${barList({
          label: this.t({
            en: 'Size of the slope of each function at the input',
            ja: '入力での、各関数の傾きの大きさ',
          }),
          bars: kinds.map(({ id }) => ({
            label: this.name(id),
            value: Math.abs(of?.get(id)?.dy ?? 0),
            role: 'gradient' as const,
          })),
          limit: 1.15,
        })}
      </div>
    `;
  }

  #curve() {
    const { step, loss } = this.history.curves;
    const lanes = this.#lanes.map((lane) => {
      const [role, dashed = false] = looks[lane.id] ?? ['ink' as const];
      return { label: this.name(lane.id), x: lane.step, y: lane.loss, role, dashed };
    });
    const own = {
      label: this.t({ en: `now: ${this.name(this.opt.f)}`, ja: `いま：${this.name(this.opt.f)}` }),
      x: step,
      y: loss,
      role: 'train' as const,
      width: 3,
    };
    return html`
      <div class="tile stack">
        <p class="label">
          ${this.t({
            en: 'The same net, points and seed with each function',
            ja: '同じネット、同じ点、同じシードで、関数だけを変える',
          })}
        </p>
        ${linePlot({
          label: this.t({ en: 'Loss of the net with each function', ja: '各関数でのネットの損失' }),
          series: lanes.length > 0 ? [...lanes, own] : [own],
          xLabel: this.t({ en: 'step', ja: 'ステップ' }),
          yLabel: this.t({ en: 'loss', ja: '損失' }),
          yRange: [0, 0.8],
          marks: [{ y: Math.LN2, label: 'ln 2' }],
          height: 280,
        })}
        <div class="moves">
          <button
            type="button"
            data-x2g="race"
            aria-disabled=${this.#racing !== undefined}
            @click=${() => this.#racing ?? this.#race()}
          >
            ${this.#racing ? this.t({ en: 'Racing…', ja: '競走中…' }) : this.t({ en: 'Race all eleven', ja: '11をすべて競走させる' })}
          </button>
        </div>
      </div>
    `;
  }

  #cost() {
    const measure = () =>
      this.#costs
        .measure(
          () => this.extraSession(),
          (session) => this.drop(session),
        )
        .catch(() => undefined);
    return cost_card(
      this.#costs,
      (id) => this.name(id),
      this.langNow,
      () => void measure(),
    );
  }

  /** The last op, written out; undefined between whole steps. */
  private worked() {
    const { report, info, opt, langNow: lang, looked, lookAt: look } = this;
    if (!report?.done || !info) return undefined;
    return this.#steps()?.written({ report, info, opt, lang, looked, look });
  }

  private dead(): number {
    return dead_units(this.report?.views['rows']);
  }
  private right(): number {
    const y = this.report?.views['rows']?.['y']?.data ?? new Float32Array(0);
    const t = (this.#rows?.rows ?? corners).t;
    return Array.from(y).filter((p, i) => p > 0.5 === (t[i] === 1)).length;
  }

  protected override readouts() {
    const r = this.report;
    if (!r) return nothing;
    return html`
      ${this.readout({ en: 'Step', ja: 'ステップ' }, String(r.step))}
      ${this.readout({ en: 'Loss', ja: '損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Points right', ja: '正解の点' }, `${this.right()} / ${(this.#rows?.rows ?? corners).t.length}`)}
      ${this.readout({ en: 'Units that answer 0 to all', ja: 'どの点にも0と答えるユニット' }, `${this.dead()} / ${2 * HIDDEN}`)}
      ${this.readout({ en: 'Size of the gradient', ja: '勾配の大きさ' }, r.step > 0 ? formatNumber(r.gradNorm) : '–')}
    `;
  }

  protected override numbers() {
    return value_table(kinds, this.#spot?.of, this.langNow);
  }

  protected override summary(r: Report): string {
    return this.t({
      en: `${this.name(this.opt.f)}, step ${r.step}: loss ${formatNumber(r.loss)}, ${this.dead()} of ${2 * HIDDEN} hidden units answer 0 to all points.`,
      ja: `${this.name(this.opt.f)}、ステップ${r.step}：損失${formatNumber(r.loss)}、隠れユニット${2 * HIDDEN}個のうち${this.dead()}個がどの点にも0と答えます。`,
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
    return this.#panels()?.breaks({ opt: this.opt, set: (values) => this.change(values) }) ?? [];
  }
}

/**
 * Lesson 3: a curve followed by a sum of hinges. The picture has the wanted curve, the net, its hinges as handles and the widest gap; below
 * it the errors during training and what is left for each number of hinges. All values of the net come from the core. The curves stand
 * in target.ts, the net in model.ts, hand-made weights in hinges.ts, the ladder in ladder.ts.
 */
import { LabElement, html, nothing, type BreakSwitch, type Report, type ViewSpec } from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { hingePlot, linePlot, type FunctionCurve, type Hinge, type LineSeries } from '@x2g/web/plot';
import { bend, place } from './hinges.ts';
import { climb, RUNGS, type Rung } from './ladder.ts';
import { draw_noise, LIMIT, model, options, prepare, samples, solve, type Values } from './model.ts';
import { prediction } from './prediction.ts';
import { unit_table } from './tables.ts';
import { DRAWN_LIMIT, mean_square, places, straight, wanted, widest, type Gap } from './target.ts';

/** A change of these is worth nothing until the net has trained again. */
const RETRAIN: (keyof Values)[] = ['hidden', 'target', 'own', 'noise', 'act'];

export default class HingesDemo extends LabElement<typeof options> {
  static override slug = 'universal-approximation';
  static override titles = { en: 'A curve made of hinges', ja: '折れ目でできた曲線' };
  static override question = {
    en: 'How many straight pieces does a sine need before nobody sees that it is straight?',
    ja: '直線をいくつつなげば、正弦波と見分けがつかなくなるでしょうか。',
  };
  static override options = options;
  static override speeds = [30, 300, 1000, 0];
  static override speed = 1000;
  static override skeleton = { wide: 860, narrow: 1150 };

  #draws: { seed: number; values: number[] } | undefined;
  #errors: { step: number[]; gap: number[]; mean: number[] } = { step: [], gap: [], mean: [] };
  /** What finished runs left, by number of hinges, for one curve and one kind of unit. */
  #found: { of: string; rungs: Map<number, Rung> } = { of: '', rungs: new Map() };
  #climbing: AbortController | undefined;
  #moving: { unit: number; x: number } | undefined;
  #busy = false;

  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  private rows() {
    return samples(this.opt, this.#draws?.values);
  }
  protected override config() {
    return model(this.opt, this.seed, this.rows());
  }
  protected override limit(): number {
    return LIMIT;
  }
  protected override autoplay(): boolean {
    return true;
  }
  protected override async built(session: Session): Promise<void> {
    if (this.opt.noise > 0 && this.#draws?.seed !== this.seed) {
      this.#draws = { seed: this.seed, values: await draw_noise(session, this.seed) };
      this.info = await session.create(this.config());
    }
    await prepare(session, this.opt, this.rows());
  }
  protected override views(): ViewSpec[] {
    const tensors = ['W1', 'b1', 'W2', 'b2'].map((name) => ({ id: name, kind: 'tensor' as const, name }));
    return [{ id: 'line', kind: 'rows', x: places, tensors: ['y', 'h1'] }, ...tensors];
  }
  private tensor(name: string): Float32Array {
    return this.report?.views[name]?.[name]?.data ?? new Float32Array(0);
  }
  private line(name: string, report = this.report): Float32Array {
    return report?.views['line']?.[name]?.data ?? new Float32Array(0);
  }

  /** More hinges, another curve: the net trains at once. A net built by hand waits. */
  protected override change(values: Partial<Values>): void {
    super.change(values);
    const retrain = RETRAIN.some((name) => name in values);
    if (retrain && this.report && !this.running && !this.isTwin && this.opt.start === 'random')
      void this.run().catch(() => undefined);
  }

  protected override reported(report: Report): void {
    if (report.past) return;
    const e = this.#errors;
    const end = Math.min(report.step - 1, report.rewound ?? Infinity);
    while (e.step.length > 0 && (e.step.at(-1) ?? 0) > end)
      for (const list of [e.step, e.gap, e.mean]) list.pop();
    const gap = this.gap(report).size;
    e.step.push(report.step);
    e.gap.push(gap);
    e.mean.push(this.mean(report));
    if (report.step === LIMIT && this.opt.start === 'random' && this.opt.noise === 0)
      this.rungs().set(this.opt.hidden, {
        ...this.rungs().get(this.opt.hidden),
        units: this.opt.hidden,
        trained: gap,
      });
  }
  private mean(report = this.report): number {
    return mean_square(this.opt.target, this.opt.own, this.line('y', report));
  }
  private gap(report = this.report): Gap {
    return widest(this.opt.target, this.opt.own, this.line('y', report));
  }
  private rungs(): Map<number, Rung> {
    const { target, act, lr } = this.opt;
    const of = JSON.stringify([target, act, lr, this.seed, target === 'own' ? this.opt.own : 0]);
    if (this.#found.of !== of) this.#found = { of, rungs: new Map() };
    return this.#found.rungs;
  }

  private hinges(): Hinge[] {
    const [W1, b1, W2, y] = [this.tensor('W1'), this.tensor('b1'), this.tensor('W2'), this.line('y')];
    return Array.from(W1, (w, j) => {
      const x = place(w, b1[j] ?? 0);
      return { x, y: straight(Array.from(y), x), bend: bend(w, W2[j] ?? 0) };
    });
  }

  /** Sets one bias so that the unit bends at x; the heights follow when they are asked to. One move at a time, the newest wins. */
  private move(unit: number, x: number): void {
    this.#moving = { unit, x };
    if (this.#busy) return;
    this.#busy = true;
    const work = async (): Promise<void> => {
      for (let next = this.#moving; next; next = this.#moving) {
        this.#moving = undefined;
        const { unit: j, x: to } = next;
        await this.adopt(async (session) => {
          const w = (await session.tensor('W1')).data[j] ?? 0;
          const b1 = (await session.tensor('b1')).data;
          b1[j] = -w * to;
          await session.set('b1', b1);
          return this.opt.follow ? this.solved(session) : session.report();
        });
      }
    };
    if (this.running) void this.pause().catch(() => undefined);
    void work()
      .catch(() => undefined)
      .finally(() => {
        this.#busy = false;
      });
  }

  private async solved(session: Session): Promise<Report> {
    await solve(session, this.opt.hidden, this.rows());
    return session.report();
  }

  protected override tools() {
    return html`
      <div class="moves">
        <button
          type="button"
          data-x2g="solve"
          @click=${() =>
            void this.pause()
              .then(() => this.adopt((session) => this.solved(session)))
              .catch(() => undefined)}
        >
          ${this.t({ en: 'Solve the heights', ja: '高さを解く' })}
        </button>
        <button type="button" data-x2g="ladder" @click=${() => this.ladder()}>
          ${
            this.#climbing
              ? this.t({ en: 'Stop', ja: '止める' })
              : this.t({ en: 'Try 1 to 32 hinges', ja: '折れ目1〜32個を試す' })
          }
        </button>
      </div>
    `;
  }

  private ladder(): void {
    if (this.#climbing) return this.#climbing.abort();
    const opt: Values = { ...this.opt, noise: 0 };
    const rungs = this.rungs();
    const told = (rung: Rung): void => {
      rungs.set(rung.units, { ...rungs.get(rung.units), ...rung });
      this.requestUpdate();
    };
    this.#climbing = this.aside(
      (session, signal) => climb(session, opt, this.seed, signal, told),
      () => (this.#climbing = undefined),
    );
  }

  protected override picture() {
    return html`
      ${this.hingePicture()}
      <div class="flow">${this.errorCurves()} ${this.ladderPlot()}</div>
    `;
  }

  private hingePicture() {
    const { target, own, hidden, parts, noise } = this.opt;
    const gap = this.gap();
    const piece = (from: number, to: number, last?: number): FunctionCurve => {
      const x = places.filter((p) => p >= from && p <= to);
      const y = x.map((p) => wanted(target, own, p));
      if (last !== undefined) y[y.length - 1] = last;
      return { label: '', x, y };
    };
    const curves = target === 'step' ? [piece(0, 0.5, -1), piece(0.5, 1)] : [piece(0, 1)];
    const h = this.line('h1');
    const W2 = this.tensor('W2');
    const units: FunctionCurve[] = parts
      ? Array.from(W2, (v, j) => ({
          label: `h${j + 1}`,
          x: places,
          y: places.map((_, i) => v * (h[i * hidden + j] ?? NaN)),
          role: bend(this.tensor('W1')[j] ?? 0, v) >= 0 ? 'positive' : 'negative',
        }))
      : [];
    const most = Math.max(1.3, ...units.map((u) => Math.max(...Array.from(u.y, Math.abs))));
    const limit = [1.3, 3, 6, 12].find((l) => l >= most) ?? 12;
    const rows = this.rows();
    return hingePlot({
      label: this.t({ en: 'The net, the wanted curve and the hinges', ja: 'ネット、目標の曲線、折れ目' }),
      x: [0, 1],
      y: [-limit, limit],
      target: curves,
      net: { label: 'y', x: places, y: this.line('y') },
      parts: units,
      dots: noise > 0 ? rows.x.map((x, i) => ({ x, y: rows.t[i] ?? NaN })) : [],
      gap,
      hinges: this.hinges(),
      onHinge: (unit, x) => this.move(unit, x),
      ...(target === 'own'
        ? {
            drawn: own,
            drawRange: [-DRAWN_LIMIT, DRAWN_LIMIT] as [number, number],
            draft: (values: number[]) => ({
              label: '',
              x: places,
              y: places.map((x) => straight(values, x)),
            }),
            onDraw: (values: number[]) => this.change({ own: values.map((v) => Math.round(v * 100) / 100) }),
          }
        : {}),
    });
  }

  private errorCurves() {
    const known = this.#errors;
    const shown = known.step.filter((n) => n <= (this.report?.step ?? 0)).length;
    const [step = [], gap = [], mean = []] = [known.step, known.gap, known.mean].map((list) =>
      list.slice(0, shown),
    );
    const { curves } = this.history;
    const series: LineSeries[] = [
      {
        label: this.t({ en: 'widest gap', ja: '最大のずれ' }),
        x: step,
        y: gap,
        role: 'valid',
        dashed: false,
      },
      { label: this.t({ en: 'mean square', ja: '二乗平均' }), x: step, y: mean, role: 'query' },
    ];
    if (this.opt.noise > 0)
      series.push({
        label: this.t({ en: 'mean square on the samples', ja: '標本での二乗平均' }),
        x: curves.step,
        y: curves.loss,
        role: 'train',
      });
    return linePlot({
      label: this.t({ en: 'Errors during training', ja: '訓練中の誤差' }),
      series,
      xLabel: this.t({ en: 'step', ja: 'ステップ' }),
      yLabel: this.t({ en: 'error', ja: '誤差' }),
      log: 'y',
      xRange: [0, 1.03 * LIMIT],
      height: 230,
    });
  }

  private ladderPlot() {
    const rungs = [...this.rungs().values()].sort((a, b) => a.units - b.units);
    const series = (key: 'trained' | 'built', label: string, role: 'valid' | 'key'): LineSeries => {
      const some = rungs.filter((r) => r[key] !== undefined);
      return {
        label,
        x: some.map((r) => r.units),
        y: some.map((r) => r[key] ?? NaN),
        role,
        dashed: false,
        points: true,
      };
    };
    return linePlot({
      label: this.t({ en: 'Widest gap by the number of hinges', ja: '折れ目の数と最大のずれ' }),
      series: [
        series('trained', this.t({ en: 'trained', ja: '訓練' }), 'valid'),
        series('built', this.t({ en: 'built by hand', ja: '手で組み立て' }), 'key'),
      ],
      xLabel: this.t({ en: 'hinges', ja: '折れ目' }),
      yLabel: this.t({ en: 'widest gap', ja: '最大のずれ' }),
      log: 'both',
      xRange: [1, RUNGS.at(-1) ?? 32],
      marks: [{ y: 0.05, label: '0.05' }],
      height: 230,
    });
  }

  protected override readouts() {
    const r = this.report;
    if (!r) return nothing;
    const gap = this.gap();
    const inside = this.hinges().filter(({ x }) => x >= 0 && x <= 1).length;
    return html`
      ${this.readout({ en: 'Widest gap', ja: '最大のずれ' }, formatNumber(gap.size))}
      ${this.readout({ en: 'where', ja: 'その場所' }, `x = ${formatNumber(gap.x, 3)}`)}
      ${this.readout({ en: 'Mean square', ja: '二乗平均' }, formatNumber(this.mean()))}
      ${this.readout({ en: 'Loss on the samples', ja: '標本での損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Hinges in the picture', ja: '図の中の折れ目' }, `${inside} / ${this.opt.hidden}`)}
      ${this.readout({ en: 'Parameters', ja: 'パラメーター' }, String(this.info?.parameterCount ?? ''))}
      ${this.readout({ en: 'Step', ja: 'ステップ' }, String(r.step))}
    `;
  }

  protected override numbers() {
    const tensors = {
      W1: this.tensor('W1'),
      b1: this.tensor('b1'),
      W2: this.tensor('W2'),
      b2: this.tensor('b2'),
    };
    return unit_table(tensors, this.langNow);
  }

  protected override summary(r: Report): string {
    const gap = this.gap(r);
    const [n, size, x] = [this.opt.hidden, formatNumber(gap.size), formatNumber(gap.x)];
    return this.t({
      en: `Step ${r.step}, ${n} ${n === 1 ? 'hinge' : 'hinges'}: the widest gap is ${size}, at x = ${x}.`,
      ja: `ステップ${r.step}、折れ目${n}個：最大のずれは${size}（x = ${x}）です。`,
    });
  }

  protected override csv(): (string | number)[][] {
    const { step, gap, mean } = this.#errors;
    return [['step', 'widest_gap', 'mean_square'], ...step.map((n, i) => [n, gap[i] ?? NaN, mean[i] ?? NaN])];
  }
  protected override prediction() {
    return prediction(() => this.rungs());
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

/**
 * Lesson 6: backpropagation on the engine's own graph. Ops, tensors, shapes, values and gradients are read from the running graph; the
 * page names them and puts the numbers into the formula of the op that ran last. The graphs are written down in model.ts, the chain rule in
 * words in chain.ts, the gradient check in probing.ts, where a step stands in standing.ts, exercises and switches in later/.
 */
import {
  LabElement,
  LabError,
  html,
  nothing,
  partViews,
  type BreakSwitch,
  type Grain,
  type Report,
  type StepGrain,
  type TemplateResult,
  type ViewSpec,
} from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import { graphView, tensorView } from '@x2g/web/plot';
import { by_hand, label, note, shares, type Mistake, type Numbers } from './chain.ts';
import {
  backward_lines,
  equations,
  forward_line,
  matrix_lines,
  update_lines,
  type Looking,
} from './formulas.ts';
import { edited, model, options, type Values } from './model.ts';
import { prediction } from './prediction.ts';
import { NUDGE, probe, probe_table, type Probe } from './probing.ts';
import { hint, phases, standing, type Standing } from './standing.ts';
import { look } from './style.ts';
import { tensor_table } from './tables.ts';

export const LIMIT = 2000;

export default class BackpropDemo extends LabElement<typeof options> {
  static override slug = 'backprop';
  static override titles = { en: 'One multiplication per arrow', ja: '矢印1本に掛け算1回' };
  static override question = {
    en: 'How much does the loss change when one weight changes a little?',
    ja: '重みを1つ少し変えると、損失はどれだけ変わるでしょうか。',
  };
  static override options = options;
  static override engine = 'graph' as const;
  static override styles = [LabElement.styles, look];
  static override skeleton = { wide: 560, narrow: 1080 };
  static override speeds = [1, 5, 30, 200, 0];
  static override speed = 30;

  /** The tensor or op that is looked at. */
  #looked: string | undefined;
  /** The weight that the gradient check is about. */
  #weight: { name: string; index: number } | undefined;
  #probe: Probe | undefined;
  #probed = '';
  /** Weights before the update that is next. */
  #before = new Map<string, number[]>();
  /** The step that this update ends. */
  #updating = -1;

  readonly #panels = this.fetched(() => import('./later/panels.ts'));

  protected override config() {
    return model(this.opt, this.seed);
  }
  protected override limit(): number {
    return LIMIT;
  }
  /** Every edit begins a run of its own, so the options and the steps tell all. */
  protected override get exact(): boolean {
    return true;
  }
  protected override savesWeights(): boolean {
    return false;
  }
  protected override replayableStep(): number {
    return Math.min(LIMIT, this.report?.step ?? this.startStep);
  }
  protected override grains(): StepGrain[] {
    return [...super.grains(), { grain: 'node', label: { en: 'one op', ja: '演算1つ' } }];
  }
  protected override views(): ViewSpec[] {
    return partViews(this.info);
  }

  private get nodes() {
    return this.info?.nodes ?? [];
  }
  private get loss(): string {
    return this.nodes.at(-1)?.name ?? '';
  }
  private held(kind: 'value' | 'grad', name: string): Float32Array | undefined {
    return this.report?.views[`${kind} ${name}`]?.[name]?.data;
  }
  private numbers_of: Numbers = {
    value: (name) => this.held('value', name)?.[0] ?? Number.NaN,
    grad: (name) => this.held('grad', name)?.[0] ?? Number.NaN,
  };
  private get standing(): Standing | undefined {
    return this.report && standing(this.report, this.nodes, this.running);
  }
  private get single(): boolean {
    return this.opt.graph !== 'layers';
  }

  // ── a step and its parts ────────────────────────────────────────────────────────────────────────────────────────

  protected override built(): Promise<void> {
    const chosen = this.#weight?.name;
    if (!this.info?.tensors.some((t) => t.name === chosen)) this.#weight = undefined; // another graph
    this.#before.clear();
    this.#updating = -1;
    return Promise.resolve();
  }
  override step(n = 1, grain: Grain = 'step'): Promise<void> {
    // Filling the batch is a unit of its own, with nothing to see.
    return super.step(grain === 'node' && this.report?.grain === undefined ? n + 1 : n, grain);
  }
  protected override reported(report: Report): void {
    if (report.grain?.phase === 'update') this.#updating = report.step + 1;
    if (report.grain?.phase === 'update')
      for (const { name, role } of this.info?.tensors ?? [])
        if (role === 'parameter') this.#before.set(name, Array.from(this.held('value', name) ?? []));
    this.#ask();
  }

  protected override tools(): TemplateResult {
    const phase = this.standing?.phase;
    // At the beginning the forward values are in place, and what comes next is the way back.
    const back = phase === 'backward' || (phase === 'between' && this.report?.step === 0);
    const button = (id: string, on: boolean, text: string, act: () => unknown) => html`
      <button
        type="button"
        data-x2g=${id}
        class=${on ? 'primary' : ''}
        aria-disabled=${!on}
        @click=${() => on && act()}
      >
        ${text}
      </button>
    `;
    return html`
      <div
        class="tools"
        role="group"
        aria-label=${this.t({ en: 'One step, part by part', ja: '1ステップを部分ごとに' })}
      >
        ${button('forward', !back && phase !== 'update', this.t({ en: 'Forward', ja: '順方向' }), () => this.step(1, 'forward-pass'))}
        ${button('backward', back, this.t({ en: 'Backward, one op', ja: '逆方向に1つ' }), () => this.step(1, 'backward'))}
        ${button('update', phase === 'update', this.t({ en: 'Update', ja: '更新' }), () => this.step(1, 'update'))}
      </div>
    `;
  }

  // ── looking and changing ────────────────────────────────────────────────────────────────────────────────────────

  #look = (name: string | undefined): void => {
    this.#looked = name;
    this.requestUpdate();
  };
  #choose(name: string, index = 0): void {
    this.#looked = name;
    if (this.info?.tensors.some((t) => t.name === name && t.role === 'parameter')) {
      this.#weight = { name, index };
      this.#ask();
    }
    this.requestUpdate();
  }
  private get weight(): { name: string; index: number } | undefined {
    const first = { net: 'w2', sine: 'x', layers: 'W2' }[this.opt.graph];
    return this.#weight ?? (this.info ? { name: first, index: 0 } : undefined);
  }
  #edit(name: string, index: number, value: number): void {
    const now = (leaf: string): ArrayLike<number> => this.held('value', leaf) ?? [];
    try {
      this.change(edited(this.opt, now, name, index, value) as Partial<Values>);
    } catch (reason) {
      this.notice = {
        title: this.s('bad_value'),
        message: reason instanceof LabError ? reason : String(reason),
      };
      this.requestUpdate();
    }
  }

  /** Asks the core to check the chosen weight's gradient whenever the numbers that it depends on are others. */
  #ask(): void {
    const { weight, session } = this;
    if (!weight || !session || this.running) return;
    const leaves = this.info?.tensors.filter((t) => t.role === 'parameter' || t.role === 'input') ?? [];
    const numbers = leaves.map((t) => Array.from(this.held('value', t.name) ?? []));
    const key = JSON.stringify([weight, this.opt.graph, this.opt.act, numbers]);
    if (key === this.#probed) return;
    this.#probed = key;
    const size = this.held('value', weight.name)?.length ?? 1;
    void this.enqueue((s) => probe(s, weight.name, weight.index, size))
      .then((found) => {
        if (this.#probed === key) this.#probe = found;
      })
      .catch(() => {
        if (this.#probed === key) this.#probe = undefined;
      })
      .finally(() => this.requestUpdate());
  }

  // ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  private get mistake(): Mistake {
    return this.single ? this.opt.mistake : 'none';
  }
  private mistaken(name: string): number | undefined {
    if (this.mistake === 'none' || !this.single) return undefined;
    const found = by_hand(this.nodes, this.opt.act, this.numbers_of, this.mistake).get(name);
    return Number.isFinite(found) ? found : undefined;
  }

  protected override picture() {
    const looking: Looking = { selected: this.#looked, look: this.#look };
    return html`
      ${this.graph()}
      <div class="flow below">
        <div class="tile formula" data-x2g="formula">${this.formula(looking)}</div>
        ${probe_table(this.#probe, this.weight && this.mistaken(this.weight.name), this.loss, this.langNow)}
      </div>
      ${this.single ? nothing : this.matrices()}
    `;
  }

  private graph() {
    const s = this.standing;
    const { act } = this.opt;
    const place = (name: string) => this.nodes.findIndex((n) => n.name === name);
    const tensors = (this.info?.tensors ?? []).map((t) => ({
      ...t,
      label: label(t.name),
      value: place(t.name) < 0 || s?.has_value(place(t.name)) ? this.held('value', t.name) : undefined,
      grad: s?.has_grad(t.name) ? this.held('grad', t.name) : undefined,
      editable: t.role === 'input' || t.role === 'parameter',
    }));
    const last = s?.last === undefined ? undefined : this.nodes[s.last];
    const phase = s?.phase === 'backward' || s?.phase === 'update' ? 'backward' : 'forward';
    return graphView({
      label: this.t({ en: 'The computation graph, values and gradients', ja: '計算グラフ：値と勾配' }),
      tensors,
      nodes: this.nodes.map((node) => ({ ...node, note: note(node, act) })),
      ...(last ? { current: { node: last.name, phase } } : {}),
      selected: this.#looked,
      onArrows: this.slopes(s),
      onSelect: (name) => this.#choose(name),
      onEdit: (name, value) => this.#edit(name, 0, value),
    });
  }

  /** On the arrows that the backward pass has gone: what it multiplied by. */
  private slopes(s: Standing | undefined) {
    if (!s || !this.single || s.phase === 'forward' || s.last === undefined) return [];
    return this.nodes.slice(s.last).flatMap((node) =>
      shares(node, this.opt.act, this.loss, this.numbers_of, this.mistake).map((share) => ({
        from: share.to,
        to: node.name,
        slot: share.slot,
        text: `×\u2009${formatNumber(share.slope.value)}`,
        faulty: share.dropped,
      })),
    );
  }

  private formula(looking: Looking): unknown {
    const s = this.standing;
    const { act, lr } = this.opt;
    const node = s?.last === undefined ? undefined : this.nodes[s.last];
    if (!this.single && node && s?.phase !== 'forward')
      return html`
        <p class="caption">${this.t({ en: 'Backward at ', ja: '逆方向：' })}${label(node.name)}</p>
        ${matrix_lines(node, act === 'sigmoid' ? 'σ′' : 'f′')}
      `;
    if (this.single && s && node) {
      const title =
        s.phase === 'forward'
          ? { en: 'Forward at ', ja: '順方向：' }
          : { en: 'Backward at ', ja: '逆方向：' };
      return html`
        <p class="caption">${this.t(title)}${label(node.name)}</p>
        ${
          s.phase === 'forward'
            ? forward_line(node, act, this.numbers_of, looking)
            : backward_lines(node, act, this.loss, this.numbers_of, this.mistake, looking)
        }
      `;
    }
    if (this.single && s?.phase === 'between' && this.report?.step === this.#updating && !this.running) {
      const rows = [...this.#before].map(([name, [before = Number.NaN]]) => ({
        name,
        before,
        grad: this.numbers_of.grad(name),
        now: this.numbers_of.value(name),
      }));
      return html`
        <p class="caption">${this.t({ en: 'Update', ja: '更新' })}</p>
        ${update_lines(rows, lr, this.loss, looking)}
      `;
    }
    return html`
      <p class="caption">${this.t({ en: 'The chain rule, with its numbers', ja: '数を入れた連鎖律' })}</p>
      <p>${this.t(hint(s, this.running, this.report?.step ?? 0))}</p>
    `;
  }
  private matrices() {
    const { name, index } = this.weight ?? { name: 'W2', index: 0 };
    const tensor = this.info?.tensors.find((t) => t.name === name);
    const s = this.standing;
    const grad = (of: string) => (s?.has_grad(of) ? this.held('grad', of) : undefined);
    const reader = this.nodes.find((n) => n.inputs.includes(name));
    const into = reader ? label(reader.name) : '';
    const source = label(reader?.inputs[0] ?? '');
    const cols = tensor?.shape.at(-1) ?? 1;
    return html`
      <div class="flow below">
        <div class="tile">
          ${tensorView({
            label: this.t({ en: 'The chosen tensor', ja: '選んだテンソル' }),
            name: label(name),
            shape: tensor?.shape ?? [1],
            data: this.held('value', name) ?? [],
            grad: grad(name),
            selected: index,
            origin: (at) =>
              name.startsWith('W')
                ? this.t({
                    en: `from ${source}[${at % cols}] to ${into}[${Math.floor(at / cols)}]`,
                    ja: `${source}[${at % cols}]から${into}[${Math.floor(at / cols)}]へ`,
                  })
                : this.t({ en: `added to ${into}[${at}]`, ja: `${into}[${at}]に足す` }),
            onPick: (at) => this.#choose(name, at),
            onEdit: (at, value) => this.#edit(name, at, value),
          })}
        </div>
        <div class="tile wide">${equations(this.langNow, grad)}</div>
      </div>
    `;
  }

  protected override readouts() {
    const r = this.report;
    if (!r) return nothing;
    const { weight } = this;
    return html`
      ${this.readout(this.opt.graph === 'sine' ? { en: 'z', ja: 'z' } : { en: 'Loss', ja: '損失' }, formatNumber(r.loss, 4))}
      ${this.readout({ en: 'Pass', ja: '向き' }, this.t(phases[this.standing?.phase ?? 'between']))}
      ${this.readout({ en: 'Step', ja: 'ステップ' }, String(r.step))}
      ${
        this.single && weight
          ? html`
              <button
                type="button"
                class="nudge"
                data-x2g="nudge"
                @click=${() => this.#edit(weight.name, 0, this.numbers_of.value(weight.name) + NUDGE)}
              >
                ${this.t({ en: `Raise ${label(weight.name)} by 0.001`, ja: `${label(weight.name)}を0.001増やす` })}
              </button>
            `
          : nothing
      }
    `;
  }

  protected override numbers() {
    const s = this.standing;
    return tensor_table(this.info?.tensors ?? [], this.langNow, {
      value: (name) => this.held('value', name),
      grad: (name) => (s?.has_grad(name) ? this.held('grad', name) : undefined),
    });
  }

  protected override summary(r: Report): string {
    const s = this.standing;
    const last = s?.last === undefined ? '' : label(this.nodes[s.last]?.name ?? '');
    if (!this.running && s?.phase === 'backward' && last)
      return this.t({
        en: `Step ${r.step}, loss ${formatNumber(r.loss)}. The gradient has passed ${last}.`,
        ja: `ステップ${r.step}、損失${formatNumber(r.loss)}。勾配は${last}を通りました。`,
      });
    return super.summary(r);
  }

  protected override prediction() {
    return this.opt.graph === 'net' ? prediction : undefined;
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

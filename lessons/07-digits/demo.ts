/**
 * Lesson 7: Nielsen's 784-30-10 net learns to read digits. Left the pad and what the net is given, then its thirty hidden units as
 * pictures, then its ten answers; below how it does on digits that it never saw. What is trained stands in model.ts, the digits in
 * data.ts, what is kept of the reports in watching.ts, drawings in pictures.ts, the prediction in prediction.ts; the matrix, the reader's
 * own files, exercises and switches in later/.
 */
import {
  LabElement,
  LabError,
  html,
  nothing,
  type BreakSwitch,
  type Report,
  type ViewSpec,
} from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatCount, formatNumber, formatPercent, formatSeconds } from '@x2g/web/math';
import { drawingPad, inkOf, strokesText, textStrokes, type PadStroke } from '@x2g/web/plot';
import { drawings } from './drawings.ts';
import { generated, picture_of, PIXELS, shifted, SIDE, type DataSets, type Digits } from './data.ts';
import { limit_of, model, options } from './model.ts';
import { answers_tile, curve_tile, hidden_tile, seen_tile } from './pictures.ts';
import { OwnSets, own_sets } from './own-sets.ts';
import { own_box, own_files } from './own-box.ts';
import { prediction } from './prediction.ts';
import { look } from './style.ts';
import { number_tables } from './tables.ts';
import { answer, look_of, Watching } from './watching.ts';

type OwnFiles = import('./later/own-digits.ts').OwnFiles;

/** Pixels of a side in which a drawing is handed to the core: four for each of the net's. */
const FINE = 4 * SIDE;
/** While it runs: how often the digits held out are read, and the weights sent, ms. */
const READ_EVERY = 500;
const SEND_EVERY = 100;

export default class DigitsDemo extends LabElement<typeof options> {
  static override slug = 'digits';
  static override titles = { en: 'A net that learns to read digits', ja: '数字の読み方を学ぶネット' };
  static override question = {
    en: 'Can thirty units learn to read your handwriting while you watch?',
    ja: '30個のユニットは、見ている前で、あなたの字を読めるようになるでしょうか。',
  };
  static override options = options;
  static override engine = 'digits' as const;
  static override speeds = [1, 30, 300, 1000, 0];
  static override speed = 1000;
  static override skeleton = { wide: 900, narrow: 1900 };
  static override styles = [LabElement.styles, look];

  readonly #panels = this.fetched(() => import('./later/panels.ts'));
  readonly #later = this.fetched(() => import('./later/matrix.ts'));
  /** Drawn once. */
  #data: DataSets | undefined;
  /** The reader's own pictures in their place. */
  #used: OwnSets | undefined;
  #own: Digits | undefined;
  #files: OwnFiles | undefined;
  #watch = new Watching();
  #strokes: PadStroke[] = [];
  /** The digit on the pad: centered by the core, and as it goes into the net. */
  #fitted: Float32Array = new Float32Array(PIXELS);
  #given: Float32Array = new Float32Array(PIXELS);
  #wanted: PadStroke[] | undefined;
  #fitting = false;
  #drawing = false;
  #held: { from: Float32Array; shift: number; x: Float32Array } | undefined;
  #unit: number | undefined;
  #cell: { row: number; col: number } | undefined;

  constructor() {
    super();
    this.addEventListener('dragover', (e) => e.preventDefault());
    this.addEventListener('drop', (e) => {
      e.preventDefault();
      void this.#open([...(e.dataTransfer?.files ?? [])]);
    });
  }

  protected override async sessionOpened(session: Session, step: number): Promise<void> {
    this.#data ??= await generated(session);
    await super.sessionOpened(session, step);
  }
  private get sets(): DataSets {
    const sets = this.#used ?? this.#data;
    if (!sets) throw new LabError('bad_state', 'the digits are not drawn yet');
    return sets;
  }
  protected override config() {
    return model(this.opt, this.seed, this.sets.train);
  }
  protected override limit(): number {
    return limit_of(this.opt, (this.#used ?? this.#data)?.train.labels.length);
  }
  /** A twin trains on the same pictures; a run.json only names them. */
  protected override data(): OwnSets | undefined {
    return this.#used;
  }
  protected override takeData(data: unknown): void {
    this.#used = own_sets(data, this.#used);
  }
  /** Training takes seconds and is what the reader waits for: it goes on while the text below is read. */
  protected override sleepsOffscreen(): boolean {
    return false;
  }

  protected override async built(session: Session): Promise<void> {
    this.#strokes = textStrokes(this.opt.ink) ?? [];
    await this.#fit(session, this.#strokes);
  }

  // ── the digit on the pad ────────────────────────────────────────────────────────────────────────────────────────

  private get example(): number {
    return Math.min(this.opt.example, this.sets.held.labels.length - 1);
  }
  /** What digit it is, where that is known. */
  private get truth(): number | undefined {
    return this.#strokes.length > 0 || this.#drawing ? undefined : this.sets.held.labels[this.example];
  }

  async #fit(session: Session, strokes: readonly PadStroke[]): Promise<void> {
    this.#fitted =
      strokes.length > 0
        ? await session.fitDigit(inkOf(strokes, FINE), FINE, FINE)
        : picture_of(this.sets.held, this.example);
    this.#given = shifted(this.#fitted, this.opt.shift);
  }

  /** While a stroke grows: the newest drawing is read, and what came in between is left out. */
  async #follow(strokes: PadStroke[]): Promise<void> {
    this.#drawing = true;
    this.#wanted = strokes;
    const { session } = this;
    if (this.#fitting || !session) return;
    this.#fitting = true;
    try {
      while (this.#wanted) {
        const next = this.#wanted;
        this.#wanted = undefined;
        await this.#fit(session, next);
        this.#watch.look = look_of(await session.evaluateRows(this.#given, ['h1', 'y']));
        this.requestUpdate();
      }
    } catch {
      // the run was replaced meanwhile: its first report shows what stands on the pad
    } finally {
      this.#fitting = false;
    }
  }

  /** A drawing is finished: from now on every report looks at it. */
  #draw(strokes: PadStroke[]): void {
    const ink = strokesText(strokes);
    this.#strokes = textStrokes(ink) ?? []; // as a link would bring them
    this.#wanted = undefined;
    this.change({ ink });
    void this.#look();
  }
  async #look(): Promise<void> {
    const { session } = this;
    if (!session) return;
    try {
      await this.#fit(session, this.#strokes);
      this.#drawing = false;
      await this.rewatch();
    } catch {
      this.#drawing = false;
    }
  }
  #show(example: number): void {
    this.#strokes = [];
    this.change({ ink: '', example });
    void this.#look();
  }

  protected override views(): ViewSpec[] {
    return [
      { id: 'mine', kind: 'rows', x: this.#given, tensors: ['h1', 'y'] },
      { id: 'held', kind: 'rows', x: this.heldPixels(), tensors: ['y'], every: READ_EVERY },
      { id: 'W1', kind: 'tensor', name: 'W1', every: SEND_EVERY },
      { id: 'W2', kind: 'tensor', name: 'W2', every: SEND_EVERY },
    ];
  }
  /** The digits held out, moved like the one on the pad. */
  private heldPixels(): Float32Array {
    const { x } = this.sets.held;
    const { shift } = this.opt;
    if (this.#held?.from !== x || this.#held.shift !== shift)
      this.#held = { from: x, shift, x: shifted(x, shift) };
    return this.#held.x;
  }

  protected override stateChanged(what: 'seed' | 'options' | 'state', changed: string[], step = 0): void {
    if (what === 'options' && changed.every((name) => name === 'shift'))
      this.#given = shifted(this.#fitted, this.opt.shift);
    super.stateChanged(what, changed, step);
  }

  protected override begun(): void {
    super.begun();
    this.#watch.begin();
  }
  protected override reported(report: Report): void {
    this.#watch.take(report, this.sets.held.labels, performance.now(), this.#drawing);
  }

  // ── the reader's own files ──────────────────────────────────────────────────────────────────────────────────────

  async #open(files: File[]): Promise<void> {
    if (files.length === 0) return;
    const name = files.map((file) => file.name).join(', ');
    try {
      const { OwnFiles } = await import('./later/own-digits.ts');
      this.#files ??= new OwnFiles();
      const got = await this.#files.add(files, this.langNow);
      if (typeof got === 'object') {
        this.#own = got;
        this.notice = undefined;
      } else
        this.notice = {
          title: name,
          message: this.t(
            got === 'labels'
              ? {
                  en: 'These are pictures. Now open the file with their labels.',
                  ja: '画像のファイルです。次に、ラベルのファイルを開いてください。',
                }
              : {
                  en: 'These are labels. Now open the file with the pictures.',
                  ja: 'ラベルのファイルです。次に、画像のファイルを開いてください。',
                },
          ),
        };
    } catch (reason) {
      this.notice = {
        title: name,
        message: reason instanceof LabError ? reason : new LabError('not_loaded', String(reason)),
      };
    }
    this.requestUpdate();
  }

  /** Trains on most of the reader's pictures, or keeps the net and tests it on them. */
  async #use(how: 'train' | 'test' | 'generated'): Promise<void> {
    const { session } = this;
    if (!session) return;
    const own = this.#own;
    this.#cell = undefined;
    this.#used = how === 'generated' || !own ? undefined : OwnSets.of(own, how, this.sets.train);
    if (how === 'test') {
      this.#strokes = [];
      await this.#fit(session, []);
      await this.rewatch();
    } else await this.rebuild();
    this.requestUpdate();
  }

  protected override tools() {
    const own = this.#own;
    return html`
      <div class="moves">
        <button
          type="button"
          data-x2g="another"
          @click=${() => this.#show((this.example + 1) % this.sets.held.labels.length)}
        >
          ${this.t({ en: 'Another digit', ja: '別の数字' })}
        </button>
        ${Object.entries(drawings).map(
          ([id, { name, strokes }]) => html`
            <button type="button" data-x2g=${`draw-${id}`} @click=${() => this.#draw(strokes)}>
              ${this.t(name)}
            </button>
          `,
        )}
      </div>
      ${own ? own_box(own.labels.length, this.#used !== undefined, (how) => void this.#use(how), this.langNow) : nothing}
      ${own_files((files) => this.#open(files), this.langNow)}
    `;
  }

  // ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────────

  protected override picture() {
    const lang = this.langNow;
    const w = this.#watch;
    const { truth } = this;
    const matrix = this.#later();
    return html`
      <div class="flow top">
        <div class="tile narrow">
          ${drawingPad({
            label: this.t({ en: 'Draw a digit', ja: '数字を描く' }),
            strokes: this.#strokes,
            onStrokes: (strokes) => this.#draw(strokes),
            onDrawing: (strokes) => void this.#follow(strokes),
            picture: {
              data: picture_of(this.sets.held, this.example),
              side: SIDE,
              label: this.t({
                en: `A drawn ${truth ?? ''}, not yours yet`,
                ja: `生成した数字${truth ?? ''}（まだあなたの字ではありません）`,
              }),
            },
            told: (n) => this.t({ en: `Your drawing: ${n} strokes`, ja: `あなたの字：${n}画` }),
            size: 260,
          })}
          ${seen_tile(this.#given, lang)}
        </div>
        ${hidden_tile(w, this.#unit, (unit) => this.#pick(unit), lang)} ${answers_tile(w.look, truth, lang)}
      </div>
      <div class="flow top">
        ${curve_tile(w, this.history.curves, this.limit(), lang)}
        ${
          w.held && matrix
            ? matrix.matrix_tile(
                {
                  held: w.held,
                  set: { x: this.heldPixels(), labels: this.sets.held.labels },
                  selected: this.#cell,
                  pick: (row, col) => {
                    this.#cell = { row, col };
                    this.requestUpdate();
                  },
                  show: (row) => this.#show(row),
                },
                lang,
              )
            : html`
                <div class="tile matrix"></div>
              `
        }
      </div>
    `;
  }
  #pick(unit: number): void {
    this.#unit = unit;
    this.requestUpdate();
  }

  protected override readouts() {
    const { report: r } = this;
    const w = this.#watch;
    if (!r) return nothing;
    const share = w.accuracy;
    return html`
      ${this.readout({ en: 'Unseen digits read right', ja: '見ていない数字の正解率' }, Number.isNaN(share) ? '–' : formatPercent(share))}
      ${this.readout({ en: 'Loss of the batch', ja: 'バッチの損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Epoch', ja: 'エポック' }, r.epoch === null ? '–' : r.epoch.toFixed(1))}
      ${this.readout({ en: 'Step', ja: 'ステップ' }, `${formatCount(r.step)} / ${formatCount(this.limit())}`)}
      ${this.readout({ en: 'Trained for', ja: '訓練した時間' }, formatSeconds(w.seconds))}
      ${this.readout({ en: '95 % after', ja: '95 %になるまで' }, w.good ? formatSeconds(w.good.seconds) : '–')}
      ${this.readout({ en: 'Parameters', ja: 'パラメーター' }, formatCount(this.info?.parameterCount ?? 0))}
    `;
  }

  protected override numbers() {
    return number_tables(this.#watch, this.langNow);
  }

  protected override summary(r: Report): string {
    const { look, accuracy } = this.#watch;
    const said = look ? answer(look.y) : undefined;
    const step = formatCount(r.step);
    const share = Number.isNaN(accuracy) ? '–' : formatPercent(accuracy);
    return this.t({
      en: `Step ${step}: ${share} of the unseen digits are read right. To the digit on the pad it says ${said?.digit ?? 'nothing'}, with ${formatNumber(said?.value ?? Number.NaN, 2)}.`,
      ja: `ステップ${step}：見ていない数字の正解率は${share}です。パッドの数字への答えは${said?.digit ?? 'なし'}、出力は${formatNumber(said?.value ?? Number.NaN, 2)}です。`,
    });
  }

  protected override grains() {
    return [
      { grain: 'step' as const, label: { en: 'batch', ja: 'バッチ' } },
      { grain: 'epoch' as const, label: { en: 'epoch', ja: 'エポック' } },
      { grain: 'node' as const, label: { en: 'node', ja: 'ノード' } },
    ];
  }

  protected override prediction() {
    const looked = (r: Report): boolean => r.views['held'] !== undefined;
    return prediction((r) => (looked(r) ? this.#watch.accuracy : undefined), this.limit());
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

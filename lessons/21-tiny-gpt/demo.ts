/**
 * Lesson 21: a GPT trained in the tab. Left the loss, right what it writes while it learns, below what every head looks at and what it
 * expects next. What is trained stands in model.ts, samples in samples.ts, keeping a run in keep.ts, the reader's files in text-file.ts
 * and weights-file.ts, drawings in drawings.ts and later/reading.ts, the prediction in prediction.ts, exercises and switches in later/.
 */
import { LabElement, LabError, css, html, nothing, type BreakSwitch, type Report } from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatBytes, formatCount, formatNumber } from '@x2g/web/math';
import { curves_tile, inside_tiles, writing_tile } from './drawings.ts';
import { prediction } from './prediction.ts';
import { Keeper, type Kept } from './keep.ts';
import { LINK_TEXT, cores, model, options, size_of, workers_of, workers_said } from './model.ts';
import type { Costs } from './later/reading.ts';
import { Samples } from './samples.ts';

type Later = typeof import('./later/hf-export.ts');

/** Shortest own text, characters: with less there is nothing to learn. */
const SHORTEST = 200;
/** Characters written by "Write". */
const LONG = 400;

export default class TinyGptDemo extends LabElement<typeof options> {
  static override slug = 'tiny-gpt';
  static override titles = { en: 'A GPT that reads for the first time', ja: '初めて文章を読むGPT' };
  static override question = {
    en: 'How does guessing the next character turn noise into sentences?',
    ja: '次の文字を当てるだけで、でたらめな列がどうやって文になるのでしょうか。',
  };
  static override options = options;
  static override speeds = [1, 5, 0];
  static override speed = 0;
  static override engine = 'text' as const;
  static override skeleton = { wide: 900, narrow: 1500 };
  static override styles = [
    LabElement.styles,
    css`
      .own textarea {
        min-height: 8em;
      }
      .flow.top {
        align-items: start;
      }
      .flow + .flow {
        margin-block-start: var(--x2g-space-6);
      }
      .prompt {
        flex: 1 1 6rem;
      }
      .moves {
        align-items: end;
      }
      .moves > .fine {
        align-self: center;
      }
      .older {
        margin: 0;
        color: var(--x2g-muted);
        max-height: 16em;
        overflow-y: auto;
        overflow-wrap: anywhere;
      }
      .older dt {
        font-weight: 600;
      }
      .older dd {
        margin: 0 0 var(--x2g-space-2);
        white-space: pre-wrap;
      }
    `,
  ];

  #own = '';
  #name = '';
  #found: Kept | undefined;
  #asked = false;
  #keeper = new Keeper();
  #samples = new Samples(() => this.requestUpdate());
  #costs: Costs[] = [];
  #comparing = false;
  #folder: ReturnType<Later['export_panel']> | undefined;
  #exporting = false;
  #layer = 0;
  #head = 0;

  constructor() {
    super();
    this.addEventListener('dragover', (e) => e.preventDefault());
    this.addEventListener('drop', (e) => {
      e.preventDefault();
      void this.#file(e.dataTransfer?.files[0]);
    });
  }

  readonly #panels = this.fetched(() => import('./later/panels.ts'));
  readonly #reading = this.fetched(() => import('./later/reading.ts'));

  protected override config() {
    return model(this.opt, this.seed, this.langNow, this.#text);
  }
  override getState() {
    const state = super.getState();
    return { ...state, options: { ...state.options, workers: workers_said(this.opt, cores()) } };
  }
  /** A long text stands in no option: a twin and a file take it along. */
  protected override data() {
    return this.#own === '' ? undefined : { text: this.#own, name: this.#name };
  }
  protected override takeData(data: unknown): void {
    const { text = '', name = '' } = (data ?? {}) as { text?: unknown; name?: unknown };
    if (typeof text !== 'string' || (text && text.length < SHORTEST))
      throw new LabError('bad_file', `data.text must have ${SHORTEST} characters or more.`);
    this.#own = text;
    this.#name = String(name);
  }
  get #text(): string {
    return this.#own || this.opt.text;
  }
  protected override limit(): number {
    return size_of(this.opt).steps;
  }
  /** Training is what the reader waits for: it goes on while the text below is read. */
  protected override sleepsOffscreen(): boolean {
    return false;
  }
  protected override replays(): boolean {
    return false;
  }

  protected override async built(session: Session): Promise<void> {
    this.#folder = undefined;
    this.#samples.clear();
    if (!this.#asked && !this.isTwin) {
      this.#asked = true;
      this.#found = await this.#keeper.found();
    }
    if (this.#comparing) void this.#compare();
    void this.#sample(session, 0);
  }

  protected override reported(report: Report): void {
    const { session } = this;
    if (!session || report.status === 'diverged' || report.past) return;
    if (this.#samples.due(report.step, performance.now())) void this.#sample(session, report.step);
    if (report.step > 0 && !this.isTwin)
      void this.#keeper
        .keep(session, () => this.#record(report.step), report.status === 'done')
        .catch(() => undefined);
  }

  async #sample(session: Session, step: number, tokens?: number): Promise<void> {
    try {
      await this.#samples.write(session, step, this.opt, tokens);
    } catch (reason) {
      // bad_state: the run was replaced or ended while the sample was written; the next one is written from what stands then.
      if (reason instanceof LabError && reason.code === 'invalid_argument') this.#say('', reason);
    }
  }

  #say(title: string, reason: unknown): void {
    this.notice = { title, message: reason instanceof LabError ? reason : String(reason) };
    this.requestUpdate();
  }

  /** What may fail for a file or a folder; then it says so. */
  async #trying(title: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (reason) {
      this.#say(title, reason);
    }
  }

  #record(step: number) {
    return {
      config: this.opt,
      step,
      state: this.getState(),
      own: this.#own,
      name: this.#name,
      curves: structuredClone(this.history.curves), // they go on growing while the run is written
    };
  }

  async #resume(kept: Kept): Promise<void> {
    this.#found = undefined;
    this.#own = kept.own;
    this.#name = kept.name;
    this.setState(kept.state);
    await this.rebuild();
    await this.adopt((session) => session.restore(kept.snapshot));
    const { step, loss, valStep, valLoss } = kept.curves;
    if (this.report) this.history.take({ ...this.report, history: { step, loss, valStep, valLoss } });
    this.requestUpdate();
  }

  async #forget(): Promise<void> {
    this.#found = undefined;
    this.requestUpdate();
    await this.#keeper.forget();
  }

  /** The reader's own text: from the box or a file. */
  async #read(text: string, name: string, also: Partial<typeof this.opt> = {}): Promise<void> {
    (await import('./later/files.ts')).check_length(text, SHORTEST, this.langNow);
    this.#own = text;
    this.#name = name;
    this.change({ ...also, source: 'own', text: text.length <= LINK_TEXT ? text : '' });
    await this.rebuild();
  }

  async #file(file: File | undefined): Promise<void> {
    if (!file) return;
    await this.#trying(file.name, async () => {
      const { check_size, text_of } = await import('./later/files.ts');
      check_size(file.size, this.langNow);
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (file.name.endsWith('.safetensors')) await this.#weights(bytes, file.name);
      else await this.#read(text_of(bytes, this.langNow), file.name);
    });
  }

  /** Loads weights; when the present model is of another shape or knows other characters, one that fits is built first. */
  async #weights(bytes: Uint8Array, name: string): Promise<void> {
    const { load_weights } = await import('./later/files.ts');
    const { session } = this;
    if (!session) return;
    const now = { text: this.#text, storyBytes: this.opt.kilobytes * 1000, ...size_of(this.opt) };
    await load_weights(bytes, session, now, (text, also) => this.#read(text, name, also));
    await this.adopt((s) => s.loadWeights(bytes));
    this.#samples.clear(); // what the fresh model was writing
    await this.#sample(session, this.report?.step ?? 0);
  }

  #save_samples(): Promise<void> {
    return this.#trying('', async () => (await import('./later/files.ts')).save_samples(this.#samples.list));
  }

  /** The weights as they are now, as files for Hugging Face. */
  async #export(): Promise<void> {
    const { session, langNow } = this;
    if (!session || this.#exporting) return;
    this.#exporting = true;
    this.requestUpdate();
    await this.#trying('Hugging Face', async () => {
      const { export_panel, exported } = await import('./later/hf-export.ts');
      const step = this.report?.step ?? 0;
      const config = this.config();
      const files = await exported(await session.weights(), config);
      this.#folder = export_panel(files, step, langNow);
    });
    this.#exporting = false;
    this.requestUpdate();
  }

  async #compare(): Promise<void> {
    const { session } = this;
    if (!session) return;
    const { costs_of } = await import('./later/reading.ts');
    this.#costs = await costs_of(session, this.opt, this.langNow, this.#text);
    this.requestUpdate();
  }

  #sizes() {
    return html`
      <details
        class="sizes"
        @toggle=${(e: Event) => {
          this.#comparing = (e.target as HTMLDetailsElement).open;
          if (this.#comparing) void this.#compare();
        }}
      >
        <summary>${this.t({ en: 'Compare the sizes', ja: '大きさを比べる' })}</summary>
        ${
          this.#comparing
            ? this.#reading()?.size_table(
                this.#costs,
                this.opt.preset,
                (preset) => this.change({ preset }),
                this.langNow,
              )
            : nothing
        }
      </details>
    `;
  }

  protected override tools() {
    const found = (this.report?.step ?? 0) > 0 ? undefined : this.#found;
    const too_large = this.failure?.code === 'out_of_memory';
    return html`
      ${too_large ? this.#reading()?.smaller_offer('small', () => this.change({ preset: 'small', kilobytes: 1000 }), this.langNow) : nothing}
      ${
        found
          ? this.#reading()?.resume_offer(
              found.step,
              () => void this.#resume(found),
              () => void this.#forget(),
              this.langNow,
            )
          : nothing
      }
      <div class="moves">
        <label class="file">
          ${this.t({ en: 'Open a text or weights', ja: '文章か重みを開く' })}
          <input
            type="file"
            class="unseen"
            data-x2g="file"
            accept=".txt,.md,.csv,.safetensors,text/*"
            @change=${(e: Event) => {
              const input = e.target as HTMLInputElement;
              void this.#file(input.files?.[0]).finally(() => (input.value = ''));
            }}
          />
        </label>
        <button
          type="button"
          data-x2g="hf-export"
          ?disabled=${this.#exporting}
          @click=${() => void this.#export()}
        >
          ${this.t({ en: 'Export for Hugging Face', ja: 'Hugging Face形式で書き出す' })}
        </button>
        <span class="fine">
          ${this.t({ en: 'Or drop a file here. It stays on this device.', ja: 'ここにファイルを落としても開けます。この端末の外には出ません。' })}
        </span>
      </div>
      ${this.#folder ?? nothing}
      ${
        this.opt.source === 'own'
          ? this.#reading()?.own_text(
              {
                text: this.#text,
                name: this.#name,
                use: (text) => void this.#trying('', () => this.#read(text, '')),
              },
              this.langNow,
            )
          : nothing
      }
      ${this.#sizes()}
    `;
  }

  protected override picture() {
    const { list, look } = this.#samples.at(this.report?.step ?? 0);
    const lang = this.langNow;
    const select = (layer: number, head: number) => {
      this.#layer = layer;
      this.#head = head;
      this.requestUpdate();
    };
    return html`
      <div class="flow top">
        ${curves_tile(this.history.curves, this.info?.vocab ?? 0, lang)}
        ${writing_tile(
          {
            list,
            writing: this.#samples.writing,
            prompt: this.opt.prompt,
            setPrompt: (prompt) => this.change({ prompt }),
            writeOn: () => this.session && void this.#sample(this.session, this.report?.step ?? 0, LONG),
            save: () => void this.#save_samples(),
          },
          lang,
        )}
      </div>
      ${
        look
          ? html`
              <div class="flow top">
                ${inside_tiles({ look, layer: this.#layer, head: this.#head, select }, lang)}
              </div>
            `
          : nothing
      }
    `;
  }

  protected override readouts() {
    const { report: r, info } = this;
    if (!r || !info) return nothing;
    const workers = workers_of(this.opt, cores());
    return html`
      ${this.readout({ en: 'Step', ja: 'ステップ' }, `${formatCount(r.step)} / ${formatCount(this.limit())}`)}
      ${this.readout({ en: 'Loss', ja: '損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Validation', ja: '検証' }, r.valLoss === null ? '–' : formatNumber(r.valLoss))}
      ${this.readout({ en: 'Speed', ja: '速さ' }, r.tokensPerSecond === null ? '–' : formatCount(Math.round(r.tokensPerSecond)), this.t({ en: 'tokens/s', ja: 'トークン/秒' }))}
      ${this.readout({ en: 'Parameters', ja: 'パラメーター' }, formatCount(info.parameterCount))}
      ${this.readout({ en: 'Memory', ja: 'メモリー' }, (workers > 1 ? `${workers} × ` : '') + formatBytes(info.memory.total))}
      ${this.readout({ en: 'Learning rate', ja: '学習率' }, formatNumber(r.lr))}
      ${this.readout({ en: 'Size of the gradient', ja: '勾配の大きさ' }, r.step > 0 ? formatNumber(r.gradNorm) : '–')}
    `;
  }

  protected override summary(r: Report): string {
    const valid = r.valLoss === null ? '' : formatNumber(r.valLoss);
    return this.t({
      en: `Step ${formatCount(r.step)} of ${formatCount(this.limit())}: loss ${formatNumber(r.loss)}${valid ? `, validation ${valid}` : ''}.`,
      ja: `${formatCount(this.limit())}ステップ中${formatCount(r.step)}：損失${formatNumber(r.loss)}${valid ? `、検証${valid}` : ''}。`,
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

/**
 * Lesson 21: a GPT trained in the tab. Left the loss, right what it writes while it learns, below what every head looks at and what it
 * expects next. What is trained stands in model.ts, samples in samples.ts, keeping a run in keep.ts, the reader's files in text-file.ts,
 * the questions in exercises.ts, the switches in breaks.ts.
 */
import { LabElement, css, html, nothing, type BreakSwitch, type Report } from '@x2g/web/elements';
import type { Session } from '@x2g/web/lab';
import { formatBytes, formatCount, formatNumber } from '@x2g/web/math';
import { attentionMap, barList, linePlot, textStream } from '@x2g/web/plot';
import { breaks } from './breaks.ts';
import { checks, prediction } from './exercises.ts';
import { Keeper, type Kept } from './keep.ts';
import lesson from './lesson.json';
import { LINK_TEXT, model, options, size_of } from './model.ts';
import { Samples } from './samples.ts';
import { text_of } from './text-file.ts';

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
  static override skeleton = { wide: 900, narrow: 1500 };
  static override styles = [
    LabElement.styles,
    css`
      .own textarea {
        min-height: 8em;
      }
      .older {
        color: var(--x2g-muted);
        max-height: 16em;
        overflow-y: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .older dt {
        font-size: var(--x2g-text-tiny);
      }
      .older dd {
        margin: 0 0 var(--x2g-space-2);
      }
    `,
  ];

  #own = '';
  #name = '';
  #found: Kept | undefined;
  #keeper = new Keeper();
  #samples = new Samples(() => this.requestUpdate());
  #layer = 0;
  #head = 0;

  protected override config() {
    return model(this.opt, this.seed, this.langNow, this.#own || this.opt.text);
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
    this.#samples.clear();
    this.#found ??= await this.#keeper.found();
    void this.#sample(session);
  }

  protected override reported(report: Report): void {
    const { session } = this;
    if (!session || report.status === 'diverged') return;
    if (this.#samples.due(report.step, performance.now())) void this.#sample(session);
    if (report.step > 0)
      void this.#keeper
        .keep(session, () => this.#record(report.step), report.status === 'done')
        .catch(() => undefined);
  }

  async #sample(session: Session, tokens?: number): Promise<void> {
    try {
      await this.#samples.write(session, this.report?.step ?? 0, this.opt, tokens);
    } catch {
      // The run was replaced or ended while the sample was written; the next one is written from what stands then.
    }
  }

  #record(step: number) {
    return {
      config: this.opt,
      step,
      state: this.getState(),
      own: this.#own,
      name: this.#name,
      curves: this.history.curves,
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

  /** The reader's own text: from the box or a file. */
  async #read(text: string, name: string): Promise<void> {
    this.#own = text;
    this.#name = name;
    const short = text.length <= LINK_TEXT ? text : '';
    const again = this.opt.source === 'own' && this.opt.text === short;
    this.change({ source: 'own', text: short });
    if (again) await this.rebuild();
  }

  async #file(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (file.name.endsWith('.safetensors')) await this.adopt((session) => session.loadWeights(bytes));
      else await this.#read(text_of(bytes), file.name);
    } catch (reason) {
      this.notice = { title: file.name, message: reason instanceof Error ? reason.message : String(reason) };
      this.requestUpdate();
    }
  }

  protected override tools() {
    return html`
      ${this.#offer()}
      <div class="moves" @dragover=${(e: DragEvent) => e.preventDefault()} @drop=${this.#drop}>
        <label class="button">
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
          data-x2g="write-on"
          ?disabled=${this.#samples.writing}
          @click=${() => this.session && void this.#sample(this.session, 400)}
        >
          ${this.t({ en: 'Write 400 characters', ja: '400文字書かせる' })}
        </button>
        <span class="fine">
          ${this.t({ en: 'Or drop a file on the figure. It stays on this device.', ja: 'ファイルを図に落としても開けます。この端末の外には出ません。' })}
        </span>
      </div>
      ${this.opt.source === 'own' ? this.#ownText() : nothing}
    `;
  }

  #drop = (event: DragEvent): void => {
    event.preventDefault();
    void this.#file(event.dataTransfer?.files[0]);
  };

  #offer() {
    const kept = this.#found;
    if (!kept || (this.report?.step ?? 0) > 0) return nothing;
    return html`
      <div class="problem mild" data-x2g="resume-offer">
        <p>
          ${this.t({
            en: `A run of an earlier visit stands at step ${formatCount(kept.step)}.`,
            ja: `前回の訓練が、ステップ${formatCount(kept.step)}まで残っています。`,
          })}
        </p>
        <div class="moves">
          <button type="button" data-x2g="resume" @click=${() => void this.#resume(kept)}>
            ${this.t({ en: 'Continue it', ja: '続きから始める' })}
          </button>
          <button
            type="button"
            data-x2g="forget"
            @click=${() => {
              this.#found = undefined;
              void this.#keeper.forget();
              this.requestUpdate();
            }}
          >
            ${this.t({ en: 'Delete it', ja: '消す' })}
          </button>
        </div>
      </div>
    `;
  }

  #ownText() {
    return html`
      <div class="own stack">
        <label class="label" for="own">
          ${this.t({ en: 'Your text: at least a few kilobytes', ja: '自分の文章：数キロバイト以上' })}
          ${
            this.#name
              ? html`
                  (${this.#name}, ${formatBytes(new Blob([this.#own]).size)})
                `
              : nothing
          }
        </label>
        <textarea
          id="own"
          data-x2g="own-text"
          spellcheck="false"
          .value=${this.#own.length > 100_000 ? '' : this.#own || this.opt.text}
        ></textarea>
        <div class="moves">
          <button
            type="button"
            data-x2g="use-text"
            @click=${() => void this.#read(this.renderRoot.querySelector('textarea')?.value ?? '', '')}
          >
            ${this.t({ en: 'Train on this text', ja: 'この文章で訓練する' })}
          </button>
          <span class="fine">
            ${this.t({
              en: `A share link carries up to ${formatCount(LINK_TEXT)} characters of it.`,
              ja: `共有リンクに入るのは${formatCount(LINK_TEXT)}文字までです。`,
            })}
          </span>
        </div>
      </div>
    `;
  }

  protected override picture() {
    return html`
      <div class="flow">${this.#curves()} ${this.#writing()}</div>
      ${this.#inside()}
    `;
  }

  #curves() {
    const { step, loss, valStep, valLoss } = this.history.curves;
    const vocab = this.info?.vocab ?? 0;
    return html`
      <div class="tile">
        ${linePlot({
          label: this.t({
            en: 'Loss on training and on unseen text',
            ja: '訓練用の文章と、見ていない文章での損失',
          }),
          series: [
            { label: this.t({ en: 'training', ja: '訓練' }), x: step, y: loss, role: 'train' },
            {
              label: this.t({ en: 'validation', ja: '検証' }),
              x: valStep,
              y: valLoss,
              role: 'valid',
              points: true,
            },
          ],
          xLabel: this.t({ en: 'step', ja: 'ステップ' }),
          yLabel: this.t({ en: 'loss', ja: '損失' }),
          marks: vocab > 1 ? [{ y: Math.log(vocab), label: `ln ${vocab}` }] : [],
          height: 300,
        })}
      </div>
    `;
  }

  #writing() {
    const { list, writing } = this.#samples;
    const newest = list.at(-1);
    const older = list.slice(0, -1).reverse();
    return html`
      <div class="tile stack">
        <p class="label">
          ${
            newest
              ? this.t({
                  en: `Written at step ${formatCount(newest.step)}`,
                  ja: `ステップ${formatCount(newest.step)}で書いたもの`,
                })
              : this.t({ en: 'What it writes', ja: 'モデルが書くもの' })
          }
        </p>
        ${textStream({
          label: this.t({ en: 'Newest sample', ja: '最新のサンプル' }),
          prompt: newest?.prompt ?? '',
          text: newest?.text ?? '',
          streaming: writing,
          lines: 6,
        })}
        ${
          older.length === 0
            ? nothing
            : html`
                <dl
                  class="older fine"
                  tabindex="0"
                  role="group"
                  aria-label=${this.t({ en: 'Earlier samples', ja: '以前のサンプル' })}
                >
                  ${older.map(
                    (s) => html`
                      <dt>
                        ${this.t({ en: `step ${formatCount(s.step)}`, ja: `ステップ${formatCount(s.step)}` })}
                      </dt>
                      <dd>${s.prompt}${s.text}</dd>
                    `,
                  )}
                </dl>
              `
        }
      </div>
    `;
  }

  #inside() {
    const { look } = this.#samples;
    if (!look) return nothing;
    return html`
      <div class="flow">
        <div class="tile">
          ${attentionMap({
            label: this.t({
              en: 'Attention of every layer and head at the end of the newest sample',
              ja: '最新のサンプルの終わりでの、各層・各ヘッドのアテンション',
            }),
            tokens: look.tokens,
            layers: look.layers,
            heads: look.heads,
            attention: look.attention,
            layer: Math.min(this.#layer, look.layers - 1),
            head: Math.min(this.#head, look.heads - 1),
            onSelect: (layer: number, head: number) => {
              this.#layer = layer;
              this.#head = head;
              this.requestUpdate();
            },
          })}
        </div>
        <div class="tile stack">
          <p class="label">${this.t({ en: 'What it expects next', ja: '次に来ると思う文字' })}</p>
          ${barList({
            label: this.t({ en: 'Probability of the next character', ja: '次の文字の確率' }),
            bars: look.next.slice(0, 10).map(({ label, p }) => ({ label, value: p, role: 'query' as const })),
            limit: 1,
          })}
        </div>
      </div>
    `;
  }

  protected override readouts() {
    const { report: r, info } = this;
    if (!r || !info) return nothing;
    return html`
      ${this.readout({ en: 'Step', ja: 'ステップ' }, `${formatCount(r.step)} / ${formatCount(this.limit())}`)}
      ${this.readout({ en: 'Loss', ja: '損失' }, formatNumber(r.loss))}
      ${this.readout({ en: 'Validation', ja: '検証' }, r.valLoss === null ? '–' : formatNumber(r.valLoss))}
      ${this.readout({ en: 'Speed', ja: '速さ' }, r.tokensPerSecond === null ? '–' : formatCount(Math.round(r.tokensPerSecond)), this.t({ en: 'tokens/s', ja: 'トークン/秒' }))}
      ${this.readout({ en: 'Parameters', ja: 'パラメーター' }, formatCount(info.parameterCount))}
      ${this.readout({ en: 'Memory', ja: 'メモリー' }, formatBytes(info.memory.total))}
      ${this.readout({ en: 'Learning rate', ja: '学習率' }, formatNumber(r.lr))}
      ${this.readout({ en: 'Size of the gradient', ja: '勾配の大きさ' }, formatNumber(r.gradNorm))}
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
    return checks;
  }
  protected override claims() {
    return lesson.claims;
  }
  protected override breakIt(): BreakSwitch[] {
    return breaks({ opt: this.opt, set: (values) => this.change(values) });
  }
}

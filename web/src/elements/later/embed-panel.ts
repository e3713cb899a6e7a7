/**
 * Panel "Embed this": snippets for the present state, ready to copy, and what can be saved as a file. Draws and asks its host for the contents.
 * Snippets are written while the demo stands still; while it runs they would be old before they are copied.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import { t } from '../language.ts';
import type { Label, OptionTable } from '../option.ts';
import { runtime } from '../runtime.ts';
import { compactState, type DemoState } from '../state.ts';
import { copyBlock } from './copy.ts';
import { encodeState } from './link-text.ts';
import { download } from './download.ts';
import { say } from './say.ts';
import { elementSnippet, frameSnippet, plainAttributes } from './snippet.ts';

/** What a demo tells this panel. */
export interface EmbedHost {
  slug: string;
  tag: string;
  title: Label;
  options: OptionTable;
  lang(): Lang;
  running(): boolean;
  state(): DemoState;
  savesWeights(): boolean;
  png(): Promise<Blob>;
  svg(): Promise<Blob>;
  csv(): string;
  safetensors(): Promise<Uint8Array>;
  /** The run as the text of a run.json. */
  json(): Promise<string>;
  openRun(file: File): Promise<void>;
  /** An error to show in place. */
  tell(reason: unknown): void;
  redraw(): void;
}

type FileKind = 'png' | 'svg' | 'csv' | 'json' | 'safetensors';

export class EmbedPanel {
  readonly #host: EmbedHost;
  #snippets: { element: string; frame: string; of: string } | undefined;

  constructor(host: EmbedHost) {
    this.#host = host;
  }

  render(): TemplateResult {
    this.#write().catch((reason: unknown) => this.#host.tell(reason));
    const lang = this.#host.lang();
    const s = say(lang);
    const button = (kind: FileKind, hook: string, text: string): TemplateResult => html`
      <button type="button" data-x2g=${hook} @click=${() => void this.#save(kind)}>${text}</button>
    `;
    return html`
      ${copyBlock(s('script_tag'), this.#snippets?.element ?? '', 'embed', lang)}
      ${copyBlock(s('iframe_tag'), this.#snippets?.frame ?? '', 'embed-frame', lang)}
      <p class="label">${s('save')}</p>
      <div class="moves">
        ${button('png', 'save-png', s('save_png'))} ${button('svg', 'save-svg', s('save_svg'))}
        ${button('csv', 'save-csv', s('save_csv'))} ${button('json', 'save-run', s('save_run'))}
        ${this.#host.savesWeights() ? button('safetensors', 'save-weights', s('save_weights')) : nothing}
      </div>
      <label class="control">
        <span class="label">${s('open_run')}</span>
        <input
          type="file"
          data-x2g="open-run"
          accept=".json,application/json"
          @change=${(e: Event) => {
            const input = e.currentTarget as HTMLInputElement;
            const file = input.files?.[0];
            if (file) void this.#host.openRun(file).finally(() => (input.value = ''));
          }}
        />
        <span class="hint">${s('open_run_hint')}</span>
      </label>
    `;
  }

  async #write(): Promise<void> {
    const { slug, tag, options, title } = this.#host;
    const lang = this.#host.lang();
    const compact = compactState(this.#host.state(), options);
    const of = `${lang}${JSON.stringify(compact)}`;
    if (this.#snippets?.of === of || (this.#host.running() && this.#snippets)) return;
    const state = await encodeState(compact);
    const attributes = plainAttributes(compact, options) ?? [['state', state]];
    this.#snippets = {
      of,
      element: elementSnippet({ script: runtime.script, tag, lang, attributes }),
      frame: frameSnippet({
        page: runtime.page(slug),
        state,
        lang,
        title: t(title, lang),
        id: `x2g-${slug}-1`,
      }),
    };
    this.#host.redraw();
  }

  async #save(kind: FileKind): Promise<void> {
    const host = this.#host;
    const name = `xor2gpt-${host.slug}.${kind}`;
    try {
      if (kind === 'png') download(await host.png(), name);
      else if (kind === 'svg') download(await host.svg(), name);
      else if (kind === 'csv') download(new Blob([host.csv()], { type: 'text/csv' }), name);
      else if (kind === 'json')
        download(
          new Blob([await host.json()], { type: 'application/json' }),
          `xor2gpt-${host.slug}-run.json`,
        );
      else download(new Blob([(await host.safetensors()) as Uint8Array<ArrayBuffer>]), name);
    } catch (reason) {
      host.tell(reason);
    }
  }
}

/**
 * What a frame offers once a run has begun: the slider over its past and the twin run. This keeps the place for them and fetches them,
 * later/tools.ts, with the first step or the first click, so that no page waits for them.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Tools, ToolsHost } from './later/tools.ts';
import { t } from './language.ts';
import { notLoaded } from './load-later.ts';
import { strings } from './strings.ts';

export class Bench {
  readonly #host: ToolsHost;
  #tools: Tools | undefined;
  #asked = false;

  constructor(host: ToolsHost) {
    this.#host = host;
  }

  /** The slider under the picture; before there is a past, its place says what will be there. */
  past(): TemplateResult {
    if (!this.#asked && (this.#host.report()?.step ?? 0) > 0) void this.fetch().catch(() => undefined);
    const past =
      this.#tools?.past() ??
      html`
        <p class="fine">${t(strings.no_past, this.#host.lang())}</p>
      `;
    return html`
      <div class="past" part="history">${past}</div>
    `;
  }

  /** The twin run below the figures, while there is one. */
  twin(): unknown {
    return this.#tools?.twin() ?? nothing;
  }

  /** Sets a twin beside the run, or takes it away. */
  duplicate(): void {
    this.fetch().then(
      (tools) => tools.duplicate(),
      (reason: unknown) => this.#host.tell(reason),
    );
  }

  async fetch(): Promise<Tools> {
    this.#asked = true;
    const { Tools } = await import('./later/tools.ts').catch(notLoaded);
    this.#tools ??= new Tools(this.#host);
    this.#host.redraw();
    return this.#tools;
  }
}

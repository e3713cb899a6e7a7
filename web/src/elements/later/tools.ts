/** The tools around a run, one chunk of their own: fetched by bench.ts when a run has begun. */
import type { TemplateResult } from 'lit';
import { nothing } from 'lit';
import { TimeTravel, travelStyle } from './time-travel.ts';
import { Twin, twinStyle, type TwinHost } from './twin.ts';

export interface ToolsHost extends TwinHost {
  /** Where styles are adopted. */
  root(): ShadowRoot;
}

export class Tools {
  readonly #host: ToolsHost;
  readonly #travel: TimeTravel;
  #twin: Twin | undefined;

  constructor(host: ToolsHost) {
    this.#host = host;
    this.#travel = new TimeTravel(host);
    const root = host.root();
    const sheets = [travelStyle, twinStyle]
      .map((style) => style.styleSheet)
      .filter((sheet) => sheet !== undefined);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  }

  past(): TemplateResult | typeof nothing {
    return this.#travel.render();
  }

  twin(): TemplateResult | typeof nothing {
    return this.#twin?.render(() => this.duplicate()) ?? nothing;
  }

  /** Sets a twin beside the run, or takes it away. */
  duplicate(): void {
    if (this.#twin) this.#twin.close();
    this.#twin = this.#twin ? undefined : new Twin(this.#host);
    this.#host.redraw();
  }
}

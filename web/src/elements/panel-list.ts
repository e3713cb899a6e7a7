/**
 * The panels below a demo, closed at first: Numbers, Break it, Check, Embed this, Proof. What stands in them is drawn while they are open;
 * all but the numbers comes from later/, fetched when the first of them is opened.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../lab/types.ts';
import { t } from './language.ts';
import type { EmbedHost, EmbedPanel, Grader } from './later/index.ts';
import type { GraderHost } from './later/grader.ts';
import { later, type Later } from './load-later.ts';
import { strings } from './strings.ts';
import type { BreakSwitch, Check, Claim, FramePart, Measurements } from './types.ts';

export type PanelName = Extract<FramePart, 'numbers' | 'break' | 'check' | 'embed' | 'proof'>;

/** What a demo tells its panels, and what they ask of it. */
export interface PanelHost extends EmbedHost, GraderHost {
  lang(): Lang;
  hides(name: PanelName): boolean;
  numbers(): unknown;
  /** Whether the lesson fills that panel: asked before what it fills it with is fetched. */
  offers(name: 'break' | 'check'): boolean;
  breaks(): BreakSwitch[];
  checks(): Check[];
  claims(): Claim[];
  measured(): Measurements;
}

interface Panel {
  name: PanelName;
  title: keyof typeof strings;
  shown: boolean;
  body: () => unknown;
}

export class PanelList {
  readonly #host: PanelHost;
  readonly #open = new Set<PanelName>();
  #later: Later | undefined;
  #grader: Grader | undefined;
  #embed: EmbedPanel | undefined;

  constructor(host: PanelHost) {
    this.#host = host;
  }

  render(): TemplateResult {
    const host = this.#host;
    const [breaks, checks] = [host.offers('break'), host.offers('check')];
    const panels: Panel[] = [
      { name: 'numbers', title: 'numbers', shown: true, body: () => this.#numbers() },
      { name: 'break', title: 'break_it', shown: breaks, body: () => this.#breaks() },
      { name: 'check', title: 'check', shown: checks, body: () => this.#checks() },
      { name: 'embed', title: 'embed', shown: true, body: () => this.#embed?.render() },
      { name: 'proof', title: 'proof', shown: true, body: () => this.#proof() },
    ];
    return html`
      <div class="panels" part="panels">
        ${panels.map((panel) => (panel.shown && !host.hides(panel.name) ? this.#panel(panel) : nothing))}
      </div>
    `;
  }

  /** Opens a panel and brings it into view. */
  show(name: PanelName, root: ParentNode): void {
    const panel = root.querySelector<HTMLDetailsElement>(`[data-x2g="panel-${name}"]`);
    if (panel) panel.open = true;
    panel?.scrollIntoView({ block: 'nearest' });
  }

  #panel({ name, title, body }: Panel): TemplateResult {
    const toggled = (event: Event): void => {
      if ((event.currentTarget as HTMLDetailsElement).open) {
        this.#open.add(name);
        if (name !== 'numbers') void this.#load();
      } else this.#open.delete(name);
      this.#host.redraw();
    };
    return html`
      <details class="panel" part="panel" data-x2g=${`panel-${name}`} @toggle=${toggled}>
        <summary>${t(strings[title], this.#host.lang())}</summary>
        <div class="panel-body">${this.#open.has(name) ? body() : nothing}</div>
      </details>
    `;
  }

  async #load(): Promise<void> {
    try {
      this.#later ??= await later();
      this.#grader ??= new this.#later.Grader(this.#host);
      this.#embed ??= new this.#later.EmbedPanel(this.#host);
      this.#host.redraw();
    } catch (reason) {
      this.#host.tell(reason);
    }
  }

  #numbers(): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="group" aria-label=${t(strings.numbers, this.#host.lang())}>
        ${this.#host.numbers()}
      </div>
    `;
  }

  #breaks(): unknown {
    const host = this.#host;
    return this.#later?.breakList(host.breaks(), host.lang(), (b) => {
      Promise.resolve()
        .then(() => (b.active() ? b.off() : b.on()))
        .catch((reason: unknown) => host.tell(reason))
        .finally(() => host.redraw());
    });
  }

  #checks(): unknown {
    const host = this.#host;
    const grader = this.#grader;
    return grader && host.checks().map((c, i) => this.#later?.checkForm(c, grader, host.lang(), i));
  }

  #proof(): unknown {
    return this.#later?.proofList(this.#host.claims(), this.#host.measured(), this.#host.lang());
  }
}

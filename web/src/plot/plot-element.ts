/**
 * What every canvas drawing shares: a canvas of the element's width, sharp at any pixel ratio, painted once a frame at most,
 * a text twin for those who cannot see it, and snapshot() for the PNG. Subclasses say how high, how painted, what in words.
 */
import {
  css,
  html,
  LitElement,
  nothing,
  type CSSResultGroup,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { resolveLang } from '../elements/language.ts';
import type { Label } from '../elements/option.ts';
import type { Lang } from '../lab/types.ts';
import { themeOf, type PlotTheme } from './theme.ts';

/** Defines a drawing's tag once, whichever copy of the runtime comes first. */
export function define(tag: string, kind: CustomElementConstructor): void {
  if (typeof customElements !== 'undefined' && !customElements.get(tag)) customElements.define(tag, kind);
}

/** Pixels on a side that every browser's canvas takes. */
const CANVAS_MOST = 16_000;

export const plotStyle = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    font-variant-numeric: tabular-nums;
  }
  .holder {
    position: relative;
    margin-inline: auto;
    width: 100%;
  }
  canvas {
    display: block;
    width: 100%;
    border-radius: var(--x2g-radius-small);
    touch-action: pan-y;
  }
  canvas.active {
    cursor: crosshair;
  }
  :focus-visible {
    outline: 2px solid var(--x2g-focus);
    outline-offset: 2px;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .legend,
  .told {
    font-size: var(--x2g-text-tiny);
    color: var(--x2g-muted);
    margin: var(--x2g-space-1) 0 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--x2g-space-4);
    align-items: center;
    justify-content: center;
  }
  .told {
    min-height: 1.5em;
    color: var(--x2g-ink);
  }
  .legend canvas {
    width: min(8rem, 25cqi);
    height: 0.625rem;
    border: 1px solid var(--x2g-line);
  }
  table {
    border-collapse: collapse;
    font-size: var(--x2g-text-small);
    margin: var(--x2g-space-2) auto 0;
    max-width: 100%;
  }
  caption {
    font-size: var(--x2g-text-tiny);
    color: var(--x2g-muted);
    white-space: nowrap;
  }
  th,
  td {
    padding: 2px var(--x2g-space-1);
    text-align: end;
    white-space: nowrap;
  }
  th {
    font-weight: 600;
    color: var(--x2g-muted);
  }
  td input {
    font: inherit;
    font-variant-numeric: tabular-nums;
    color: inherit;
    background: var(--x2g-bg);
    width: min(5em, 17cqi); /* four in a row on a phone */
    min-height: 44px;
    padding: 0 var(--x2g-space-1);
    text-align: end;
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius-small);
  }
  button {
    font: inherit;
    color: inherit;
    min-height: 44px;
    min-width: 44px;
    padding: 0 var(--x2g-space-3);
    background: var(--x2g-bg);
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius-small);
    cursor: pointer;
  }
  button[aria-pressed='true'] {
    border-color: var(--x2g-accent);
    box-shadow: inset 0 0 0 1px var(--x2g-accent);
  }
`;

export abstract class PlotElement<P extends { label: string }> extends LitElement {
  static override styles: CSSResultGroup = plotStyle;
  static override properties = { props: { attribute: false } };
  declare props: P | undefined;
  protected langNow: Lang = 'en';
  protected width = 0;
  #sizes: ResizeObserver | undefined;
  #frame = 0;

  /** Height of the canvas in CSS px for a width. */
  protected abstract heightFor(width: number, props: P): number;
  /** Widest that the drawing becomes, CSS px. */
  protected widest(_props: P): number {
    return 1100;
  }
  /** Width of the canvas where it is not that of the element: a wider one is scrolled in its holder. */
  protected canvasWidth(width: number, _props: P): number {
    return width;
  }
  /** What lies on the canvas: a box to type in. Placed from its top left corner. */
  protected overlay(_props: P): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Draws on a cleared canvas; coordinates are CSS px. Never called with an empty canvas. */
  protected abstract paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    props: P,
  ): void;
  /** The drawing in words (a sentence, a table): read by screen readers instead of the canvas. */
  protected abstract twin(props: P): TemplateResult | string;
  /** What stands under the canvas: a legend, what the pointer is on. */
  protected below(_props: P): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Attributes differ for a drawing that one acts in: it is focusable and says how. */
  protected interactive(_props: P): { hint: string } | undefined {
    return undefined;
  }
  protected onPointer?(event: PointerEvent, x: number, y: number): void;
  protected onKey?(event: KeyboardEvent): void;
  /** true when a touch that starts here drags something: then the page must not scroll. */
  protected grabs?(x: number, y: number): boolean;

  protected t(label: Label): string {
    return label[this.langNow];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('data-plot', '');
    this.#sizes = new ResizeObserver((entries) => {
      const width = entries.at(-1)?.contentRect.width ?? 0;
      if (Math.abs(width - this.width) < 0.5) return;
      this.width = width;
      this.requestUpdate();
    });
    this.#sizes.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector('canvas.main');
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.langNow = resolveLang(this);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { props } = this;
    if (!props) return nothing;
    const act = this.interactive(props);
    const point = (event: PointerEvent): void => {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      this.onPointer?.(event, event.clientX - box.left, event.clientY - box.top);
    };
    const touch = (event: TouchEvent): void => {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const first = event.touches[0];
      if (first && this.grabs?.(first.clientX - box.left, first.clientY - box.top)) event.preventDefault();
    };
    const canvas = act
      ? html`
          <canvas
            class="main active"
            tabindex="0"
            role="application"
            aria-label=${`${props.label}. ${act.hint}`}
            @pointerdown=${point}
            @pointermove=${point}
            @pointerup=${point}
            @pointercancel=${point}
            @pointerleave=${point}
            @touchstart=${touch}
            @keydown=${(e: KeyboardEvent) => this.onKey?.(e)}
          ></canvas>
        `
      : html`
          <canvas
            class="main"
            role="img"
            aria-label=${props.label}
            @pointermove=${point}
            @pointerdown=${point}
            @pointerleave=${point}
          ></canvas>
        `;
    return html`
      <div class="holder">${canvas}${this.overlay(props)}</div>
      <div class="unseen">${this.twin(props)}</div>
      ${this.below(props)}
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    const { props } = this;
    const holder = this.renderRoot.querySelector<HTMLElement>('.holder');
    if (!props || !holder) return;
    holder.style.maxWidth = `${this.widest(props)}px`; // no width of its own, so that the page can shrink
    this.redraw();
  }

  /** Asks for a paint in the next frame. */
  protected redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** Of the canvas, CSS px; `room` is what the page has for it. */
  #size(props: P): { room: number; width: number; height: number } {
    const room = Math.min(this.width, this.widest(props));
    const height = room > 0 ? this.heightFor(room, props) : 0;
    return { room, width: this.canvasWidth(room, props), height };
  }

  #paint(): void {
    const { canvas, props } = this;
    if (!canvas || !props || !this.isConnected) return;
    const { room, width, height } = this.#size(props);
    const ratio = Math.min(3, window.devicePixelRatio || 1, CANVAS_MOST / Math.max(1, width, height));
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (w < 1 || h < 1) return;
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
      canvas.style.height = `${height}px`;
      canvas.style.width = width > room ? `${width}px` : '';
    }
    const ctx = canvas.getContext('2d');
    if (!ctx) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    this.paint(ctx, width, height, themeOf(getComputedStyle(this)), props);
  }

  /** The picture as it stands, for exportPNG(). */
  snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined {
    this.#paint();
    const { canvas } = this;
    if (!canvas || canvas.width < 1 || canvas.height < 1) return undefined;
    return { image: canvas, box: canvas.getBoundingClientRect() };
  }

  /** Paints the picture once more on another context, from its top left corner: for exportSVG(). Its box on the page. */
  paintOn(ctx: CanvasRenderingContext2D): DOMRect | undefined {
    const { canvas, props } = this;
    if (!canvas || !props) return undefined;
    const { width, height } = this.#size(props);
    if (width < 1 || height < 1) return undefined;
    this.paint(ctx, width, height, themeOf(getComputedStyle(this)), props);
    return canvas.getBoundingClientRect();
  }
}

/** Sets a text style; the font family is the theme's. */
export function font(ctx: CanvasRenderingContext2D, theme: PlotTheme, size = 12, weight = 400): void {
  ctx.font = `${weight} ${size}px ${theme.font}`;
}

/** Text with a rim of the background color, so that it can be read on anything. */
export function haloText(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  text: string,
  x: number,
  y: number,
): void {
  ctx.save();
  ctx.strokeStyle = theme.color('bg');
  ctx.lineWidth = 4;
  ctx.strokeText(text, x, y);
  ctx.restore();
  ctx.fillText(text, x, y);
}

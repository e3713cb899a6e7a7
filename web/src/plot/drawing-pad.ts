/**
 * A square to draw on with a round pen: pointer, finger, or arrow keys with Space. Undo, clear, thickness. It owns no drawing: strokes come
 * in as props and go out by onStrokes. What the ink means is the lesson's business.
 */
import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { drawPixels } from './image-grid.ts';
import { define, PlotElement, plotStyle } from './plot-element.ts';
import { extend, MOST_POINTS, pointCount } from './strokes.ts';
import type { PlotTheme } from './theme.ts';
import type { PadProps, PadStroke } from './types.ts';

const words = {
  hint: {
    en: 'Draw with pointer or finger. By keyboard: arrow keys move the pen, with Shift farther, Space puts it down or lifts it, Backspace undoes, Delete clears',
    ja: 'マウスや指で描きます。キーボードでは、矢印キーでペンを動かし（Shiftで大きく）、スペースで下ろすか上げ、Backspaceで1つ戻し、Deleteで消します',
  },
  keys: { en: 'Keys: arrows move the pen, Space draws', ja: 'キー：矢印でペンを動かし、スペースで描く' },
  undo: { en: 'Undo', ja: '1つ戻す' },
  clear: { en: 'Clear', ja: '消す' },
  thick: { en: 'Pen', ja: 'ペンの太さ' },
  down: { en: 'Pen down', ja: 'ペンは下' },
  up: { en: 'Pen up', ja: 'ペンは上' },
  full: {
    en: 'The pad is full. Undo or clear to go on.',
    ja: 'これ以上は描けません。戻すか消してください。',
  },
};
const place = (x: number, y: number): string => `${Math.round(x * 100)}, ${Math.round(y * 100)}`;
/** Steps of the pen by keyboard, shares of the side. */
const STEP = 1 / 28;
const FAR = 4 / 28;

export class DrawingPadElement extends PlotElement<PadProps> {
  static override styles: CSSResultGroup = [
    plotStyle,
    css`
      canvas.main {
        touch-action: none;
        border: 1px solid var(--x2g-line-strong);
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--x2g-space-2);
        align-items: center;
        justify-content: center;
        margin-block-start: var(--x2g-space-2);
      }
      .tools button:disabled {
        opacity: 0.7;
        cursor: default;
      }
      .keys {
        visibility: hidden;
        margin: var(--x2g-space-1) 0 0;
        text-align: center;
        font-size: var(--x2g-text-tiny);
        color: var(--x2g-muted);
      }
      :host(:focus-within) .keys {
        visibility: visible;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--x2g-space-2);
        font-size: var(--x2g-text-tiny);
        color: var(--x2g-muted);
      }
      input[type='range'] {
        width: 6rem;
        height: 44px;
        margin: 0;
        accent-color: var(--x2g-accent);
      }
    `,
  ];
  /** The stroke under the pen. */
  #live: PadStroke | undefined;
  #pointer: number | undefined;
  #pen: { x: number; y: number } | undefined;
  #width = 0.09;

  protected override heightFor(width: number): number {
    return width;
  }
  protected override widest(p: PadProps): number {
    return p.size ?? 280;
  }
  protected override interactive(): { hint: string } {
    return { hint: this.t(words.hint) };
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    _h: number,
    theme: PlotTheme,
    p: PadProps,
  ): void {
    const strokes = this.#live ? [...p.strokes, this.#live] : p.strokes;
    if (strokes.length === 0 && p.picture)
      drawPixels(
        ctx,
        theme,
        p.picture.data,
        p.picture.side,
        p.picture.side,
        { x: 0, y: 0, width, height: width },
        'ink',
      );
    ctx.strokeStyle = theme.color('ink');
    for (const { width: thick, points } of strokes) {
      ctx.lineWidth = thick * width;
      ctx.beginPath();
      for (let i = 0; i + 1 < points.length; i += 2)
        ctx.lineTo((points[i] ?? 0) * width, (points[i + 1] ?? 0) * width);
      if (points.length === 2) ctx.lineTo((points[0] ?? 0) * width + 0.01, (points[1] ?? 0) * width);
      ctx.stroke();
    }
    if (!this.#pen) return;
    ctx.lineWidth = 2;
    ctx.strokeStyle = theme.color('accent');
    ctx.beginPath();
    ctx.arc(this.#pen.x * width, this.#pen.y * width, Math.max(6, (this.#width * width) / 2), 0, 2 * Math.PI);
    ctx.stroke();
    if (this.#live) ctx.fill();
  }

  protected override grabs = (): boolean => true;

  #tell(done: boolean): void {
    const { props: p } = this;
    if (!p || !this.#live) return;
    const strokes = [...p.strokes, this.#live];
    if (done) {
      this.#live = undefined;
      p.onStrokes(strokes);
    } else p.onDrawing?.(strokes);
    this.requestUpdate();
  }
  #add(x: number, y: number): void {
    const { props: p } = this;
    if (!this.#live || !p || pointCount([...p.strokes, this.#live]) >= MOST_POINTS) return;
    const longer = extend(this.#live, x, y);
    if (longer === this.#live) return;
    this.#live = longer;
    this.#tell(false);
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const { canvas } = this;
    const side = canvas?.clientWidth ?? 0;
    if (!canvas || side < 1) return;
    if (event.type === 'pointerdown' && event.button === 0 && this.#pointer === undefined) {
      if (this.#live) this.#tell(true);
      this.#pen = undefined;
      this.#pointer = event.pointerId;
      canvas.setPointerCapture(event.pointerId);
      this.#live = { width: this.#width, points: [] };
      this.#add(x / side, y / side);
    } else if (event.pointerId !== this.#pointer) return;
    else if (event.type === 'pointermove') {
      const box = canvas.getBoundingClientRect();
      for (const e of event.getCoalescedEvents?.() ?? [event])
        this.#add((e.clientX - box.left) / side, (e.clientY - box.top) / side);
    } else if (event.type === 'pointerup' || event.type === 'pointercancel') {
      this.#pointer = undefined;
      this.#tell(true);
    }
  }

  protected override onKey(event: KeyboardEvent): void {
    const { props: p } = this;
    if (!p || event.altKey || event.metaKey) return;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const [dx, dy] = moves[event.key] ?? [0, 0];
    const undo = event.key === 'Backspace' || (event.ctrlKey && event.key.toLowerCase() === 'z');
    if (event.ctrlKey && !undo) return;
    if (undo) this.#undo(p);
    else if (event.key === 'Delete') this.#clear(p);
    else if (event.key === ' ' || event.key === 'Enter') this.#toggle();
    else if (event.key === 'Escape' && this.#live) this.#tell(true);
    else if (dx !== 0 || dy !== 0) {
      const step = event.shiftKey ? FAR : STEP;
      const from = this.#pen ?? { x: 0.5, y: 0.5 };
      const at = (v: number): number => Math.min(1, Math.max(0, v));
      this.#pen = { x: at(from.x + dx * step), y: at(from.y + dy * step) };
      this.#add(this.#pen.x, this.#pen.y);
    } else return;
    event.preventDefault();
    this.requestUpdate();
  }
  #toggle(): void {
    if (this.#live) return this.#tell(true);
    this.#pen ??= { x: 0.5, y: 0.5 };
    this.#live = { width: this.#width, points: [] };
    this.#add(this.#pen.x, this.#pen.y);
  }
  #undo(p: PadProps): void {
    if (this.#live) {
      this.#live = undefined;
      p.onStrokes([...p.strokes]);
    } else if (p.strokes.length > 0) p.onStrokes(p.strokes.slice(0, -1));
  }
  #clear(p: PadProps): void {
    this.#live = undefined;
    p.onStrokes([]);
  }

  protected override below(p: PadProps): TemplateResult {
    const empty = p.strokes.length === 0 && !this.#live;
    const full = pointCount(p.strokes) >= MOST_POINTS;
    const pen = this.#pen;
    return html`
      <div class="tools">
        <button type="button" data-x2g="pad-undo" ?disabled=${empty} @click=${() => this.#undo(p)}>
          ${this.t(words.undo)}
        </button>
        <button type="button" data-x2g="pad-clear" ?disabled=${empty} @click=${() => this.#clear(p)}>
          ${this.t(words.clear)}
        </button>
        <label>
          ${this.t(words.thick)}
          <input
            type="range"
            min="0.03"
            max="0.18"
            step="0.01"
            .value=${String(this.#width)}
            @input=${(e: Event) => {
              this.#width = Number((e.target as HTMLInputElement).value);
              this.requestUpdate();
            }}
          />
        </label>
      </div>
      <p class="keys" aria-hidden="true">${this.t(words.keys)}</p>
      <p class="unseen" role="status">
        ${full ? this.t(words.full) : pen ? `${this.t(this.#live ? words.down : words.up)}: ${place(pen.x, pen.y)}` : nothing}
      </p>
    `;
  }

  protected override twin(p: PadProps): string {
    return p.strokes.length === 0 ? (p.picture?.label ?? '') : p.told(p.strokes.length);
  }
}
define('x2g-plot-pad', DrawingPadElement);

export const drawingPad = (props: PadProps): TemplateResult => html`
  <x2g-plot-pad .props=${props}></x2g-plot-pad>
`;

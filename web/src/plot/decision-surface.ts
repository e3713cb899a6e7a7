/**
 * A plane of two inputs: field of outputs, lines w·x + b = 0, curves, data points. With onPoints the reader edits the points:
 * by pointer (press = add, drag = move) or by keyboard (arrows move a cursor, Enter adds, picks up and drops, Delete removes, 0 and 1 choose the class).
 * Painting stands in surface-paint.ts.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { define, PlotElement } from './plot-element.ts';
import { rampLegend } from './marks.ts';
import { nearest, movePoint, removePoint, addPoint } from './points-edit.ts';
import { paintSurface, surfaceScales } from './surface-paint.ts';
import type { PlotTheme } from './theme.ts';
import type { SurfaceProps } from './types.ts';

const GRAB = 18; // px: how near a press must be to a point to take it
const CLICK = 5; // px: a press that moves less is a click

const words = {
  edit: {
    en: 'Press to add a point, drag to move one. Keys: arrows move the cursor, Enter adds, takes or drops, Delete removes, 0 or 1 sets the class.',
    ja: '押すと点が加わり、ドラッグで動きます。キー：矢印でカーソル移動、Enterで追加・つかむ・放す、Deleteで削除、0と1でクラス。',
  },
  adds: { en: 'Add', ja: '追加' },
  erase: { en: 'Erase', ja: '消す' },
  cls: { en: 'class', ja: 'クラス' },
  wrong: { en: 'wrong', ja: '誤り' },
  points: { en: 'points', ja: '個の点' },
  cursor: { en: 'Cursor', ja: 'カーソル' },
};

export class SurfaceElement extends PlotElement<SurfaceProps> {
  #tool: 0 | 1 | 'erase' | undefined;
  #cursor: { x: number; y: number } | undefined;
  #held: number | undefined;
  #press: { x: number; y: number; moved: boolean } | undefined;
  #told = '';

  protected override widest(p: SurfaceProps): number {
    return p.size ?? 420;
  }
  protected override heightFor(width: number, p: SurfaceProps): number {
    return p.ticks === false ? width : width - 2;
  }
  protected override interactive(p: SurfaceProps): { hint: string } | undefined {
    return p.onPoints ? { hint: this.t(words.edit) } : undefined;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: SurfaceProps,
  ): void {
    const s = paintSurface(ctx, width, height, theme, p);
    if (!this.#cursor) return;
    const [x, y] = [s.x(this.#cursor.x), s.y(this.#cursor.y)];
    ctx.strokeStyle = theme.color('accent');
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(x - 14, y);
    ctx.lineTo(x + 14, y);
    ctx.moveTo(x, y - 14);
    ctx.lineTo(x, y + 14);
    ctx.stroke();
  }

  protected override twin(p: SurfaceProps): TemplateResult | string {
    const points = p.points ?? [];
    if (points.length === 0 || points.length > 40) return `${points.length} ${this.t(words.points)}`;
    return html`
      <ul>
        ${points.map(
          (q) => html`
            <li>
              ${q.name ?? ''} (${formatNumber(q.x)}, ${formatNumber(q.y)}): ${this.t(words.cls)}
              ${q.label}${q.wrong ? `, ${this.t(words.wrong)}` : ''}
            </li>
          `,
        )}
      </ul>
    `;
  }

  protected override below(p: SurfaceProps): TemplateResult {
    const legend =
      p.legend === 'off' || !p.field
        ? nothing
        : rampLegend(
            'signed',
            p.legend?.low ?? formatNumber(p.field.low ?? 0),
            p.legend?.high ?? formatNumber(p.field.high ?? 1),
          );
    if (!p.onPoints)
      return html`
        ${legend}
      `;
    const tool = this.#tool ?? p.adds ?? 1;
    const button = (value: 0 | 1 | 'erase', text: string): TemplateResult => html`
      <button
        type="button"
        aria-pressed=${tool === value ? 'true' : 'false'}
        data-tool=${value}
        @click=${() => {
          this.#tool = value;
          this.requestUpdate();
        }}
      >
        ${text}
      </button>
    `;
    return html`
      ${legend}
      <div class="legend" role="group" aria-label=${this.t(words.adds)}>
        ${button(1, `● ${this.t(words.cls)} 1`)}${button(0, `✕ ${this.t(words.cls)} 0`)}${button('erase', this.t(words.erase))}
      </div>
      <p class="told" role="status">${this.#told}</p>
    `;
  }

  #scales() {
    const p = this.props;
    const canvas = this.canvas;
    if (!p || !canvas) return undefined;
    const width = canvas.clientWidth;
    return { p, s: surfaceScales(width, this.heightFor(width, p), p) };
  }

  protected override grabs(x: number, y: number): boolean {
    const at = this.#scales();
    return at ? nearest(at.p.points ?? [], at.s, x, y, GRAB) !== undefined : false;
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const at = this.#scales();
    if (!at || (event.type === 'pointerdown' && event.button !== 0)) return;
    const { p, s } = at;
    const { onPoints, points = [] } = p;
    if (!onPoints) return;
    if (event.type === 'pointerdown') {
      this.#press = { x, y, moved: false };
      this.#held = nearest(points, s, x, y, GRAB);
      if (this.#held !== undefined) this.canvas?.setPointerCapture(event.pointerId);
    } else if (event.type === 'pointermove' && this.#press) {
      if (Math.hypot(x - this.#press.x, y - this.#press.y) > CLICK) this.#press.moved = true;
      if (this.#press.moved && this.#held !== undefined)
        onPoints(movePoint(points, this.#held, s.x.invert(x), s.y.invert(y), p));
    } else if (event.type === 'pointerup' && this.#press) {
      if (!this.#press.moved) this.#act(s.x.invert(x), s.y.invert(y), this.#held);
      this.#press = undefined;
      this.#held = undefined;
    } else if (event.type !== 'pointermove') {
      this.#press = undefined;
      this.#held = undefined;
    }
  }

  /** A press at a place: erase what is there, else add a point. On a point without the eraser nothing happens. */
  #act(x: number, y: number, hit: number | undefined): void {
    const p = this.props;
    if (!p?.onPoints) return;
    const points = p.points ?? [];
    const tool = this.#tool ?? p.adds ?? 1;
    if (tool === 'erase') {
      if (hit !== undefined) p.onPoints(removePoint(points, hit));
    } else if (hit === undefined) p.onPoints(addPoint(points, x, y, tool, p));
  }

  protected override onKey(event: KeyboardEvent): void {
    const at = this.#scales();
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const { p, s } = at;
    const { onPoints, points = [] } = p;
    if (!onPoints) return;
    const middle = { x: (p.x[0] + p.x[1]) / 2, y: (p.y[0] + p.y[1]) / 2 };
    const cursor = this.#cursor ?? middle;
    const step = (event.shiftKey ? 5 : 1) * 0.025;
    const [dx, dy] = [step * (p.x[1] - p.x[0]), step * (p.y[1] - p.y[0])];
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-dx, 0],
      ArrowRight: [dx, 0],
      ArrowUp: [0, dy],
      ArrowDown: [0, -dy],
    };
    const move = moves[event.key];
    const under = nearest(points, s, s.x(cursor.x), s.y(cursor.y), GRAB);
    if (move) {
      const x = Math.min(p.x[1], Math.max(p.x[0], cursor.x + move[0]));
      const y = Math.min(p.y[1], Math.max(p.y[0], cursor.y + move[1]));
      this.#cursor = { x, y };
      if (this.#held !== undefined) onPoints(movePoint(points, this.#held, x, y, p));
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.#cursor = cursor;
      if (this.#held !== undefined) this.#held = undefined;
      else if (under !== undefined && this.#tool !== 'erase') this.#held = under;
      else this.#act(cursor.x, cursor.y, under);
    } else if (event.key === '0' || event.key === '1') {
      this.#tool = event.key === '0' ? 0 : 1;
      const label = this.#tool;
      if (under !== undefined) onPoints(points.map((q, i) => (i === under ? { ...q, label } : q)));
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && under !== undefined) {
      this.#held = undefined;
      onPoints(removePoint(points, under));
    } else if (event.key === 'Escape' && this.#held !== undefined) this.#held = undefined;
    else return;
    event.preventDefault();
    const now = this.#cursor ?? cursor;
    this.#told = `${this.t(words.cursor)} (${formatNumber(now.x)}, ${formatNumber(now.y)})`;
    this.requestUpdate();
  }
}
define('x2g-plot-surface', SurfaceElement);

export const decisionSurface = (props: SurfaceProps): TemplateResult => html`
  <x2g-plot-surface .props=${props}></x2g-plot-surface>
`;

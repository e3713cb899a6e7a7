/**
 * Small plots of functions, made to stand side by side: curves, axes through zero, one input marked on all of them.
 * With onMarker the marked input follows the pointer or the arrow keys. What the curves are is computed elsewhere (by the core).
 */
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { linear, ticks, tickText } from '../math/scale.ts';
import { define, font, PlotElement } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { FunctionCurve, FunctionProps } from './types.ts';

const words = { hint: { en: 'Left and right move the input.', ja: '左右キーで入力を動かします。' } };

/** The curve's value at an input, straight between its samples; NaN outside. Samples rise in x. */
export function valueAt(curve: Pick<FunctionCurve, 'x' | 'y'>, at: number): number {
  const { x, y } = curve;
  let low = 0;
  let high = x.length - 1;
  if (high < 0 || at < (x[0] ?? Infinity) || at > (x[high] ?? -Infinity)) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [x[low], x[high], y[low], y[high]];
  return x1 === x0 ? y0 : y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}

export class FunctionElement extends PlotElement<FunctionProps> {
  #down = false;

  protected override heightFor(width: number, p: FunctionProps): number {
    return Math.round(width / (p.aspect ?? 1.5));
  }
  protected override widest(): number {
    return 560;
  }
  protected override interactive(p: FunctionProps): { hint: string } | undefined {
    return p.onMarker ? { hint: this.t(words.hint) } : undefined;
  }
  #scales(width: number, height: number, p: FunctionProps) {
    const m = p.ticks === false ? 3 : 26;
    return { x: linear(p.x, [m, width - 4]), y: linear(p.y, [height - (p.ticks === false ? 3 : 18), 4]) };
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: FunctionProps,
  ): void {
    const s = this.#scales(width, height, p);
    const [left, right, bottom, top] = [s.x(p.x[0]), s.x(p.x[1]), s.y(p.y[0]), s.y(p.y[1])];
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.color('line');
    ctx.strokeRect(left, top, right - left, bottom - top);
    ctx.beginPath();
    if (p.x[0] < 0 && p.x[1] > 0) {
      ctx.moveTo(s.x(0), top);
      ctx.lineTo(s.x(0), bottom);
    }
    if (p.y[0] < 0 && p.y[1] > 0) {
      ctx.moveTo(left, s.y(0));
      ctx.lineTo(right, s.y(0));
    }
    ctx.strokeStyle = theme.color('muted', 0.5);
    ctx.stroke();
    if (p.ticks !== false) {
      font(ctx, theme, 10);
      ctx.fillStyle = theme.color('muted');
      ctx.textBaseline = 'top';
      ctx.textAlign = 'center';
      for (const v of ticks(p.x[0], p.x[1], 3))
        ctx.fillText(tickText(v), Math.min(width - 6, s.x(v)), bottom + 4);
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      for (const v of ticks(p.y[0], p.y[1], 3)) ctx.fillText(tickText(v), left - 4, Math.max(6, s.y(v)));
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, right - left, bottom - top);
    ctx.clip();
    for (const c of p.curves) {
      ctx.beginPath();
      for (let i = 0; i < c.x.length; i++) ctx.lineTo(s.x(c.x[i] ?? 0), s.y(c.y[i] ?? 0));
      ctx.setLineDash(c.dashed ? [5, 4] : []);
      ctx.lineWidth = 2;
      ctx.strokeStyle = theme.color(c.role ?? 'ink');
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (p.marker !== undefined) {
      ctx.strokeStyle = theme.color('accent');
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      ctx.moveTo(s.x(p.marker), top);
      ctx.lineTo(s.x(p.marker), bottom);
      ctx.stroke();
      for (const c of p.curves) {
        const value = valueAt(c, p.marker);
        if (!Number.isFinite(value)) continue;
        ctx.beginPath();
        ctx.arc(s.x(p.marker), s.y(value), 4, 0, 2 * Math.PI);
        ctx.fillStyle = theme.color(c.role ?? 'ink');
        ctx.fill();
        ctx.strokeStyle = theme.color('bg');
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  protected override grabs(): boolean {
    return false;
  }
  protected override onPointer(event: PointerEvent, x: number): void {
    const { props: p, canvas } = this;
    if (!p?.onMarker || !canvas) return;
    if (event.type === 'pointerdown') {
      this.#down = true;
      canvas.setPointerCapture(event.pointerId);
    } else if (event.type !== 'pointermove') this.#down = false;
    if (!this.#down) return;
    const at = this.#scales(canvas.clientWidth, canvas.clientHeight, p).x.invert(x);
    p.onMarker(Math.min(p.x[1], Math.max(p.x[0], at)));
  }
  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!p?.onMarker || step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const by = ((p.x[1] - p.x[0]) / 80) * (event.shiftKey ? 5 : 1) * step;
    p.onMarker(Math.min(p.x[1], Math.max(p.x[0], (p.marker ?? 0) + by)));
  }

  protected override twin(p: FunctionProps): TemplateResult | string {
    const { marker } = p;
    if (marker === undefined) return p.curves.map((c) => c.label).join(', ');
    return html`
      <ul>
        ${p.curves.map(
          (c) => html`
            <li>${c.label}: ${formatNumber(valueAt(c, marker))}</li>
          `,
        )}
      </ul>
    `;
  }
  protected override below(): typeof nothing {
    return nothing;
  }
}
define('x2g-plot-function', FunctionElement);

export const functionPlot = (props: FunctionProps): TemplateResult => html`
  <x2g-plot-function .props=${props}></x2g-plot-function>
`;

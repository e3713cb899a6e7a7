/**
 * Curves over steps: roles tell color and dash, axes are linear or logarithmic, the pointer reads values, the legend shows the newest ones.
 * Drawn here, in some 3 kB: a library (20 kB) took a sixth of what a lesson page may weigh. No zoom, no time axis, no stacking.
 */
import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { linear } from '../math/scale.ts';
import { axisTicks, dataRange, indexAt, lastOf, tickLabel, widenRange } from './line-data.ts';
import { define, font, haloText, PlotElement, plotStyle } from './plot-element.ts';
import { themeOf, type PlotTheme } from './theme.ts';
import type { LineProps, LineSeries } from './types.ts';

const words = { empty: { en: 'no values yet', ja: 'まだ値がありません' } };
const MARGIN = { left: 54, right: 12, top: 8, bottom: 38 };

const isDashed = (s: LineSeries): boolean => s.dashed ?? s.role === 'valid';
const logX = (p: LineProps): boolean => p.log === 'x' || p.log === 'both';
const logY = (p: LineProps): boolean => p.log === 'y' || p.log === 'both';

/** Value -> pixel along one axis. */
interface Axis {
  range: [number, number];
  log: boolean;
  at(value: number): number;
  back(pixel: number): number;
}

function axis(range: [number, number], log: boolean, pixels: [number, number]): Axis {
  const scale = log ? linear([Math.log10(range[0]), Math.log10(range[1])], pixels) : linear(range, pixels);
  return {
    range,
    log,
    at: (value) => scale(log ? Math.log10(value) : value),
    back: (pixel) => (log ? 10 ** scale.invert(pixel) : scale.invert(pixel)),
  };
}

export class LineElement extends PlotElement<LineProps> {
  static override styles: CSSResultGroup = [
    plotStyle,
    css`
      .keys {
        justify-content: flex-start;
        color: var(--x2g-ink);
        min-height: 1.5em;
        margin: 0;
      }
      .keys span {
        display: inline-flex;
        align-items: center;
        gap: var(--x2g-space-1);
        white-space: nowrap;
      }
      .keys svg {
        width: 1.75em;
        height: 0.75em;
        stroke-width: 3;
      }
      .keys output {
        min-width: 5.5ch;
        font-weight: 600;
      }
    `,
  ];
  #hover: number | undefined;

  protected override heightFor(_width: number, p: LineProps): number {
    return p.height ?? 240;
  }

  #axes(width: number, height: number, p: LineProps): { x: Axis; y: Axis } {
    const [x0, x1] = p.xRange ?? dataRange(p.series, 'x', logX(p)) ?? [logX(p) ? 1 : 0, logX(p) ? 10 : 1];
    const values = dataRange(p.series, 'y', logY(p));
    return {
      x: axis([x0, x1], logX(p), [MARGIN.left, Math.max(MARGIN.left, width - MARGIN.right)]),
      y: axis(p.yRange ?? widenRange(values?.[0] ?? null, values?.[1] ?? null, logY(p)), logY(p), [
        Math.max(MARGIN.top, height - MARGIN.bottom),
        MARGIN.top,
      ]),
    };
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: LineProps,
  ): void {
    const { x, y } = this.#axes(width, height, p);
    this.#grid(ctx, theme, p, x, y);
    ctx.save();
    ctx.beginPath();
    ctx.rect(MARGIN.left, MARGIN.top - 2, width - MARGIN.left, height - MARGIN.bottom - MARGIN.top + 4);
    ctx.clip();
    for (const mark of p.marks ?? []) {
      if (!(mark.y >= y.range[0] && mark.y <= y.range[1])) continue;
      ctx.strokeStyle = ctx.fillStyle = theme.color(mark.role ?? 'muted');
      ctx.lineWidth = 1;
      ctx.setLineDash([2, 3]);
      ctx.beginPath();
      ctx.moveTo(MARGIN.left, y.at(mark.y));
      ctx.lineTo(width - MARGIN.right, y.at(mark.y));
      ctx.stroke();
      ctx.setLineDash([]);
      font(ctx, theme, 11);
      ctx.textAlign = 'right';
      ctx.textBaseline = 'bottom';
      haloText(ctx, theme, mark.label, width - MARGIN.right - 4, y.at(mark.y) - 2);
    }
    for (const s of p.series) this.#curve(ctx, theme, s, x, y);
    if (this.#hover !== undefined && p.series.some((s) => s.x.length > 0)) {
      ctx.fillStyle = theme.color('muted', 0.6);
      ctx.fillRect(x.at(this.#hover) - 0.5, MARGIN.top, 1, height - MARGIN.bottom - MARGIN.top);
      for (const s of p.series) {
        const i = indexAt(s.x, this.#hover);
        const value = s.y[i];
        if (value === undefined || !Number.isFinite(value)) continue;
        ctx.beginPath();
        ctx.arc(x.at(s.x[i] ?? 0), y.at(value), 3.5, 0, 2 * Math.PI);
        ctx.fillStyle = theme.color(s.role ?? 'train');
        ctx.fill();
      }
    }
    ctx.restore();
  }

  #grid(ctx: CanvasRenderingContext2D, theme: PlotTheme, p: LineProps, x: Axis, y: Axis): void {
    const [left, right, bottom] = [x.at(x.range[0]), x.at(x.range[1]), y.at(y.range[0])];
    font(ctx, theme, 11);
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.color('line');
    ctx.fillStyle = theme.color('muted');
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const v of axisTicks(y.range, y.log, Math.max(2, (bottom - MARGIN.top) / 44))) {
      ctx.beginPath();
      ctx.moveTo(left, y.at(v));
      ctx.lineTo(right, y.at(v));
      ctx.stroke();
      ctx.fillText(tickLabel(v), left - 6, y.at(v));
    }
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const v of axisTicks(x.range, x.log, Math.max(2, (right - left) / 90))) {
      ctx.beginPath();
      ctx.moveTo(x.at(v), MARGIN.top);
      ctx.lineTo(x.at(v), bottom + 4);
      ctx.stroke();
      const text = tickLabel(v);
      const half = ctx.measureText(text).width / 2;
      ctx.fillText(text, Math.min(x.at(v), right + MARGIN.right - half), bottom + 7);
    }
    font(ctx, theme, 12);
    ctx.fillText(p.xLabel, (left + right) / 2, bottom + 22);
    ctx.save();
    ctx.translate(2, (bottom + MARGIN.top) / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText(p.yLabel, 0, 0);
    ctx.restore();
  }

  #curve(ctx: CanvasRenderingContext2D, theme: PlotTheme, s: LineSeries, x: Axis, y: Axis): void {
    const drawable = (v: number | undefined, a: Axis): v is number =>
      v !== undefined && Number.isFinite(v) && (!a.log || v > 0);
    ctx.strokeStyle = ctx.fillStyle = theme.color(s.role ?? 'train');
    ctx.lineWidth = s.width ?? 2;
    ctx.setLineDash(isDashed(s) ? [6, 4] : []);
    ctx.beginPath();
    const dots: [number, number][] = [];
    for (let i = 0; i < s.x.length; i++) {
      const [sx, sy] = [s.x[i], s.y[i]];
      if (!drawable(sx, x) || !drawable(sy, y)) continue;
      const at: [number, number] = [x.at(sx), y.at(sy)];
      ctx.lineTo(...at);
      if (dots.length < 200) dots.push(at);
    }
    ctx.stroke();
    ctx.setLineDash([]);
    if (!s.points && dots.length > 1) return;
    for (const [px, py] of dots) {
      ctx.beginPath();
      ctx.arc(px, py, 3, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  protected override onPointer(event: PointerEvent, px: number): void {
    const { props: p, canvas } = this;
    if (!p || !canvas) return;
    const { x } = this.#axes(canvas.clientWidth, canvas.clientHeight, p);
    const inside =
      event.type !== 'pointerleave' && px >= MARGIN.left && px <= canvas.clientWidth - MARGIN.right;
    const next = inside ? x.back(px) : undefined;
    if (next === this.#hover) return;
    this.#hover = next;
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const p = this.props;
    if (!p) return nothing;
    const theme = themeOf(getComputedStyle(this));
    const hover = this.#hover;
    const shown = (s: LineSeries): string => {
      const value = hover === undefined ? lastOf(s.y) : s.y[indexAt(s.x, hover)];
      return value === undefined ? '' : formatNumber(value, 4);
    };
    return html`
      <p class="legend keys" aria-hidden="true">
        ${p.series.map(
          (s) => html`
            <span>
              <svg viewBox="0 0 28 12" stroke=${theme.color(s.role ?? 'train')}>
                <line x1="0" x2="28" y1="6" y2="6" stroke-dasharray=${isDashed(s) ? '6 4' : 'none'}></line>
              </svg>
              ${s.label}
              <output>${shown(s)}</output>
            </span>
          `,
        )}
        <span>${hover === undefined ? '' : `${p.xLabel} ${formatNumber(hover, 4)}`}</span>
      </p>
      ${super.render()}
    `;
  }

  protected override twin(p: LineProps): TemplateResult {
    return html`
      ${p.series.map((s) => {
        const last = lastOf(s.y);
        return html`
          <p>${s.label}: ${last === undefined ? this.t(words.empty) : formatNumber(last, 4)}</p>
        `;
      })}
    `;
  }

  /** The curves with their names above, for exportPNG() and exportSVG(). */
  override snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined {
    const drawn = super.snapshot();
    const ratio = drawn ? (drawn.image as HTMLCanvasElement).width / Math.max(1, drawn.box.width) : 0;
    const box = this.getBoundingClientRect();
    const image = document.createElement('canvas');
    [image.width, image.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    const ctx = image.getContext('2d');
    if (!drawn || !ctx || image.width < 1 || image.height < 1) return undefined;
    ctx.drawImage(drawn.image, (drawn.box.left - box.left) * ratio, (drawn.box.top - box.top) * ratio);
    ctx.scale(ratio, ratio);
    this.#names(ctx);
    return { image, box };
  }

  override paintOn(ctx: CanvasRenderingContext2D): DOMRect | undefined {
    const box = this.getBoundingClientRect();
    const inner = this.canvas?.getBoundingClientRect();
    if (!inner) return undefined;
    ctx.save();
    ctx.translate(inner.left - box.left, inner.top - box.top);
    super.paintOn(ctx);
    ctx.restore();
    this.#names(ctx);
    return box;
  }

  #names(ctx: CanvasRenderingContext2D): void {
    const theme = themeOf(getComputedStyle(this));
    font(ctx, theme, 12, 600);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    let x = 4;
    for (const s of this.props?.series ?? []) {
      ctx.fillStyle = theme.color(s.role ?? 'train');
      const text = `${isDashed(s) ? '╌' : '─'} ${s.label}`;
      ctx.fillText(text, x, 4);
      x += ctx.measureText(text).width + 16;
    }
  }
}
define('x2g-plot-line', LineElement);

export const linePlot = (props: LineProps): TemplateResult => html`
  <x2g-plot-line .props=${props}></x2g-plot-line>
`;

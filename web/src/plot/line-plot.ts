/**
 * Curves over steps, drawn by uPlot, which is fetched when the first plot is drawn. Ours are the roles (color, solid or dashed), the marks,
 * the figures under the pointer, the text twin. uPlot's sheet is adopted, never injected, so that a strict CSP holds.
 */
import { css, html, LitElement, nothing, unsafeCSS, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import sheet from 'uplot/dist/uPlot.min.css?inline';
import { resolveLang } from '../elements/language.ts';
import { formatNumber } from '../math/format.ts';
import { tickText } from '../math/scale.ts';
import { lastOf, sharedTable, widenRange } from './line-data.ts';
import { define } from './plot-element.ts';
import { themeOf, type PlotTheme } from './theme.ts';
import type { LineProps, LineSeries } from './types.ts';

const words = { empty: { en: 'no values yet', ja: 'まだ値がありません' } };
let loading: Promise<typeof uPlot> | undefined;
const load = (): Promise<typeof uPlot> => (loading ??= import('uplot').then((m) => m.default));

const isDashed = (s: LineSeries): boolean => s.dashed ?? s.role === 'valid';

export class LineElement extends LitElement {
  static override properties = { props: { attribute: false } };
  static override styles = [
    unsafeCSS(sheet),
    css`
      :host {
        display: block;
        min-width: 0;
        font-variant-numeric: tabular-nums;
      }
      .plot {
        contain: inline-size;
        overflow: hidden;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--x2g-space-4);
        font-size: var(--x2g-text-tiny);
        color: var(--x2g-ink);
        min-height: 1.5em;
        margin: 0;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: var(--x2g-space-1);
        white-space: nowrap;
      }
      .legend svg {
        width: 1.75em;
        height: 0.75em;
      }
      .legend output {
        min-width: 5.5ch;
        font-weight: 600;
      }
      .u-cursor-x {
        border-color: var(--x2g-line-strong) !important;
      }
      .unseen {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];
  declare props: LineProps | undefined;
  #plot: uPlot | undefined;
  #key = '';
  #width = 0;
  #hover: number | undefined;
  #sizes: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('data-plot', '');
    this.#sizes = new ResizeObserver((entries) => {
      this.#width = Math.floor(entries.at(-1)?.contentRect.width ?? 0);
      this.requestUpdate();
    });
    this.#sizes.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#key = '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const p = this.props;
    if (!p) return nothing;
    const lang = resolveLang(this);
    const at = (s: LineSeries): string => {
      const value = this.#hover === undefined ? lastOf(s.y) : valueNear(s, this.#hover);
      return value === undefined ? '' : formatNumber(value, 4);
    };
    return html`
      <p class="legend" aria-hidden="true">
        ${p.series.map(
          (s) => html`
            <span>
              <svg viewBox="0 0 28 12" data-role=${s.role ?? 'train'} data-dash=${isDashed(s) ? 'yes' : 'no'}>
                <line
                  x1="0"
                  x2="28"
                  y1="6"
                  y2="6"
                  stroke-width="3"
                  stroke-dasharray=${isDashed(s) ? '6 4' : 'none'}
                ></line>
              </svg>
              ${s.label}
              <output>${at(s)}</output>
            </span>
          `,
        )}
        ${
          this.#hover === undefined
            ? nothing
            : html`
                <span>${p.xLabel} ${formatNumber(this.#hover, 4)}</span>
              `
        }
      </p>
      <div class="plot" role="img" aria-label=${p.label}></div>
      <div class="unseen">
        ${p.series.map((s) => {
          const last = lastOf(s.y);
          return html`
            <p>${s.label}: ${last === undefined ? words.empty[lang] : formatNumber(last, 4)}</p>
          `;
        })}
      </div>
    `;
  }

  protected override updated(): void {
    const p = this.props;
    const holder = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!p || !holder) return;
    const height = p.height ?? 240;
    if (holder.style.height !== `${height}px`) holder.style.height = `${height}px`;
    const theme = themeOf(getComputedStyle(this));
    for (const mark of this.renderRoot.querySelectorAll<SVGElement>('.legend svg'))
      mark.style.stroke = theme.color((mark.dataset.role ?? 'train') as 'train');
    if (this.#width < 40) return;
    void load().then((Plot) => {
      if (this.isConnected && this.props) this.#draw(Plot, holder, theme, this.props);
    });
  }

  #draw(Plot: typeof uPlot, holder: HTMLElement, theme: PlotTheme, p: LineProps): void {
    const height = p.height ?? 240;
    const key = JSON.stringify([
      p.series.map((s) => [s.label, s.role, isDashed(s), s.points]),
      p.log,
      p.xLabel,
      p.yLabel,
      p.xRange,
      p.yRange,
      p.marks,
      theme.color('ink'),
      theme.color('bg'),
    ]);
    const data = sharedTable(p.series) as uPlot.AlignedData;
    if (this.#plot && key === this.#key) {
      if (this.#plot.width !== this.#width || this.#plot.height !== height)
        this.#plot.setSize({ width: this.#width, height });
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#key = key;
    this.#plot = new Plot(this.#options(theme, p, height), data, holder);
  }

  #options(theme: PlotTheme, p: LineProps, height: number): uPlot.Options {
    const logX = p.log === 'x' || p.log === 'both';
    const logY = p.log === 'y' || p.log === 'both';
    const axis = (label: string, log: boolean, vertical: boolean): uPlot.Axis => {
      const filter = (_u: uPlot, splits: number[]) => splits.map((v) => (isPower(v) ? v : null));
      const powers = log ? { filter } : {};
      return {
        label,
        labelSize: 18,
        labelFont: `12px ${theme.font}`,
        font: `11px ${theme.font}`,
        stroke: theme.color('muted'),
        grid: { stroke: theme.color('line'), width: 1, ...powers },
        ticks: { stroke: theme.color('line'), width: 1, size: 4, ...powers },
        gap: 4,
        ...(vertical ? { size: 52 } : { size: 30 }),
        ...powers,
        values: (_u, splits) => splits.map((v) => (v === null ? '' : log ? logTick(v) : tickText(v))),
      };
    };
    const range =
      (given: [number, number] | undefined, log: boolean): uPlot.Scale.Range =>
      (_u, low, high) =>
        given ?? widenRange(low, high, log);
    return {
      width: this.#width,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: false, distr: logX ? 3 : 1, ...(p.xRange ? { range: p.xRange } : {}) },
        y: { distr: logY ? 3 : 1, range: range(p.yRange, logY) },
      },
      axes: [axis(p.xLabel, logX, false), axis(p.yLabel, logY, true)],
      series: [
        {},
        ...p.series.map((s) => ({
          label: s.label,
          stroke: theme.color(s.role ?? 'train'),
          width: s.width ?? 2,
          dash: isDashed(s) ? [6, 4] : [],
          spanGaps: true,
          points: { show: s.points ?? false, size: 5 },
        })),
      ],
      hooks: {
        setCursor: [
          (u) => {
            const index = u.cursor.idx;
            const next = index === null || index === undefined ? undefined : (u.data[0][index] ?? undefined);
            if (next === this.#hover) return;
            this.#hover = next;
            this.requestUpdate();
          },
        ],
        draw: [(u) => this.#marks(u, theme)],
      },
    };
  }

  #marks(u: uPlot, theme: PlotTheme): void {
    const ratio = window.devicePixelRatio || 1;
    const { ctx, bbox } = u;
    for (const mark of this.props?.marks ?? []) {
      const y = u.valToPos(mark.y, 'y', true);
      if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = theme.color(mark.role ?? 'muted');
      ctx.lineWidth = ratio;
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.font = `${11 * ratio}px ${theme.font}`;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'bottom';
      ctx.fillText(mark.label, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
      ctx.restore();
    }
  }

  snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined {
    const canvas = this.renderRoot.querySelector('canvas');
    const holder = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!canvas || !holder || canvas.width < 1) return undefined;
    // The element is taller than its canvas by the legend: compose both, so that places fit.
    const ratio = canvas.width / Math.max(1, canvas.clientWidth);
    const out = document.createElement('canvas');
    out.width = Math.round(this.clientWidth * ratio);
    out.height = Math.round(this.clientHeight * ratio);
    const ctx = out.getContext('2d');
    const theme = themeOf(getComputedStyle(this));
    if (!ctx || out.width < 1 || out.height < 1) return undefined;
    ctx.drawImage(canvas, 0, (holder.getBoundingClientRect().top - this.getBoundingClientRect().top) * ratio);
    ctx.font = `600 ${12 * ratio}px ${theme.font}`;
    ctx.textBaseline = 'top';
    let x = 4 * ratio;
    for (const s of this.props?.series ?? []) {
      ctx.fillStyle = theme.color(s.role ?? 'train');
      const text = `${isDashed(s) ? '╌' : '─'} ${s.label}`;
      ctx.fillText(text, x, 2 * ratio);
      x += ctx.measureText(text).width + 16 * ratio;
    }
    return { image: out, box: this.getBoundingClientRect() };
  }
}

/** Only powers of ten have a tick on a logarithmic axis. */
function isPower(value: number): boolean {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-6;
}
function logTick(value: number): string {
  return value >= 0.001 && value < 1e5 ? tickText(value) : formatNumber(value, 1);
}

/** The sample at or before a step. */
function valueNear(s: LineSeries, x: number): number | undefined {
  let found: number | undefined;
  for (let i = 0; i < s.x.length && (s.x[i] ?? 0) <= x; i++) found = s.y[i];
  return found;
}
define('x2g-plot-line', LineElement);

export const linePlot = (props: LineProps): TemplateResult => html`
  <x2g-plot-line .props=${props}></x2g-plot-line>
`;

/**
 * Small pictures side by side: the weights of hidden units, digits that were read wrongly, what a network is shown. Signed pictures share
 * one symmetric limit, with zero at the background; ink runs from paper to ink. With onPick one can be chosen by pointer or arrow keys.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { ramp } from '../math/oklab.ts';
import { rampLegend } from './marks.ts';
import { define, font, PlotElement } from './plot-element.ts';
import { largest, signedIndex, unsignedIndex, type PlotTheme } from './theme.ts';
import type { ImageGridProps } from './types.ts';

const words = {
  pick: { en: 'Arrow keys choose a picture', ja: '矢印キーで画像を選びます' },
};
const GAP = 6;
const CAPTION = 16;
const BAR = 6;

const inks = new WeakMap<PlotTheme, Uint8ClampedArray>();
/** 256 colors from paper to ink. */
function inkRamp(theme: PlotTheme): Uint8ClampedArray {
  let colors = inks.get(theme);
  if (!colors) {
    colors = ramp([theme.rgb.bg, theme.rgb.ink]);
    inks.set(theme, colors);
  }
  return colors;
}

let scratch: HTMLCanvasElement | undefined;

/** One picture (rows · cols values from `from` on) into a box, every pixel a square. */
export function drawPixels(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  data: ArrayLike<number>,
  rows: number,
  cols: number,
  box: { x: number; y: number; width: number; height: number },
  kind: 'ink' | 'signed',
  limit = 1,
  from = 0,
): void {
  if (rows < 1 || cols < 1) return;
  const colors = kind === 'ink' ? inkRamp(theme) : theme.signed;
  const index = kind === 'ink' ? unsignedIndex : signedIndex;
  const image = new ImageData(cols, rows);
  const [pixels, palette] = [image.data, colors].map((bytes) => new Uint32Array(bytes.buffer)); // four bytes at once
  for (let i = 0; pixels && i < rows * cols; i++)
    pixels[i] = palette?.[Math.round(index(data[from + i] ?? Number.NaN, limit))] ?? 0;
  scratch ??= document.createElement('canvas');
  scratch.width = cols;
  scratch.height = rows;
  scratch.getContext('2d')?.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(scratch, box.x, box.y, box.width, box.height);
}

export interface GridBox {
  columns: number;
  side: number;
  rowHeight: number;
}
/** How the pictures stand in a width: side in CSS px, as many columns as were asked for or fit. */
export function gridBox(
  width: number,
  p: Pick<ImageGridProps, 'count' | 'rows' | 'cols' | 'columns' | 'size' | 'captions' | 'levels'>,
): GridBox {
  const size = p.size ?? 56;
  const fit = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  const columns = Math.max(1, Math.min(p.columns ?? fit, Math.max(1, p.count)));
  const side = Math.max(1, Math.min(size, (width - GAP * (columns - 1)) / columns));
  const rowHeight = (side * p.rows) / p.cols + GAP + (p.captions ? CAPTION : 0) + (p.levels ? BAR : 0);
  return { columns, side, rowHeight };
}

export class ImageGridElement extends PlotElement<ImageGridProps> {
  protected override widest(p: ImageGridProps): number {
    const columns = p.columns ?? p.count;
    return Math.max(1, columns) * ((p.size ?? 56) + GAP) - GAP;
  }
  protected override heightFor(width: number, p: ImageGridProps): number {
    const { columns, rowHeight } = gridBox(width, p);
    return Math.max(1, Math.ceil(Math.ceil(p.count / columns) * rowHeight - GAP + 4));
  }
  protected override interactive(p: ImageGridProps): { hint: string } | undefined {
    return p.onPick ? { hint: this.t(words.pick) } : undefined;
  }
  #limit(p: ImageGridProps): number {
    return p.limit ?? (p.signed ? largest(p.data) || 1 : 1);
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    _h: number,
    theme: PlotTheme,
    p: ImageGridProps,
  ): void {
    const { columns, side, rowHeight } = gridBox(width, p);
    const height = (side * p.rows) / p.cols;
    const limit = this.#limit(p);
    font(ctx, theme, 11);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (let i = 0; i < p.count; i++) {
      const x = (i % columns) * (side + GAP);
      const y = Math.floor(i / columns) * rowHeight + 2;
      const box = { x, y, width: side, height };
      drawPixels(
        ctx,
        theme,
        p.data,
        p.rows,
        p.cols,
        box,
        p.signed ? 'signed' : 'ink',
        limit,
        i * p.rows * p.cols,
      );
      const chosen = i === p.selected;
      ctx.strokeStyle = theme.color(chosen ? 'accent' : 'line');
      ctx.lineWidth = chosen ? 3 : 1;
      ctx.strokeRect(x + 0.5, y + 0.5, side - 1, height - 1);
      let below = y + height;
      const level = p.levels?.[i];
      if (level !== undefined) {
        ctx.fillStyle = theme.color('line');
        ctx.fillRect(x, below + 2, side, BAR - 2);
        ctx.fillStyle = theme.color('ink');
        ctx.fillRect(x, below + 2, side * Math.min(1, Math.max(0, level || 0)), BAR - 2);
        below += BAR;
      }
      const caption = p.captions?.[i];
      if (caption) {
        ctx.fillStyle = theme.color('ink');
        ctx.fillText(caption, x + side / 2, below + CAPTION / 2 + 1, side + GAP - 2);
      }
    }
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const { props: p, canvas } = this;
    if (event.type !== 'pointerdown' || !p?.onPick || !canvas) return;
    const { columns, side, rowHeight } = gridBox(canvas.clientWidth, p);
    const col = Math.floor(x / (side + GAP));
    const at = Math.floor(y / rowHeight) * columns + col;
    if (col < columns && at >= 0 && at < p.count) p.onPick(at);
  }
  protected override onKey(event: KeyboardEvent): void {
    const { props: p, canvas } = this;
    if (!p?.onPick || !canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns } = gridBox(canvas.clientWidth, p);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = p.selected === undefined ? 0 : p.selected + step;
    if (next >= 0 && next < p.count) p.onPick(next);
  }

  protected override below(p: ImageGridProps): TemplateResult | typeof nothing {
    const limit = this.#limit(p);
    return p.signed ? rampLegend('signed', formatNumber(-limit, 2), formatNumber(limit, 2)) : nothing;
  }
  protected override twin(p: ImageGridProps): TemplateResult {
    return html`
      <ul>
        ${Array.from(
          { length: p.count },
          (_, i) => html`
            <li>
              ${p.names?.[i] ?? p.captions?.[i] ?? i + 1}${p.levels ? `: ${formatNumber(p.levels[i] ?? Number.NaN, 2)}` : ''}
            </li>
          `,
        )}
      </ul>
    `;
  }
}
define('x2g-plot-images', ImageGridElement);

export const imageGrid = (props: ImageGridProps): TemplateResult => html`
  <x2g-plot-images .props=${props}></x2g-plot-images>
`;

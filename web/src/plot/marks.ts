/**
 * Marks that several drawings share: data points with their class shapes, a field of values as an image, arrows, legends.
 * Shape and color tell the same thing twice: filled circle = class 1, cross = class 0.
 */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import type { PlotTheme } from './theme.ts';
import { themeOf } from './theme.ts';
import type { SurfaceField } from './types.ts';

export function drawPoint(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  x: number,
  y: number,
  label: number,
  radius = 6,
): void {
  ctx.beginPath();
  if (label >= 0.5) {
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = theme.color('positive');
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = theme.color('bg');
    ctx.stroke();
    return;
  }
  const r = radius * 0.82;
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x - r, y + r);
  ctx.lineTo(x + r, y - r);
  ctx.lineWidth = radius * 0.5 + 3;
  ctx.strokeStyle = theme.color('bg');
  ctx.stroke();
  ctx.lineWidth = radius * 0.5;
  ctx.strokeStyle = theme.color('negative');
  ctx.stroke();
}

export function drawRing(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
  width = 2,
): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.lineWidth = width;
  ctx.strokeStyle = color;
  ctx.stroke();
}

export function drawArrow(
  ctx: CanvasRenderingContext2D,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  head = 8,
): void {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  for (const turn of [2.6, -2.6]) {
    ctx.moveTo(x1, y1);
    ctx.lineTo(x1 + head * Math.cos(angle + turn), y1 + head * Math.sin(angle + turn));
  }
  ctx.stroke();
}

/** Where a value stands between low (0), middle (127.5) and high (255). */
export function fieldIndex(value: number, low: number, middle: number, high: number): number {
  if (Number.isNaN(value)) return 127.5;
  const u =
    value >= middle ? (value - middle) / (high - middle || 1) : (value - middle) / (middle - low || 1);
  return 127.5 + 127.5 * Math.min(1, Math.max(-1, u));
}

/** A field as an image of cells×cells pixels, top row = largest y. `strength` (0…1) leaves room for points on top. */
export function fieldImage(field: SurfaceField, theme: PlotTheme, strength = 0.5): ImageData | undefined {
  const { cells, data, low = 0, middle = 0.5, high = 1, column = 0, width = 1 } = field;
  if (cells < 1 || data.length < cells * cells * width) return undefined;
  const image = new ImageData(cells, cells);
  const colors = theme.signed;
  for (let row = 0; row < cells; row++)
    for (let col = 0; col < cells; col++) {
      const value = data[((cells - 1 - row) * cells + col) * width + column] ?? Number.NaN;
      const index = 127.5 + (fieldIndex(value, low, middle, high) - 127.5) * strength;
      const from = Math.round(index) * 4;
      image.data.set(colors.subarray(from, from + 4), (row * cells + col) * 4);
    }
  return image;
}

let scratch: OffscreenCanvas | HTMLCanvasElement | undefined;

/** Draws a field into a box, smoothed unless it is flat. */
export function drawField(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  field: SurfaceField,
  x: number,
  y: number,
  width: number,
  height: number,
  strength?: number,
): void {
  const image = fieldImage(field, theme, strength);
  if (!image || width <= 0 || height <= 0) return;
  scratch ??=
    typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : new OffscreenCanvas(1, 1);
  scratch.width = image.width;
  scratch.height = image.height;
  const inner = scratch.getContext('2d') as CanvasRenderingContext2D | null;
  if (!inner) return;
  inner.putImageData(image, 0, 0);
  ctx.save();
  ctx.imageSmoothingEnabled = field.flat !== true;
  ctx.imageSmoothingQuality = 'high';
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.drawImage(scratch, x, y, width, height);
  ctx.restore();
}

/** Calls back with its element at every rendering. lit's `ref` does more for elements that go, in a kilobyte. */
const painted = directive(
  class extends Directive {
    override render(_paint: (element: Element) => void) {
      return nothing;
    }
    override update({ element }: ElementPart, [paint]: [(element: Element) => void]) {
      paint(element);
      return noChange;
    }
  },
);

/** A bar of the color ramp with the value at each end. */
export function rampLegend(
  kind: 'signed' | 'unsigned',
  low: string,
  high: string,
  middle = '',
): TemplateResult {
  const paint = (node: Element): void => {
    if (!(node instanceof HTMLCanvasElement)) return;
    requestAnimationFrame(() => {
      const colors = themeOf(getComputedStyle(node))[kind];
      node.width = 256;
      node.height = 1;
      node.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(colors), 256, 1), 0, 0);
    });
  };
  return html`
    <p class="legend">
      <span>${low}</span>
      <canvas aria-hidden="true" ${painted(paint)}></canvas>
      ${
        middle
          ? html`
              <span>${middle}</span>
            `
          : ''
      }
      <span>${high}</span>
    </p>
  `;
}

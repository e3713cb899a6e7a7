/**
 * How one box and one arrow of a computation graph are painted, and how a tensor's numbers are written in a box.
 * Ops have corners, leaves are round; learned ones have a thick rim. What runs is told by color and by a thick frame.
 */
import { formatNumber } from '../math/format.ts';
import { pointAt, type GraphBox, type GraphCurve } from './graph-layout.ts';
import { font, haloText } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { GraphTensorProps } from './types.ts';

export const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')})`;

/** One number as it is, two in brackets, more by their norm ‖·‖. */
export function valueText(
  tensor: Pick<GraphTensorProps, 'shape'> | undefined,
  data: ArrayLike<number> | undefined,
  digits = 3,
): string {
  if (!tensor || data === undefined) return '';
  if (data.length === 1) return formatNumber(data[0] ?? Number.NaN, digits);
  if (data.length <= 2) return `[${Array.from(data, (v) => formatNumber(v, 2)).join(' ')}]`;
  return `‖·‖ ${formatNumber(Math.hypot(...Array.from(data)), digits)}`;
}

export interface BoxLook {
  kind: 'op' | 'parameter' | 'leaf';
  name: string;
  note: string;
  value: string;
  grad: string;
  compact: boolean;
  current: 'forward' | 'backward' | undefined;
  selected: boolean;
  cursor: boolean;
  editable: boolean;
}

/** Shortens a text to a width with an ellipsis. */
function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let shown = text;
  while (shown.length > 1 && ctx.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}

export function paintBox(ctx: CanvasRenderingContext2D, theme: PlotTheme, b: GraphBox, o: BoxLook): void {
  const outline = (grow: number): void => {
    ctx.beginPath();
    const radius = o.kind === 'op' ? 5 : Math.min(20, b.height / 2);
    ctx.roundRect(b.x - grow, b.y - grow, b.width + 2 * grow, b.height + 2 * grow, radius + grow);
  };
  outline(0);
  ctx.fillStyle = theme.color(o.current || o.selected ? 'surface' : 'bg');
  ctx.fill();
  ctx.lineWidth = o.current ? 3.5 : o.kind === 'parameter' ? 2.5 : 1.25;
  ctx.strokeStyle = theme.color(
    o.current ? (o.current === 'backward' ? 'gradient' : 'accent') : o.kind === 'leaf' ? 'muted' : 'ink',
  );
  ctx.stroke();
  if (o.selected || o.cursor) {
    outline(4);
    ctx.lineWidth = o.cursor ? 2.5 : 1.5;
    ctx.strokeStyle = theme.color('accent');
    ctx.stroke();
  }
  const middle = b.x + b.width / 2;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const room = b.width - 12;
  if (o.compact) {
    font(ctx, theme, 11, 600);
    ctx.fillStyle = theme.color('ink');
    ctx.fillText(fitted(ctx, o.name, room), middle, b.y + b.height / 2);
    return;
  }
  font(ctx, theme, 12, 600);
  ctx.fillStyle = theme.color('ink');
  const title = o.note === '' ? o.name : `${o.name} = ${o.note}`;
  ctx.fillText(fitted(ctx, title, room), middle, b.y + 13);
  font(ctx, theme, 16, 600);
  const value = fitted(ctx, o.value, room);
  ctx.fillText(value, middle, b.y + 33);
  if (o.editable) {
    // A dotted line under what can be typed over.
    const half = ctx.measureText(value).width / 2 + 2;
    ctx.save();
    ctx.setLineDash([2, 3]);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = theme.color('accent');
    ctx.beginPath();
    ctx.moveTo(middle - half, b.y + 43);
    ctx.lineTo(middle + half, b.y + 43);
    ctx.stroke();
    ctx.restore();
  }
  font(ctx, theme, 13, 600);
  ctx.fillStyle = theme.color('gradient');
  ctx.fillText(fitted(ctx, o.grad, room), middle, b.y + 55);
}

export interface EdgeLook {
  active: boolean;
  /** The gradient runs against the arrow now. */
  back: boolean;
  text?: { text: string; faulty?: boolean } | undefined;
}

export function paintEdge(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  curve: GraphCurve,
  o: EdgeLook,
): void {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve.points;
  const color = o.back
    ? theme.color('gradient')
    : theme.color(o.active ? 'accent' : 'muted', o.active ? 1 : 0.8);
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = o.active ? 2.75 : 1.5;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.bezierCurveTo(x1, y1, x2, y2, x3, y3);
  ctx.stroke();
  const back = Math.atan2(y0 - y1, x0 - x1);
  if (o.back) head(ctx, back, x0 - 5 * Math.cos(back), y0 - 5 * Math.sin(back));
  else head(ctx, Math.atan2(y3 - y2, x3 - x2), x3, y3);
  if (!o.text) return;
  const [x, y] = beside(curve);
  // Between two boxes beside each other there is no more room than their distance.
  const room = Math.abs(x3 - x0) > Math.abs(y3 - y0) ? Math.abs(x3 - x0) : Infinity;
  font(ctx, theme, 12, 600);
  if (ctx.measureText(o.text.text).width > room - 4) font(ctx, theme, 10, 600);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.color('gradient');
  haloText(ctx, theme, o.text.text, x, y);
  if (!o.text.faulty) return;
  const half = ctx.measureText(o.text.text).width / 2 + 2;
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.color('gradient');
  ctx.beginPath();
  ctx.moveTo(x - half, y);
  ctx.lineTo(x + half, y);
  ctx.stroke();
}

/** Where a factor stands: above an arrow that runs across, to the right of one that runs down. */
function beside(curve: GraphCurve): [number, number] {
  const [x0, y0, , , , , x3, y3] = curve.points;
  const [x, y] = pointAt(curve, 0.5);
  return Math.abs(y3 - y0) > Math.abs(x3 - x0) && Math.abs(x3 - x0) < 8 ? [x + 34, y] : [x, y - 9];
}

function head(ctx: CanvasRenderingContext2D, angle: number, x: number, y: number): void {
  ctx.beginPath();
  for (const turn of [0, 2.6, -2.6]) {
    const [px, py] = [
      x + (turn === 0 ? 5 : 8) * Math.cos(angle + turn),
      y + (turn === 0 ? 5 : 8) * Math.sin(angle + turn),
    ];
    if (turn === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
  ctx.fill();
}

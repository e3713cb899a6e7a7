/**
 * Painting of a decision surface: field, grid, curves, lines, points, axes, from back to front. Pure: a context and numbers in, pixels out.
 */
import { clipLine, linear, ticks, tickText, type Scale } from '../math/scale.ts';
import { drawArrow, drawField, drawPoint, drawRing } from './marks.ts';
import { font, haloText } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { SurfaceLine, SurfaceProps } from './types.ts';

export const MARGIN = { left: 36, right: 10, top: 10, bottom: 34 };

export interface SurfaceScales {
  x: Scale;
  y: Scale;
}
export function surfaceScales(width: number, height: number, p: SurfaceProps): SurfaceScales {
  const bare = p.ticks === false;
  const m = bare ? { left: 4, right: 4, top: 4, bottom: 4 } : { ...MARGIN, top: p.axes?.y ? 24 : MARGIN.top };
  return {
    x: linear(p.x, [m.left, Math.max(m.left, width - m.right)]),
    y: linear(p.y, [Math.max(m.top, height - m.bottom), m.top]),
  };
}

function paintLine(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  s: SurfaceScales,
  p: SurfaceProps,
  line: SurfaceLine,
): void {
  const ends = clipLine(line.w1, line.w2, line.b, p.x, p.y);
  if (!ends) return;
  const [[ax, ay], [bx, by]] = ends.map(([x, y]) => [s.x(x), s.y(y)] as const) as [
    [number, number],
    [number, number],
  ];
  const color = theme.color(line.role ?? 'ink');
  ctx.strokeStyle = theme.color('bg');
  ctx.lineWidth = 5;
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.stroke();
  ctx.setLineDash(line.dashed ? [6, 5] : []);
  ctx.strokeStyle = color;
  ctx.lineWidth = 2.25;
  ctx.stroke();
  ctx.setLineDash([]);
  // The weight vector in pixels: y grows downwards.
  const px = line.w1 * Math.sign(s.x(1) - s.x(0));
  const py = line.w2 * Math.sign(s.y(1) - s.y(0));
  const norm = Math.hypot(px, py) || 1;
  const [nx, ny] = [px / norm, py / norm];
  if (line.side) {
    const length = Math.hypot(bx - ax, by - ay);
    ctx.lineWidth = 1.25;
    ctx.beginPath();
    for (let d = 8; d < length; d += 14) {
      const [x, y] = [ax + ((bx - ax) * d) / length, ay + ((by - ay) * d) / length];
      ctx.moveTo(x, y);
      ctx.lineTo(x + nx * 6, y + ny * 6);
    }
    ctx.stroke();
  }
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  if (line.normal) {
    ctx.lineWidth = 2;
    drawArrow(ctx, mx, my, mx + nx * 34, my + ny * 34);
  }
  if (line.name) {
    ctx.fillStyle = color;
    font(ctx, theme, 12, 600);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    haloText(ctx, theme, line.name, ax + (bx - ax) * 0.8 + nx * 14, ay + (by - ay) * 0.8 + ny * 14);
  }
}

function paintAxes(ctx: CanvasRenderingContext2D, theme: PlotTheme, s: SurfaceScales, p: SurfaceProps): void {
  const [left, right] = [s.x(p.x[0]), s.x(p.x[1])];
  const [bottom, top] = [s.y(p.y[0]), s.y(p.y[1])];
  ctx.strokeStyle = theme.color('line');
  ctx.lineWidth = 1;
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
  ctx.stroke();
  if (p.ticks === false) return;
  font(ctx, theme, 11);
  ctx.fillStyle = theme.color('muted');
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  for (const v of ticks(p.x[0], p.x[1], 4)) ctx.fillText(tickText(v), s.x(v), bottom + 4);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const v of ticks(p.y[0], p.y[1], 4)) ctx.fillText(tickText(v), left - 5, s.y(v));
  if (!p.axes) return;
  font(ctx, theme, 12, 600);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.fillText(p.axes.x, right, bottom + 18);
  ctx.textAlign = 'center';
  ctx.fillText(p.axes.y, Math.max(left, 12), 4);
}

export function paintSurface(
  ctx: CanvasRenderingContext2D,
  width: number,
  height: number,
  theme: PlotTheme,
  p: SurfaceProps,
): SurfaceScales {
  const s = surfaceScales(width, height, p);
  const [left, right] = [s.x(p.x[0]), s.x(p.x[1])];
  const [bottom, top] = [s.y(p.y[0]), s.y(p.y[1])];
  if (p.field) drawField(ctx, theme, p.field, left, top, right - left, bottom - top);
  paintAxes(ctx, theme, s, p);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  for (const c of p.curves ?? []) {
    ctx.beginPath();
    for (let i = 0; i < c.x.length; i++) ctx.lineTo(s.x(c.x[i] ?? 0), s.y(c.y[i] ?? 0));
    ctx.setLineDash(c.dashed ? [5, 4] : []);
    ctx.strokeStyle = theme.color(c.role ?? 'muted');
    ctx.lineWidth = c.width ?? 1;
    ctx.stroke();
    ctx.setLineDash([]);
  }
  for (const line of p.lines ?? []) paintLine(ctx, theme, s, p, line);
  ctx.restore();
  for (const point of p.points ?? []) {
    const [x, y] = [s.x(point.x), s.y(point.y)];
    if (point.current) drawRing(ctx, x, y, 15, theme.color('accent'), 2.5);
    if (point.wrong) drawRing(ctx, x, y, 11, theme.color('gradient'), 2);
    drawPoint(ctx, theme, x, y, point.label, (p.points?.length ?? 0) > 60 ? 4 : 6.5);
    if (point.name) {
      font(ctx, theme, 12);
      ctx.fillStyle = theme.color('ink');
      const atRight = x > (left + right) / 2;
      ctx.textAlign = atRight ? 'right' : 'left';
      ctx.textBaseline = y < (top + bottom) / 2 ? 'top' : 'bottom';
      haloText(ctx, theme, point.name, x + (atRight ? -12 : 12), y + (y < (top + bottom) / 2 ? 8 : -8));
    }
  }
  return s;
}

/**
 * How one unit of a network diagram and the number on one of its edges are painted. Where they stand: diagram-layout.ts.
 */
import { formatNumber } from '../math/format.ts';
import type { UnitPlace } from './diagram-layout.ts';
import { drawField } from './marks.ts';
import { font, haloText } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { DiagramProps } from './types.ts';

/** A value as the circle can hold it: at most five characters, with as many digits as fit. */
const fitting = (value: number): string =>
  [3, 2].map((digits) => formatNumber(value, digits)).find((text) => text.length <= 5) ??
  formatNumber(value, 1);

/** `bias`: what stands under the unit as its bias; undefined: none is shown. */
export function paintUnit(
  ctx: CanvasRenderingContext2D,
  theme: PlotTheme,
  p: DiagramProps,
  place: UnitPlace,
  bias: number | undefined,
): void {
  const { x, y, radius } = place;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.color('muted');
  const unit = p.layers[place.layer]?.units[place.unit];
  if (!unit) {
    font(ctx, theme, 18);
    ctx.fillText('⋮', x, y);
    return;
  }
  ctx.save();
  ctx.beginPath();
  if (unit.map) ctx.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, 5);
  else ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = theme.color(unit.lit ? 'ink' : 'bg');
  ctx.fill();
  if (unit.map) {
    ctx.clip();
    drawField(ctx, theme, unit.map, x - radius, y - radius, 2 * radius, 2 * radius, 0.9);
  }
  ctx.restore();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.color('ink');
  ctx.beginPath();
  if (unit.map) ctx.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, 5);
  else ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
  const inside = unit.value === undefined || unit.map ? unit.label : fitting(unit.value);
  font(ctx, theme, Math.min(13, radius * (inside.length > 4 ? 0.6 : 0.72)), 600);
  ctx.fillStyle = theme.color(unit.lit ? 'bg' : 'ink');
  if (unit.map) haloText(ctx, theme, unit.label, x, y + radius + 9);
  else ctx.fillText(inside, x, y);
  font(ctx, theme, 11);
  ctx.fillStyle = theme.color('ink');
  const under = [
    !unit.map && unit.value !== undefined ? unit.label : '',
    bias !== undefined ? `b ${formatNumber(bias)}` : '',
    unit.note ?? '',
  ]
    .filter(Boolean)
    .join('  ');
  if (under) haloText(ctx, theme, under, x, y + radius + (unit.map ? 22 : 10));
}

export interface DrawnEdge {
  from: UnitPlace;
  to: UnitPlace;
  weight: number;
}

/** The weight on its edge. Straight edges carry it in the middle, slanted ones near the sender, so that numbers do not meet. */
export function edgeNumber(ctx: CanvasRenderingContext2D, theme: PlotTheme, edge: DrawnEdge): void {
  const { from, to } = edge;
  const free = Math.hypot(to.x - from.x, to.y - from.y) - from.radius - to.radius;
  const tight = free < 70;
  font(ctx, theme, tight ? 11 : 12, 600);
  const text = formatNumber(edge.weight, tight ? 2 : 3);
  const half = ctx.measureText(text).width / 2;
  const slant = from.unit === to.unit ? 0.52 : 0.3 + 0.1 * (Math.max(from.unit, to.unit) - 1);
  // Clear of the sender's circle: below or above it, else the label's half width beside it at least.
  const above = slant * Math.abs(to.y - from.y) > from.radius + 6;
  const least = above ? 0 : (from.radius + half + 2) / Math.max(1, to.x - from.x);
  const u = Math.min(0.7, Math.max(slant, least));
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.color(edge.weight < 0 ? 'negative' : 'positive');
  haloText(ctx, theme, text, from.x + (to.x - from.x) * u, from.y + (to.y - from.y) * u - 1);
}

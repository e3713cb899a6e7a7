/**
 * A network as circles and arrows: edge width = magnitude, color = sign; values or small maps in the units; biases beside them.
 * What the pointer is on is told below in words. With onWeight every weight can be typed in the table under the drawing.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatNumber, parseNumber } from '../math/format.ts';
import { diagramHeight, edgeWidth, placeUnits, segmentDistance, type UnitPlace } from './diagram-layout.ts';
import { drawField } from './marks.ts';
import { define, font, haloText, PlotElement } from './plot-element.ts';
import { largest, type PlotTheme } from './theme.ts';
import type { DiagramEdges, DiagramProps } from './types.ts';

const words = {
  weights: { en: 'weights', ja: '重み' },
  bias: { en: 'bias', ja: 'バイアス' },
  value: { en: 'value', ja: '値' },
  from: { en: 'from', ja: '入力' },
  to: { en: 'to', ja: '出力' },
};

interface Edge {
  edges: DiagramEdges;
  from: UnitPlace;
  to: UnitPlace;
  weight: number;
}

export class DiagramElement extends PlotElement<DiagramProps> {
  #places: UnitPlace[] = [];
  #edges: Edge[] = [];
  #told = '';

  #numbers(p: DiagramProps): boolean {
    return p.numbers ?? p.edges.reduce((n, e) => n + e.weights.length, 0) <= 12;
  }
  protected override heightFor(width: number, p: DiagramProps): number {
    return p.height ?? diagramHeight(p.layers, width, this.#numbers(p));
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: DiagramProps,
  ): void {
    this.#places = placeUnits(p.layers, width, height);
    this.#edges = edgesOf(p, this.#places);
    const limit = p.limit ?? Math.max(1e-12, ...p.edges.map((e) => largest(e.weights)));
    for (const edge of this.#edges) {
      ctx.beginPath();
      ctx.moveTo(edge.from.x, edge.from.y);
      ctx.lineTo(edge.to.x, edge.to.y);
      ctx.lineWidth = edgeWidth(edge.weight, limit);
      ctx.strokeStyle = theme.color(
        edge.weight < 0 ? 'negative' : 'positive',
        edge.weight === 0 ? 0.35 : 0.9,
      );
      ctx.stroke();
    }
    for (const place of this.#places) this.#unit(ctx, theme, p, place);
    if (this.#numbers(p)) for (const edge of this.#edges) edgeNumber(ctx, theme, edge);
    font(ctx, theme, 12);
    ctx.fillStyle = theme.color('muted');
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    p.layers.forEach((layer, l) => {
      const at = this.#places.find((place) => place.layer === l);
      const half = ctx.measureText(layer.name).width / 2;
      if (at) ctx.fillText(layer.name, Math.min(width - half, Math.max(half, at.x)), 2);
    });
  }

  #unit(ctx: CanvasRenderingContext2D, theme: PlotTheme, p: DiagramProps, place: UnitPlace): void {
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
    font(ctx, theme, Math.min(13, radius * 0.72), 600);
    ctx.fillStyle = theme.color(unit.lit ? 'bg' : 'ink');
    if (unit.map) haloText(ctx, theme, unit.label, x, y + radius + 9);
    else ctx.fillText(inside, x, y);
    font(ctx, theme, 11);
    ctx.fillStyle = theme.color('ink');
    const bias = biasOf(p, place);
    const under = [
      !unit.map && unit.value !== undefined ? unit.label : '',
      this.#numbers(p) && bias !== undefined ? `b ${formatNumber(bias)}` : '',
      unit.note ?? '',
    ]
      .filter(Boolean)
      .join('  ');
    if (under) haloText(ctx, theme, under, x, y + radius + (unit.map ? 22 : 10));
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const told = event.type === 'pointerleave' ? '' : this.#describe(x, y);
    if (told === this.#told) return;
    this.#told = told;
    this.requestUpdate();
  }

  #describe(x: number, y: number): string {
    const p = this.props;
    if (!p) return '';
    const unit = this.#places.find((u) => Math.hypot(u.x - x, u.y - y) <= u.radius + 2);
    if (unit) {
      const u = p.layers[unit.layer]?.units[unit.unit];
      const bias = biasOf(p, unit);
      const parts = [u?.label ?? ''];
      if (u?.value !== undefined) parts.push(`${this.t(words.value)} ${formatNumber(u.value, 4)}`);
      if (bias !== undefined) parts.push(`${this.t(words.bias)} ${formatNumber(bias, 4)}`);
      return parts.join(', ');
    }
    let best: Edge | undefined;
    let distance = 9;
    for (const edge of this.#edges) {
      const d = segmentDistance(x, y, edge.from.x, edge.from.y, edge.to.x, edge.to.y);
      if (d < distance) [best, distance] = [edge, d];
    }
    if (!best) return '';
    const name = (place: UnitPlace): string => p.layers[place.layer]?.units[place.unit]?.label ?? '';
    return `${name(best.from)} → ${name(best.to)}: ${formatNumber(best.weight, 4)}`;
  }

  protected override twin(p: DiagramProps): TemplateResult {
    return p.onWeight
      ? html``
      : html`
          ${p.edges.map((edges) => this.#table(p, edges))}
        `;
  }
  protected override below(p: DiagramProps): TemplateResult {
    return html`
      <p class="told" aria-hidden="true">${this.#told}</p>
      ${p.onWeight ? p.edges.map((edges) => this.#table(p, edges)) : nothing}
    `;
  }

  /** Rows = units that receive, columns = units that send, then the bias. */
  #table(p: DiagramProps, edges: DiagramEdges): TemplateResult {
    const inputs = p.layers[edges.from]?.units ?? [];
    const outputs = p.layers[edges.from + 1]?.units ?? [];
    const cell = (out: number, input: number, value: number, name: string): TemplateResult => html`
      <td>
        ${
          p.onWeight
            ? html`
                <input
                  type="text"
                  inputmode="text"
                  autocomplete="off"
                  aria-label=${name}
                  data-weight=${`${edges.from}-${out}-${input}`}
                  .value=${live(formatNumber(value))}
                  @change=${(e: Event) => {
                    const typed = parseNumber((e.currentTarget as HTMLInputElement).value);
                    if (Number.isFinite(typed)) p.onWeight?.(edges.from, out, input, typed);
                    else this.requestUpdate();
                  }}
                />
              `
            : formatNumber(value)
        }
      </td>
    `;
    return html`
      <table>
        <caption>${edges.name ?? this.t(words.weights)} (${outputs.length}, ${inputs.length})</caption>
        <thead>
          <tr>
            <td></td>
            ${inputs.map(
              (u) => html`
                <th scope="col">${u.label}</th>
              `,
            )}${
              edges.bias
                ? html`
                    <th scope="col">${this.t(words.bias)}</th>
                  `
                : nothing
            }
          </tr>
        </thead>
        <tbody>
          ${outputs.map(
            (u, o) => html`
              <tr>
                <th scope="row">${u.label}</th>
                ${inputs.map((v, i) => cell(o, i, edges.weights[o * inputs.length + i] ?? 0, `${v.label} → ${u.label}`))}
                ${edges.bias ? cell(o, -1, edges.bias[o] ?? 0, `${this.t(words.bias)} ${u.label}`) : nothing}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

function biasOf(p: DiagramProps, place: UnitPlace): number | undefined {
  return p.edges.find((e) => e.from === place.layer - 1)?.bias?.[place.unit];
}

function edgesOf(p: DiagramProps, places: UnitPlace[]): Edge[] {
  return p.edges.flatMap((edges) => {
    const inputs = p.layers[edges.from]?.units.length ?? 0;
    const senders = places.filter((u) => u.layer === edges.from && u.unit >= 0);
    const takers = places.filter((u) => u.layer === edges.from + 1 && u.unit >= 0);
    return takers.flatMap((to) =>
      senders.map((from) => ({ edges, from, to, weight: edges.weights[to.unit * inputs + from.unit] ?? 0 })),
    );
  });
}

/** The weight on its edge. Straight edges carry it in the middle, slanted ones near the sender, so that numbers do not meet. */
function edgeNumber(ctx: CanvasRenderingContext2D, theme: PlotTheme, edge: Edge): void {
  const { from, to } = edge;
  const free = Math.hypot(to.x - from.x, to.y - from.y) - from.radius - to.radius;
  const tight = free < 70;
  font(ctx, theme, tight ? 11 : 12, 600);
  const text = formatNumber(edge.weight, tight ? 2 : 3);
  const half = ctx.measureText(text).width / 2;
  const slant = from.unit === to.unit ? 0.52 : 0.3 + 0.1 * (Math.max(from.unit, to.unit) - 1);
  // Clear of the sender's circle: the label's half width beside it at least.
  const least = (from.radius + half + 2) / Math.max(1, to.x - from.x);
  const u = Math.min(0.7, Math.max(slant, least));
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.color(edge.weight < 0 ? 'negative' : 'positive');
  haloText(ctx, theme, text, from.x + (to.x - from.x) * u, from.y + (to.y - from.y) * u - 1);
}
define('x2g-plot-network', DiagramElement);

/** A value as the circle can hold it: at most five characters, with as many digits as fit. */
const fitting = (value: number): string =>
  [3, 2].map((digits) => formatNumber(value, digits)).find((text) => text.length <= 5) ??
  formatNumber(value, 1);

export const networkDiagram = (props: DiagramProps): TemplateResult => html`
  <x2g-plot-network .props=${props}></x2g-plot-network>
`;

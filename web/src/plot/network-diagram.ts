/**
 * A network as circles and arrows: edge width = magnitude, color = sign; values or small maps in the units; biases beside them.
 * What the pointer is on is told below in words. With onWeight a weight or bias is typed where it stands, or in the table below.
 * Where gradients or updates are given, the edges can show these instead.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import {
  diagramHeight,
  edgeWidth,
  placeUnits,
  segmentDistance,
  shownUnits,
  type UnitPlace,
} from './diagram-layout.ts';
import { edgeNumber, paintUnit, type DrawnEdge } from './diagram-paint.ts';
import { layerTable, sampling, shownBias, shownOf, viewsOf, words } from './diagram-table.ts';
import { define, font, PlotElement } from './plot-element.ts';
import { largest, type PlotTheme } from './theme.ts';
import type { DiagramEdges, DiagramProps, DiagramView } from './types.ts';
import { EditedPlot, editorStyle } from './value-editor.ts';

interface Edge extends DrawnEdge {
  edges: DiagramEdges;
}
/** What can be pointed at: an edge, or a unit with its bias. */
type Spot = { edge: Edge; unit?: undefined } | { edge?: undefined; unit: UnitPlace };

export class DiagramElement extends EditedPlot<DiagramProps> {
  static override styles = [
    PlotElement.styles,
    editorStyle,
    css`
      .views {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--x2g-space-1);
        margin-block-start: var(--x2g-space-1);
      }
      .views button {
        padding-inline: var(--x2g-space-2);
        font-size: var(--x2g-text-small);
      }
    `,
  ];
  #places: UnitPlace[] = [];
  #edges: Edge[] = [];
  #told = '';
  #view: DiagramView = 'weights';
  /** The weight or bias with the cursor, by its place in the list of all. */
  #at: number | undefined;
  #down: [number, number] | undefined;
  #looked: Spot | undefined;

  #viewOf(p: DiagramProps): DiagramView {
    return viewsOf(p).includes(this.#view) ? this.#view : 'weights';
  }
  #numbers(p: DiagramProps): boolean {
    return p.numbers ?? p.edges.reduce((n, e) => n + e.weights.length, 0) <= 12;
  }
  protected override heightFor(width: number, p: DiagramProps): number {
    return p.height ?? diagramHeight(p.layers, width, this.#numbers(p));
  }
  protected override interactive(p: DiagramProps): { hint: string } | undefined {
    return p.onWeight ? { hint: this.t(words.hint) } : undefined;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: DiagramProps,
  ): void {
    const view = this.#viewOf(p);
    this.#places = placeUnits(p.layers, width, height);
    this.#edges = edgesOf(p, this.#places, view);
    const limit =
      (view === 'weights' ? p.limit : undefined) ??
      Math.max(1e-12, ...p.edges.map((e) => largest(shownOf(e, view))));
    const chosen = this.#focused() ? this.#spots(p)[this.#at ?? -1] : undefined;
    // Many edges are drawn thin, so that they do not become one surface.
    const thin = this.#edges.length > 120 ? 0.5 : 1;
    for (const edge of this.#edges) {
      ctx.beginPath();
      ctx.moveTo(edge.from.x, edge.from.y);
      ctx.lineTo(edge.to.x, edge.to.y);
      const marked = p.marked?.some(
        (m) => m.layer === edge.to.layer && m.unit === edge.to.unit && m.input === edge.from.unit,
      );
      if (marked || chosen?.edge === edge) {
        ctx.lineWidth = edgeWidth(edge.weight, limit) + 6;
        ctx.strokeStyle = theme.color('accent', 0.4);
        ctx.stroke();
      }
      ctx.lineWidth = edgeWidth(edge.weight, limit) * thin;
      ctx.strokeStyle = theme.color(
        edge.weight < 0 ? 'negative' : 'positive',
        edge.weight === 0 ? 0.35 : 0.9,
      );
      ctx.stroke();
    }
    for (const place of this.#places) {
      paintUnit(ctx, theme, p, place, this.#numbers(p) ? biasOf(p, place, view) : undefined);
      const marked = p.marked?.some(
        (m) => m.layer === place.layer && m.unit === place.unit && (m.input ?? -1) < 0,
      );
      if (!marked && chosen?.unit !== place) continue;
      ctx.beginPath();
      ctx.arc(place.x, place.y, place.radius + 5, 0, 2 * Math.PI);
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = theme.color('accent');
      ctx.stroke();
    }
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

  #focused(): boolean {
    return this.renderRoot.querySelector('canvas:focus-visible') !== null;
  }

  /** Everything that can be edited, layer by layer: a unit's incoming edges, then its bias. */
  #spots(p: DiagramProps): Spot[] {
    return this.#places.flatMap((unit) => {
      const edges = this.#edges.filter((edge) => edge.to === unit).map((edge) => ({ edge }));
      return biasOf(p, unit, 'weights') === undefined ? edges : [...edges, { unit }];
    });
  }

  #spotAt(x: number, y: number): Spot | undefined {
    const unit = this.#places.find((u) => Math.hypot(u.x - x, u.y - y) <= u.radius + 2);
    if (unit) return { unit };
    let best: Edge | undefined;
    let distance = 9;
    for (const edge of this.#edges) {
      const d = segmentDistance(x, y, edge.from.x, edge.from.y, edge.to.x, edge.to.y);
      if (d < distance) [best, distance] = [edge, d];
    }
    return best && { edge: best };
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const p = this.props;
    if (!p) return;
    const spot = event.type === 'pointerleave' ? undefined : this.#spotAt(x, y);
    if (event.type === 'pointerdown') this.#down = [x, y];
    if (event.type === 'pointercancel') this.#down = undefined;
    if (event.type === 'pointerup') {
      const still = this.#down && Math.hypot(this.#down[0] - x, this.#down[1] - y) < 8;
      this.#down = undefined;
      if (still && spot) this.#open(p, spot);
    }
    this.#tell(spot ? this.#describe(p, spot) : '');
    this.#look(p, spot);
  }

  #look(p: DiagramProps, spot: Spot | undefined): void {
    if (!p.onLook || sameSpot(spot, this.#looked)) return;
    this.#looked = spot;
    const to = spot?.edge ? spot.edge.to : spot?.unit;
    p.onLook(to && { layer: to.layer, unit: to.unit, ...(spot?.edge ? { input: spot.edge.from.unit } : {}) });
  }

  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    if (!p?.onWeight || event.ctrlKey || event.metaKey || event.altKey) return;
    const spots = this.#spots(p);
    const spot = spots[this.#at ?? 0];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (spot) this.#open(p, spot);
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || spots.length === 0) return;
    event.preventDefault();
    this.#at = this.#at === undefined ? 0 : (this.#at + step + spots.length) % spots.length;
    const next = spots[this.#at];
    if (next) this.#tell(this.#describe(p, next));
    this.requestUpdate();
  }

  #tell(text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    this.requestUpdate();
  }

  /** A box to type in, where the weight or the bias stands. */
  #open(p: DiagramProps, spot: Spot): void {
    if (!p.onWeight || this.#viewOf(p) !== 'weights') return;
    const { edge, unit } = spot;
    const value = edge ? edge.weight : biasOf(p, unit, 'weights');
    if (value === undefined) return;
    const [x, y] = edge ? [(edge.from.x + edge.to.x) / 2, (edge.from.y + edge.to.y) / 2] : [unit.x, unit.y];
    const to = edge ? edge.to : unit;
    this.#at = this.#spots(p).findIndex((s) => s.edge === edge && s.unit === unit);
    this.editing = {
      x,
      y,
      label: `${this.t(words.edit)} ${this.#describe(p, spot)}`,
      value,
      take: (typed) => p.onWeight?.(to.layer - 1, to.unit, edge ? edge.from.unit : -1, typed),
    };
    this.requestUpdate();
  }

  #describe(p: DiagramProps, { edge, unit }: Spot): string {
    const name = (place: UnitPlace): string => p.layers[place.layer]?.units[place.unit]?.label ?? '';
    if (edge) return `${name(edge.from)} → ${name(edge.to)}: ${formatNumber(edge.weight, 4)}`;
    const u = p.layers[unit.layer]?.units[unit.unit];
    const bias = biasOf(p, unit, this.#viewOf(p));
    const parts = [u?.label ?? ''];
    if (u?.value !== undefined) parts.push(`${this.t(words.value)} ${formatNumber(u.value, 4)}`);
    if (bias !== undefined) parts.push(`${this.t(words.bias)} ${formatNumber(bias, 4)}`);
    return parts.join(', ');
  }

  /** Boxes to type in stand under the drawing; else the tables are its text twin. */
  #boxes(p: DiagramProps): boolean {
    return p.onWeight !== undefined && p.boxes !== false;
  }
  #tables(p: DiagramProps): unknown {
    const view = this.#viewOf(p);
    return p.edges.map((edges) =>
      layerTable(
        p,
        edges,
        view,
        (label) => this.t(label),
        () => this.requestUpdate(),
      ),
    );
  }
  protected override twin(p: DiagramProps): TemplateResult {
    if (this.#boxes(p)) return html``;
    return html`
      ${this.#tables({ ...p, boxes: false })}
    `;
  }
  protected override below(p: DiagramProps): TemplateResult {
    const views = viewsOf(p);
    const cut = sampling(p, (count) => shownUnits(count).filter((unit) => unit >= 0).length);
    return html`
      <p class="told" aria-hidden=${p.onWeight ? nothing : 'true'} role=${p.onWeight ? 'status' : nothing}>
        ${this.#told}
      </p>
      ${
        cut
          ? html`
              <p class="legend">${this.t(cut)}</p>
            `
          : nothing
      }
      ${
        views.length > 1
          ? html`
              <div class="views" role="group" aria-label=${this.t(words.view)}>
                ${views.map(
                  (view) => html`
                    <button
                      type="button"
                      data-x2g=${`view-${view}`}
                      aria-pressed=${view === this.#viewOf(p)}
                      @click=${() => {
                        this.#view = view;
                        this.requestUpdate();
                      }}
                    >
                      ${this.t(words[view])}
                    </button>
                  `,
                )}
              </div>
            `
          : nothing
      }
      ${this.#boxes(p) ? this.#tables(p) : nothing}
    `;
  }
}

const spotKey = (s: Spot | undefined): string =>
  s === undefined
    ? ''
    : s.edge
      ? `${s.edge.to.layer} ${s.edge.to.unit} ${s.edge.from.unit}`
      : `${s.unit.layer} ${s.unit.unit}`;
const sameSpot = (a: Spot | undefined, b: Spot | undefined): boolean => spotKey(a) === spotKey(b);

function biasOf(p: DiagramProps, place: UnitPlace, view: DiagramView): number | undefined {
  const edges = p.edges.find((e) => e.from === place.layer - 1);
  return place.unit < 0 ? undefined : edges && shownBias(edges, view)?.[place.unit];
}

function edgesOf(p: DiagramProps, places: UnitPlace[], view: DiagramView): Edge[] {
  return p.edges.flatMap((edges) => {
    const inputs = p.layers[edges.from]?.units.length ?? 0;
    const senders = places.filter((u) => u.layer === edges.from && u.unit >= 0);
    const takers = places.filter((u) => u.layer === edges.from + 1 && u.unit >= 0);
    const shown = shownOf(edges, view);
    return takers.flatMap((to) =>
      senders.map((from) => ({ edges, from, to, weight: shown[to.unit * inputs + from.unit] ?? 0 })),
    );
  });
}
define('x2g-plot-network', DiagramElement);

export const networkDiagram = (props: DiagramProps): TemplateResult => html`
  <x2g-plot-network .props=${props}></x2g-plot-network>
`;

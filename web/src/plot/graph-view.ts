/**
 * A computation graph as boxes and arrows: ops with the values they made, leaves with theirs, gradients below in the gradient color.
 * Left to right by depth, on a phone top to bottom; a large one is drawn small and scrolled. Arrow keys move along the arrows, Enter opens.
 * It draws what it is given: which tensors and nodes there are, and their numbers, come from a running graph.
 */
import { css, html, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { paintBox, paintEdge, shapeText, valueText } from './graph-paint.ts';
import {
  curveOf,
  neighbor,
  placeGraph,
  planGraph,
  type GraphPlaces,
  type GraphPlan2D,
} from './graph-layout.ts';
import { define, PlotElement } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { GraphProps, GraphTensorProps } from './types.ts';
import { EditedPlot, editorStyle } from './value-editor.ts';

const words = {
  hint: {
    en: 'Arrow keys move along the arrows. Enter opens a box.',
    ja: '矢印キーで矢印に沿って動き、Enterで開きます。',
  },
  input: { en: 'input', ja: '入力' },
  parameter: { en: 'parameter', ja: 'パラメーター' },
  buffer: { en: 'buffer', ja: 'バッファー' },
  value: { en: 'value', ja: '値' },
  saved: { en: 'saved', ja: '保存値' },
  name: { en: 'tensor', ja: 'テンソル' },
  made: { en: 'made by', ja: '作る演算' },
  shape: { en: 'shape', ja: '形' },
  none: { en: 'not yet', ja: '未計算' },
  edit: { en: 'new value of', ja: '新しい値：' },
};
/** Tensors that the text twin lists. */
const TWIN_ROWS = 200;

export class GraphElement extends EditedPlot<GraphProps> {
  static override styles = [
    PlotElement.styles,
    editorStyle,
    css`
      .holder {
        overflow-x: auto;
      }
      canvas {
        touch-action: auto;
      }
      canvas.active {
        cursor: pointer;
      }
      .told {
        text-align: center;
      }
    `,
  ];
  #plan: GraphPlan2D | undefined;
  #planned = '';
  #places: GraphPlaces | undefined;
  /** The box with the cursor. */
  #at: number | undefined;
  /** The box under the pointer. */
  #over: number | undefined;
  #down: [number, number] | undefined;

  #planOf(p: GraphProps): GraphPlan2D {
    const key = JSON.stringify([
      p.nodes.map((n) => [n.name, n.inputs]),
      p.tensors.map((t) => [t.name, t.role]),
    ]);
    if (!this.#plan || key !== this.#planned) {
      this.#plan = planGraph(p.tensors, p.nodes);
      this.#planned = key;
      this.#at = undefined;
      this.#over = undefined;
      this.editing = undefined;
    }
    return this.#plan;
  }
  #placed(width: number, p: GraphProps): GraphPlaces {
    this.#places = placeGraph(this.#planOf(p), width);
    return this.#places;
  }
  protected override heightFor(width: number, p: GraphProps): number {
    return this.#placed(width, p).height;
  }
  protected override canvasWidth(width: number, p: GraphProps): number {
    return this.#placed(width, p).width;
  }
  protected override interactive(): { hint: string } {
    return { hint: this.t(words.hint) };
  }

  #tensor(p: GraphProps, name: string | undefined): GraphTensorProps | undefined {
    return p.tensors.find((t) => t.name === name);
  }
  #label(p: GraphProps, name: string): string {
    return this.#tensor(p, name)?.label ?? name;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    _width: number,
    _height: number,
    theme: PlotTheme,
    p: GraphProps,
  ): void {
    const plan = this.#planOf(p);
    const places = this.#places;
    if (!places) return;
    const running = p.nodes.findIndex((n) => n.name === p.current?.node);
    for (const e of plan.edges) {
      const curve = curveOf(plan, places, e);
      const [from, to] = [plan.items[e.from], plan.items[e.to]];
      if (!curve || !from || !to) continue;
      const back = p.current?.phase === 'backward';
      const source = this.#tensor(p, from.name)?.role;
      const wants = source !== 'input' && source !== 'buffer'; // what has no gradient gets none back
      const active = to.node === running && running >= 0 && (wants || !back);
      const text = p.onArrows?.find(
        (a) => a.from === from.name && a.to === to.name && (a.slot ?? e.slot) === e.slot,
      );
      paintEdge(ctx, theme, curve, { back: active && back, active, text });
    }
    plan.items.forEach((item, i) => {
      const box = places.boxes[i];
      if (!box) return;
      const node = p.nodes[item.node];
      const tensor = this.#tensor(p, item.name);
      paintBox(ctx, theme, box, {
        kind: item.node >= 0 ? 'op' : tensor?.role === 'parameter' ? 'parameter' : 'leaf',
        name: tensor?.label ?? item.name,
        note: node ? (node.note ?? node.op) : '',
        value: places.compact ? '' : valueText(tensor, tensor?.value, p.digits),
        grad: places.compact || !tensor?.grad ? '' : `∂ ${valueText(tensor, tensor.grad, p.digits)}`,
        compact: places.compact,
        current: item.node === running && running >= 0 ? p.current?.phase : undefined,
        selected: item.name === p.selected,
        cursor: i === this.#at && this.renderRoot.querySelector('canvas:focus-visible') !== null,
        editable: tensor?.editable === true && p.onEdit !== undefined,
      });
    });
  }

  #hit(x: number, y: number): number | undefined {
    const found = this.#places?.boxes.findIndex(
      (b) => x >= b.x - 4 && y >= b.y - 4 && x <= b.x + b.width + 4 && y <= b.y + b.height + 4,
    );
    return found === undefined || found < 0 ? undefined : found;
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const hit = event.type === 'pointerleave' || event.type === 'pointercancel' ? undefined : this.#hit(x, y);
    if (event.type === 'pointerdown') this.#down = [x, y];
    if (event.type === 'pointerup') {
      const still = this.#down && Math.hypot(this.#down[0] - x, this.#down[1] - y) < 8;
      this.#down = undefined;
      if (still && hit !== undefined) {
        this.#at = hit;
        this.#open(hit);
      }
    }
    if (event.type === 'pointercancel') this.#down = undefined;
    if (hit === this.#over) return;
    this.#over = hit;
    this.requestUpdate();
  }

  protected override onKey(event: KeyboardEvent): void {
    const plan = this.#plan;
    if (!plan || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#open(this.#at ?? this.#start(plan));
    } else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      const from = this.#at ?? this.#start(plan);
      this.#at =
        this.#at === undefined
          ? from
          : (neighbor(plan, from, event.key, this.#places?.upright ?? false) ?? from);
      this.#over = undefined;
      this.#show(this.#at);
      this.requestUpdate();
    }
  }

  /** Where the cursor begins: at the selected box, or the current op, or the first box. */
  #start(plan: GraphPlan2D): number {
    const named = (name: string | undefined): number => plan.items.findIndex((item) => item.name === name);
    return Math.max(0, [this.props?.selected, this.props?.current?.node].map(named).find((i) => i >= 0) ?? 0);
  }

  /** Scrolls the box with the cursor into sight. */
  #show(i: number): void {
    const box = this.#places?.boxes[i];
    const holder = this.renderRoot.querySelector('.holder');
    if (!box || !holder) return;
    if (box.x < holder.scrollLeft || box.x + box.width > holder.scrollLeft + holder.clientWidth)
      holder.scrollLeft = box.x + box.width / 2 - holder.clientWidth / 2;
  }

  #open(i: number): void {
    const p = this.props;
    const item = this.#plan?.items[i];
    const box = this.#places?.boxes[i];
    if (!p || !item || !box) return;
    this.#at = i;
    p.onSelect?.(item.name);
    const tensor = this.#tensor(p, item.name);
    const value = tensor?.value?.[0];
    if (p.onEdit && tensor?.editable && tensor.value?.length === 1 && value !== undefined)
      this.editing = {
        x: box.x + box.width / 2,
        y: box.y + box.height / 2,
        label: `${this.t(words.edit)} ${tensor.label ?? tensor.name}`,
        value,
        take: (typed) => p.onEdit?.(item.name, typed),
      };
    this.requestUpdate();
  }

  #describe(p: GraphProps, i: number): string {
    const item = this.#plan?.items[i];
    const tensor = this.#tensor(p, item?.name);
    if (!item || !tensor) return '';
    const node = p.nodes[item.node];
    const made = node ? `= ${node.note ?? node.op}` : this.t(words[tensor.role]);
    const parts = [`${tensor.label ?? tensor.name} ${made}`];
    if (tensor.shape.some((n) => n > 1)) parts.push(`${this.t(words.shape)} ${shapeText(tensor.shape)}`);
    if (tensor.value) parts.push(`${this.t(words.value)} ${valueText(tensor, tensor.value, 4)}`);
    if (tensor.grad) parts.push(`∂ ${valueText(tensor, tensor.grad, 4)}`);
    return parts.join(', ');
  }

  protected override below(p: GraphProps): TemplateResult {
    this.#planOf(p);
    const at = this.#over ?? this.#at;
    return html`
      <p class="told" role="status">${at === undefined ? '' : this.#describe(p, at)}</p>
    `;
  }

  protected override twin(p: GraphProps): TemplateResult {
    const numbers = (t: GraphTensorProps, data: ArrayLike<number> | undefined): string =>
      data === undefined
        ? this.t(words.none)
        : data.length > 16
          ? valueText(t, data)
          : Array.from(data, (v) => formatNumber(v, 4)).join(' ');
    return html`
      <table>
        <caption>${p.label}</caption>
        <thead>
          <tr>
            <th scope="col">${this.t(words.name)}</th>
            <th scope="col">${this.t(words.made)}</th>
            <th scope="col">${this.t(words.shape)}</th>
            <th scope="col">${this.t(words.value)}</th>
            <th scope="col">∂</th>
          </tr>
        </thead>
        <tbody>
          ${p.tensors.slice(0, TWIN_ROWS).map((t) => {
            const node = p.nodes.find((n) => n.name === t.name);
            const inputs = node?.inputs.flatMap((name) => (name === null ? [] : [this.#label(p, name)]));
            return html`
              <tr>
                <th scope="row">${t.label ?? t.name}</th>
                <td>${node ? `${node.op} (${inputs?.join(', ') ?? ''})` : this.t(words[t.role])}</td>
                <td>${shapeText(t.shape)}</td>
                <td>${numbers(t, t.value)}</td>
                <td>${t.role === 'input' || t.role === 'saved' ? '' : numbers(t, t.grad)}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    `;
  }
}
define('x2g-plot-graph', GraphElement);

export const graphView = (props: GraphProps): TemplateResult => html`
  <x2g-plot-graph .props=${props}></x2g-plot-graph>
`;

/**
 * The numbers of a network diagram in words and tables: which of weights, gradients and last changes are shown, and the table of one layer,
 * whose weights can be typed when the lesson allows it.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Label } from '../elements/option.ts';
import { formatNumber, parseNumber } from '../math/format.ts';
import { typed } from '../elements/typed.ts';
import type { DiagramEdges, DiagramProps, DiagramView } from './types.ts';

export const words = {
  weights: { en: 'weights', ja: '重み' },
  gradients: { en: 'gradients', ja: '勾配' },
  updates: { en: 'last update', ja: '直前の更新' },
  view: { en: 'Edges show', ja: '線が表すもの' },
  bias: { en: 'bias', ja: 'バイアス' },
  value: { en: 'value', ja: '値' },
  edit: { en: 'new value of', ja: '新しい値：' },
  hint: {
    en: 'Arrow keys choose a weight, Enter edits it.',
    ja: '矢印キーで重みを選び、Enterで書き換えます。',
  },
};

/** The numbers on the edges of one layer in the present view; weights where there are no others. */
export function shownOf(edges: DiagramEdges, view: DiagramView): ArrayLike<number> {
  return (
    (view === 'gradients' ? edges.gradients : view === 'updates' ? edges.updates : undefined) ?? edges.weights
  );
}
export function shownBias(edges: DiagramEdges, view: DiagramView): ArrayLike<number> | undefined {
  const other =
    view === 'gradients' ? edges.biasGradients : view === 'updates' ? edges.biasUpdates : undefined;
  return other ?? (view === 'weights' ? edges.bias : undefined);
}
/** The views that a diagram has numbers for. */
export function viewsOf(p: Pick<DiagramProps, 'edges'>): DiagramView[] {
  return (['weights', 'gradients', 'updates'] as const).filter(
    (view) => view === 'weights' || p.edges.some((e) => e[view] !== undefined),
  );
}

/** "Of 784 units 12 are drawn", for each layer of which that is true. */
export function sampling(
  p: Pick<DiagramProps, 'layers'>,
  drawn: (count: number) => number,
): Label | undefined {
  const cut = p.layers.filter((layer) => drawn(layer.units.length) < layer.units.length);
  if (cut.length === 0) return undefined;
  const list = (one: (name: string, all: number, some: number) => string, joint: string): string =>
    cut.map((layer) => one(layer.name, layer.units.length, drawn(layer.units.length))).join(joint);
  return {
    en: `Drawn: ${list((name, all, some) => `${some} of ${all} units (${name})`, ', ')}.`,
    ja: `表示：${list((name, all, some) => `${name}の${all}個のうち${some}個`, '、')}。`,
  };
}

/** Largest layer that is written out as a table. */
const TABLE_MOST = 400;

/** Rows = units that receive, columns = units that send, then the bias. */
export function layerTable(
  p: DiagramProps,
  edges: DiagramEdges,
  view: DiagramView,
  t: (label: Label) => string,
  redraw: () => void,
): TemplateResult | typeof nothing {
  const inputs = p.layers[edges.from]?.units ?? [];
  const outputs = p.layers[edges.from + 1]?.units ?? [];
  if (inputs.length * outputs.length > TABLE_MOST) return nothing;
  const shown = shownOf(edges, view);
  const bias = shownBias(edges, view);
  const cell = (out: number, input: number, value: number, name: string): TemplateResult => html`
    <td>
      ${
        p.onWeight && p.boxes !== false && view === 'weights'
          ? html`
              <input
                type="text"
                inputmode="text"
                autocomplete="off"
                aria-label=${name}
                data-weight=${`${edges.from}-${out}-${input}`}
                ${typed(formatNumber(value))}
                @change=${(e: Event) => {
                  const typed = parseNumber((e.currentTarget as HTMLInputElement).value);
                  if (Number.isFinite(typed)) p.onWeight?.(edges.from, out, input, typed);
                  else redraw();
                }}
              />
            `
          : formatNumber(value)
      }
    </td>
  `;
  return html`
    <table>
      <caption>${edges.name ?? t(words.weights)} (${outputs.length}, ${inputs.length})</caption>
      <thead>
        <tr>
          <td></td>
          ${inputs.map(
            (u) => html`
              <th scope="col">${u.label}</th>
            `,
          )}${
            bias
              ? html`
                  <th scope="col">${t(words.bias)}</th>
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
              ${inputs.map((v, i) => cell(o, i, shown[o * inputs.length + i] ?? 0, `${v.label} → ${u.label}`))}
              ${bias ? cell(o, -1, bias[o] ?? 0, `${t(words.bias)} ${u.label}`) : nothing}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/**
 * Any named tensor as a matrix: its shape, names of rows and columns, a slice of what has more than two axes. The element with the cursor
 * is told with its index, its gradient and where it came from, and can be typed over. The cells are a heat map's; here is what lies around.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { resolveLang } from '../elements/language.ts';
import { typed } from '../elements/typed.ts';
import { formatNumber, parseNumber } from '../math/format.ts';
import type { Lang } from '../lab/types.ts';
import { heatMap } from './heat-map.ts';
import { define, plotStyle } from './plot-element.ts';
import { largest } from './theme.ts';
import type { TensorProps } from './types.ts';

const words = {
  row: { en: 'row', ja: '行' },
  column: { en: 'column', ja: '列' },
  axis: { en: 'axis', ja: '軸' },
  value: { en: 'value', ja: '値' },
  edit: { en: 'New value', ja: '新しい値' },
};

/** How a shape is shown as a matrix: the last two axes, the others by choice. A vector is one row. */
export interface Slicing {
  rows: number;
  cols: number;
  /** Sizes of the axes before the last two. */
  before: readonly number[];
}

export function slicing(shape: readonly number[]): Slicing {
  const cols = shape.at(-1) ?? 1;
  const rows = shape.length > 1 ? (shape.at(-2) ?? 1) : 1;
  return { rows, cols, before: shape.slice(0, -2) };
}

/** Where a slice begins in the row-major list. */
export function sliceStart({ rows, cols, before }: Slicing, chosen: readonly number[]): number {
  return (
    before.reduce((at, size, i) => at * size + Math.min(size - 1, Math.max(0, chosen[i] ?? 0)), 0) *
    rows *
    cols
  );
}

/** The index of a row-major place: [2, 0, 5]. */
export function indexText(shape: readonly number[], at: number): string {
  let rest = at;
  const out: number[] = [];
  for (const size of [...shape].reverse()) {
    out.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${out.join(', ')}]`;
}

export class TensorElement extends LitElement {
  static override properties = { props: { attribute: false } };
  static override styles = [
    plotStyle,
    css`
      .name {
        margin: 0 0 var(--x2g-space-1);
        font-size: var(--x2g-text-small);
        text-align: center;
      }
      .name b {
        font-weight: 600;
      }
      .slices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--x2g-space-2);
        justify-content: center;
        font-size: var(--x2g-text-small);
      }
      select {
        font: inherit;
        color: inherit;
        background: var(--x2g-bg);
        min-height: 44px;
        border: 1px solid var(--x2g-line-strong);
        border-radius: var(--x2g-radius-small);
      }
      .told input {
        font: inherit;
        font-variant-numeric: tabular-nums;
        color: inherit;
        background: var(--x2g-bg);
        width: 6em;
        min-height: 44px;
        text-align: end;
        border: 1px solid var(--x2g-line-strong);
        border-radius: var(--x2g-radius-small);
      }
    `,
  ];
  declare props: TensorProps | undefined;
  #lang: Lang = 'en';
  #chosen: number[] = [];
  #at: number | undefined;
  #shape = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('data-plot', '');
  }

  /** For exportPNG(): the cells. */
  snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined {
    const cells = this.renderRoot.querySelector('x2g-plot-heat') as unknown as {
      snapshot?: () => { image: CanvasImageSource; box: DOMRect } | undefined;
    } | null;
    return cells?.snapshot?.();
  }

  protected override willUpdate(): void {
    this.#lang = resolveLang(this);
    const shape = `${this.props?.name ?? ''} ${this.props?.shape.join() ?? ''}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#chosen = [];
    this.#at = undefined;
  }

  #t(name: keyof typeof words): string {
    return words[name][this.#lang];
  }

  #slices(p: TensorProps, s: Slicing): TemplateResult | typeof nothing {
    if (s.before.length === 0) return nothing;
    const control = (size: number, i: number): TemplateResult => html`
      <label>
        ${p.axisTitles?.[i] ?? `${this.#t('axis')} ${i}`}
        <select
          data-x2g=${`slice-${i}`}
          @change=${(e: Event) => {
            this.#chosen[i] = Number((e.currentTarget as HTMLSelectElement).value);
            this.requestUpdate();
          }}
        >
          ${Array.from(
            { length: Math.min(size, 1000) },
            (_, k) => html`
              <option value=${k} ?selected=${k === (this.#chosen[i] ?? 0)}>${k}</option>
            `,
          )}
        </select>
      </label>
    `;
    return html`
      <div class="slices">${s.before.map(control)}</div>
    `;
  }

  #told(p: TensorProps, at: number): TemplateResult {
    const value = p.data[at] ?? Number.NaN;
    const grad = p.grad?.[at];
    const index = `${p.name}${indexText(p.shape, at)}`;
    return html`
      <div class="told">
        <span role="status">
          ${index} =
          ${formatNumber(value, 4)}${grad === undefined ? '' : `, ∂ ${formatNumber(grad, 4)}`}${
            p.origin ? `: ${p.origin(at)}` : ''
          }
        </span>
        ${
          p.onEdit
            ? html`
                <label>
                  ${this.#t('edit')}
                  <input
                    type="text"
                    inputmode="text"
                    autocomplete="off"
                    data-x2g="tensor-edit"
                    aria-label=${`${this.#t('edit')}: ${index}`}
                    ${typed(String(Number(value.toPrecision(7))))}
                    @change=${(e: Event) => {
                      const typed = parseNumber((e.currentTarget as HTMLInputElement).value);
                      if (Number.isFinite(typed)) p.onEdit?.(at, typed);
                      else this.requestUpdate();
                    }}
                  />
                </label>
              `
            : nothing
        }
      </div>
    `;
  }

  protected override render(): TemplateResult | typeof nothing {
    const p = this.props;
    if (!p) return nothing;
    const s = slicing(p.shape);
    const from = sliceStart(s, this.#chosen);
    const size = s.rows * s.cols;
    const at = p.selected ?? this.#at;
    const inside = at !== undefined && at >= from && at < from + size ? at - from : undefined;
    return html`
      <p class="name">
        <b>${p.name}</b>
        (${p.shape.join(', ')})
      </p>
      ${this.#slices(p, s)}
      ${heatMap({
        label: `${p.label} (${p.shape.join(', ')})`,
        data: Array.from(p.data).slice(from, from + size),
        rows: s.rows,
        cols: s.cols,
        ...(p.rowNames ? { rowNames: p.rowNames } : {}),
        ...(p.colNames ? { colNames: p.colNames } : {}),
        rowTitle: p.rowTitle ?? this.#t('row'),
        colTitle: p.colTitle ?? this.#t('column'),
        signed: p.signed ?? true,
        limit: p.limit ?? (largest(p.data) || 1), // of the whole tensor, so that slices can be compared
        ...(inside === undefined
          ? {}
          : { selected: { row: Math.floor(inside / s.cols), col: inside % s.cols } }),
        quiet: true,
        onPick: (row, col) => {
          this.#at = from + row * s.cols + col;
          p.onPick?.(this.#at);
          this.requestUpdate();
        },
      })}
      ${at === undefined ? nothing : this.#told(p, at)}
    `;
  }
}
define('x2g-plot-tensor', TensorElement);

export const tensorView = (props: TensorProps): TemplateResult => html`
  <x2g-plot-tensor .props=${props}></x2g-plot-tensor>
`;

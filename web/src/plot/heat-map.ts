/**
 * A matrix as colored cells, row 0 on top. Signed: zero is always the background and the limits are symmetric. Names, numbers where they fit, a legend.
 * With onPick a cell can be chosen by pointer or arrow keys; without it the pointer still tells the value below.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { rampLegend } from './marks.ts';
import { define, font, PlotElement } from './plot-element.ts';
import { largest, rampColor, signedIndex, textOn, unsignedIndex, type PlotTheme } from './theme.ts';
import type { HeatProps } from './types.ts';

const words = {
  pick: { en: 'Arrow keys choose a cell.', ja: '矢印キーでセルを選びます。' },
  row: { en: 'row', ja: '行' },
  column: { en: 'column', ja: '列' },
};
/** Most cells that the text twin writes out. */
const TWIN_CELLS = 400;
const CELL_MAX = 44;

export interface HeatBox {
  left: number;
  top: number;
  cell: number;
  cellHeight: number;
}

/** Where the cells stand: room for names on the left and above, square cells unless there are too many. */
export function heatBox(
  width: number,
  p: Pick<HeatProps, 'rows' | 'cols' | 'rowNames' | 'colNames' | 'height'>,
): HeatBox {
  const longest = Math.max(0, ...(p.rowNames ?? []).map((name) => [...name].length));
  const left = p.rowNames ? Math.min(width * 0.35, 10 + longest * 7.5) : 0;
  const top = p.colNames ? 20 : 0;
  const cell = Math.max(0, Math.min(CELL_MAX, (width - left - 1) / Math.max(1, p.cols)));
  const free = p.height === undefined ? cell : (p.height - top - 1) / Math.max(1, p.rows);
  return { left, top, cell, cellHeight: Math.max(0, Math.min(free, CELL_MAX)) };
}

export class HeatElement extends PlotElement<HeatProps> {
  #at: { row: number; col: number } | undefined;

  protected override widest(p: HeatProps): number {
    return Math.max(160, heatBox(1100, p).left + p.cols * CELL_MAX + 1);
  }
  protected override heightFor(width: number, p: HeatProps): number {
    const box = heatBox(width, p);
    return Math.ceil(box.top + p.rows * box.cellHeight) + 1;
  }
  protected override interactive(p: HeatProps): { hint: string } | undefined {
    return p.onPick ? { hint: this.t(words.pick) } : undefined;
  }
  #limit(p: HeatProps): number {
    return p.limit ?? (largest(p.data) || 1);
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    _h: number,
    theme: PlotTheme,
    p: HeatProps,
  ): void {
    const { left, top, cell, cellHeight } = heatBox(width, p);
    const limit = this.#limit(p);
    const signed = p.signed ?? true;
    const colors = signed ? theme.signed : theme.unsigned;
    const gap = cell > 8 && cellHeight > 8 ? 1 : 0;
    const numbers = p.numbers ?? (cell >= 34 && cellHeight >= 20);
    ctx.textBaseline = 'middle';
    font(ctx, theme, 11);
    for (let row = 0; row < p.rows; row++)
      for (let col = 0; col < p.cols; col++) {
        const value = p.data[row * p.cols + col] ?? Number.NaN;
        const fill = rampColor(colors, signed ? signedIndex(value, limit) : unsignedIndex(value, limit));
        const [x, y] = [left + col * cell, top + row * cellHeight];
        ctx.fillStyle = `rgb(${fill.join(' ')})`;
        ctx.fillRect(x, y, cell - gap + (gap ? 0 : 0.5), cellHeight - gap + (gap ? 0 : 0.5));
        if (!numbers) continue;
        ctx.textAlign = 'center';
        ctx.fillStyle = textOn(fill, theme);
        ctx.fillText(formatNumber(value, 2), x + cell / 2, y + cellHeight / 2, cell - 2);
      }
    ctx.strokeStyle = theme.color('line');
    ctx.lineWidth = 1;
    ctx.strokeRect(left - 0.5, top - 0.5, p.cols * cell + 1, p.rows * cellHeight + 1);
    ctx.fillStyle = theme.color('muted');
    ctx.textAlign = 'right';
    const every = (size: number): number => Math.max(1, Math.ceil(13 / Math.max(1, size)));
    p.rowNames?.forEach((name, row) => {
      if (row % every(cellHeight) === 0)
        ctx.fillText(name, left - 6, top + (row + 0.5) * cellHeight, left - 8);
    });
    ctx.textAlign = 'center';
    const widestName = Math.max(1, ...(p.colNames ?? []).map((name) => ctx.measureText(name).width + 4));
    const skip = Math.max(1, Math.ceil(widestName / Math.max(1, cell)));
    p.colNames?.forEach((name, col) => {
      if (col % skip === 0) ctx.fillText(name, left + (col + 0.5) * cell, 9);
    });
    const mark = p.selected ?? (p.onPick ? this.#at : undefined);
    if (mark) {
      ctx.strokeStyle = theme.color('ink');
      ctx.lineWidth = 2.5;
      ctx.strokeRect(left + mark.col * cell, top + mark.row * cellHeight, cell - gap, cellHeight - gap);
    }
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const { props: p, canvas } = this;
    if (!p || !canvas) return;
    const { left, top, cell, cellHeight } = heatBox(canvas.clientWidth, p);
    const [row, col] = [Math.floor((y - top) / cellHeight), Math.floor((x - left) / cell)];
    const inside = event.type !== 'pointerleave' && row >= 0 && col >= 0 && row < p.rows && col < p.cols;
    const next = inside ? { row, col } : undefined;
    if (event.type === 'pointerdown' && next) p.onPick?.(row, col);
    if (next?.row === this.#at?.row && next?.col === this.#at?.col) return;
    this.#at = next;
    this.requestUpdate();
  }

  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!p?.onPick || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const from = p.selected ?? this.#at ?? { row: 0, col: 0 };
    const row = Math.min(p.rows - 1, Math.max(0, from.row + (step[0] ?? 0)));
    const col = Math.min(p.cols - 1, Math.max(0, from.col + (step[1] ?? 0)));
    this.#at = { row, col };
    p.onPick(row, col);
    this.requestUpdate();
  }

  #name(p: HeatProps, row: number, col: number): string {
    const r = p.rowNames?.[row] ?? `${p.rowTitle ?? this.t(words.row)} ${row}`;
    const c = p.colNames?.[col] ?? `${p.colTitle ?? this.t(words.column)} ${col}`;
    return `${r}, ${c}`;
  }

  protected override below(p: HeatProps): TemplateResult {
    const limit = this.#limit(p);
    const signed = p.signed ?? true;
    const at = this.#at ?? p.selected;
    const elsewhere = p.quiet === true && at?.row === p.selected?.row && at?.col === p.selected?.col;
    const told =
      at && !elsewhere
        ? `${this.#name(p, at.row, at.col)}: ${formatNumber(p.data[at.row * p.cols + at.col] ?? Number.NaN)}`
        : '';
    return html`
      ${
        p.legend === false
          ? nothing
          : rampLegend(
              signed ? 'signed' : 'unsigned',
              signed ? formatNumber(-limit) : '0',
              formatNumber(limit),
            )
      }
      <p class="told" role=${p.onPick ? 'status' : nothing}>${told}</p>
    `;
  }

  protected override twin(p: HeatProps): TemplateResult | string {
    if (p.rows * p.cols > TWIN_CELLS) return `${p.rows} × ${p.cols}, ±${formatNumber(this.#limit(p))}`;
    const rows = Array.from({ length: p.rows }, (_, r) => r);
    const cols = Array.from({ length: p.cols }, (_, c) => c);
    return html`
      <table>
        <caption>${p.label}</caption>
        <thead>
          <tr>
            <td></td>
            ${cols.map(
              (c) => html`
                <th scope="col">${p.colNames?.[c] ?? c}</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (r) => html`
              <tr>
                <th scope="row">${p.rowNames?.[r] ?? r}</th>
                ${cols.map(
                  (c) => html`
                    <td>${formatNumber(p.data[r * p.cols + c] ?? Number.NaN)}</td>
                  `,
                )}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}
define('x2g-plot-heat', HeatElement);

export const heatMap = (props: HeatProps): TemplateResult => html`
  <x2g-plot-heat .props=${props}></x2g-plot-heat>
`;

/**
 * A confusion matrix: rows are what it was, columns what was answered. The diagonal is gray, mistakes are colored, darker for more, and
 * every cell holds its count; at the end of a row stands how many of it were right. A cell is chosen by pointer or arrow keys.
 */
import { html, type TemplateResult } from 'lit';
import { formatPercent } from '../math/format.ts';
import { define, font, PlotElement } from './plot-element.ts';
import { rampColor, textOn, unsignedIndex, type PlotTheme } from './theme.ts';
import type { ConfusionProps } from './types.ts';

const words = {
  pick: { en: 'Arrow keys choose a cell', ja: '矢印キーでセルを選びます' },
  right: { en: 'right', ja: '正解率' },
};
const CELL_MAX = 40;
const SIDE = 34; // CSS px for the names on the left
const END = 44; // and for the share at the end of a row
const TOP = 38;

export interface MatrixBox {
  left: number;
  top: number;
  cell: number;
}
export function matrixBox(width: number, classes: number): MatrixBox {
  const cell = Math.max(0, Math.min(CELL_MAX, (width - SIDE - END) / Math.max(1, classes)));
  return { left: SIDE, top: TOP, cell };
}

/** Right answers of a row, as a share; NaN of an empty row. */
export function recall(counts: ArrayLike<number>, classes: number, row: number): number {
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += counts[row * classes + c] ?? 0;
  return sum > 0 ? (counts[row * classes + row] ?? 0) / sum : Number.NaN;
}

export class ConfusionElement extends PlotElement<ConfusionProps> {
  #at: { row: number; col: number } | undefined;

  protected override widest(p: ConfusionProps): number {
    return SIDE + END + p.classes.length * CELL_MAX;
  }
  protected override heightFor(width: number, p: ConfusionProps): number {
    return Math.ceil(TOP + matrixBox(width, p.classes.length).cell * p.classes.length) + 2;
  }
  protected override interactive(): { hint: string } {
    return { hint: this.t(words.pick) };
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    _h: number,
    theme: PlotTheme,
    p: ConfusionProps,
  ): void {
    const n = p.classes.length;
    const { left, top, cell } = matrixBox(width, n);
    const at = (row: number, col: number): number => p.counts[row * n + col] ?? 0;
    let most = 1;
    for (let i = 0; i < n * n; i++) if (i % (n + 1) !== 0) most = Math.max(most, p.counts[i] ?? 0);
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'center';
    const size = Math.max(9, Math.min(13, cell * 0.42));
    font(ctx, theme, size);
    for (let row = 0; row < n; row++)
      for (let col = 0; col < n; col++) {
        const count = at(row, col);
        const [x, y] = [left + col * cell, top + row * cell];
        const diagonal = row === col;
        const fill = diagonal
          ? undefined
          : rampColor(theme.unsigned, count === 0 ? 0 : Math.max(40, unsignedIndex(count, most)));
        ctx.fillStyle = fill ? `rgb(${fill.join(' ')})` : theme.color('line');
        ctx.fillRect(x, y, cell - 1, cell - 1);
        if (!diagonal && count === 0) {
          ctx.fillStyle = theme.color('surface');
          ctx.fillRect(x, y, cell - 1, cell - 1);
          continue;
        }
        ctx.fillStyle = fill ? textOn(fill, theme) : theme.color('ink');
        ctx.fillText(String(count), x + (cell - 1) / 2, y + (cell - 1) / 2 + 0.5, cell - 2);
      }
    font(ctx, theme, 12);
    ctx.fillStyle = theme.color('muted');
    const middle = left + (n * cell) / 2;
    ctx.fillText(p.colTitle, middle, 9, n * cell);
    p.classes.forEach((name, i) => {
      ctx.fillText(name, left + (i + 0.5) * cell, 27, cell);
      ctx.fillText(name, left - 9, top + (i + 0.5) * cell, 16);
    });
    ctx.textAlign = 'right';
    ctx.fillText(this.t(words.right), width, 27, END - 2);
    p.classes.forEach((_, row) => {
      const share = recall(p.counts, n, row);
      ctx.fillText(
        Number.isNaN(share) ? '–' : `${Math.round(100 * share)}\u00a0%`,
        width,
        top + (row + 0.5) * cell,
      );
    });
    ctx.save();
    ctx.textAlign = 'center';
    ctx.translate(7, top + (n * cell) / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText(p.rowTitle, 0, 0, n * cell);
    ctx.restore();
    const mark = this.#at ?? p.selected;
    for (const spot of [p.selected, mark])
      if (spot) {
        ctx.strokeStyle = theme.color(spot === p.selected ? 'accent' : 'ink');
        ctx.lineWidth = 2.5;
        ctx.strokeRect(left + spot.col * cell, top + spot.row * cell, cell - 1, cell - 1);
      }
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const { props: p, canvas } = this;
    if (!p || !canvas) return;
    const n = p.classes.length;
    const { left, top, cell } = matrixBox(canvas.clientWidth, n);
    const [row, col] = [Math.floor((y - top) / cell), Math.floor((x - left) / cell)];
    const inside = event.type !== 'pointerleave' && row >= 0 && col >= 0 && row < n && col < n;
    if (event.type === 'pointerdown' && inside) p.onPick(row, col);
    const next = inside && event.pointerType === 'mouse' ? { row, col } : undefined;
    if (next?.row === this.#at?.row && next?.col === this.#at?.col) return;
    this.#at = next;
    this.requestUpdate();
  }

  protected override onKey(event: KeyboardEvent): void {
    const { props: p } = this;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!p || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const last = p.classes.length - 1;
    const move = (from: number, by = 0): number => Math.min(last, Math.max(0, from + by));
    const from = p.selected;
    this.#at = undefined;
    p.onPick(from ? move(from.row, step[0]) : 0, from ? move(from.col, step[1]) : 0);
  }

  protected override below(p: ConfusionProps): TemplateResult {
    const at = this.#at ?? p.selected;
    const n = p.classes.length;
    const told = at ? p.told(at.row, at.col, p.counts[at.row * n + at.col] ?? 0) : '';
    return html`
      <p class="told" role="status">${told}</p>
    `;
  }

  protected override twin(p: ConfusionProps): TemplateResult {
    const n = p.classes.length;
    return html`
      <table>
        <caption>${p.label}: ${p.rowTitle} / ${p.colTitle}</caption>
        <thead>
          <tr>
            <td></td>
            ${p.classes.map(
              (name) => html`
                <th scope="col">${name}</th>
              `,
            )}
            <th scope="col">${this.t(words.right)}</th>
          </tr>
        </thead>
        <tbody>
          ${p.classes.map(
            (name, row) => html`
              <tr>
                <th scope="row">${name}</th>
                ${p.classes.map(
                  (_, col) => html`
                    <td>${p.counts[row * n + col] ?? 0}</td>
                  `,
                )}
                <td>${formatPercent(recall(p.counts, n, row))}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}
define('x2g-plot-confusion', ConfusionElement);

export const confusionMatrix = (props: ConfusionProps): TemplateResult => html`
  <x2g-plot-confusion .props=${props}></x2g-plot-confusion>
`;

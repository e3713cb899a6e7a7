/**
 * Labelled horizontal bars: probabilities of the next token, sizes of gradients. One row a bar; the list keeps its height while values change.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { define, font, PlotElement } from './plot-element.ts';
import { largest, type PlotTheme } from './theme.ts';
import type { BarProps } from './types.ts';

const ROW = 24;
const words = {
  pick: { en: 'Up and down choose a row, Enter takes it.', ja: '上下キーで行を選び、Enterで決めます。' },
};

export class BarElement extends PlotElement<BarProps> {
  #row: number | undefined;

  protected override heightFor(_width: number, p: BarProps): number {
    return Math.max(1, p.bars.length) * ROW;
  }
  protected override widest(): number {
    return 640;
  }
  protected override interactive(p: BarProps): { hint: string } | undefined {
    return p.onPick ? { hint: this.t(words.pick) } : undefined;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    _height: number,
    theme: PlotTheme,
    p: BarProps,
  ): void {
    font(ctx, theme, 13);
    const format = p.format ?? ((v: number) => formatNumber(v));
    const names = Math.min(
      width * 0.4,
      Math.max(0, ...p.bars.map((b) => ctx.measureText(b.label).width)) + 10,
    );
    const figures = Math.min(
      width * 0.3,
      Math.max(0, ...p.bars.map((b) => ctx.measureText(format(b.value)).width)) + 8,
    );
    const room = Math.max(0, width - names - figures);
    const limit = p.limit ?? (largest(p.bars.map((b) => b.value)) || 1);
    ctx.textBaseline = 'middle';
    p.bars.forEach((bar, i) => {
      const y = i * ROW;
      if (i === this.#row && p.onPick) {
        ctx.fillStyle = theme.color('surface');
        ctx.fillRect(0, y, width, ROW);
      }
      const share = Number.isFinite(bar.value) ? Math.min(1, Math.max(0, bar.value / limit)) : 0;
      ctx.fillStyle = theme.color(bar.role ?? 'query');
      ctx.fillRect(names, y + 4, Math.max(bar.value > 0 ? 1 : 0, room * share), ROW - 8);
      ctx.fillStyle = theme.color('ink');
      ctx.textAlign = 'right';
      ctx.fillText(bar.label, names - 8, y + ROW / 2, names - 8);
      ctx.textAlign = 'left';
      ctx.fillText(format(bar.value), names + room * share + 6, y + ROW / 2, figures);
    });
    ctx.fillStyle = theme.color('line');
    ctx.fillRect(names - 1, 0, 1, p.bars.length * ROW);
  }

  protected override onPointer(event: PointerEvent, _x: number, y: number): void {
    const p = this.props;
    if (!p?.onPick) return;
    const row = event.type === 'pointerleave' ? undefined : Math.floor(y / ROW);
    if (row !== this.#row) {
      this.#row = row;
      this.requestUpdate();
    }
    if (event.type === 'pointerdown' && row !== undefined && row < p.bars.length) p.onPick(row);
  }
  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    if (!p?.onPick) return;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0) this.#row = Math.min(p.bars.length - 1, Math.max(0, (this.#row ?? -1) + step));
    else if (event.key === 'Enter' && this.#row !== undefined) p.onPick(this.#row);
    else return;
    event.preventDefault();
    this.requestUpdate();
  }

  protected override twin(p: BarProps): TemplateResult {
    const format = p.format ?? ((v: number) => formatNumber(v));
    return html`
      <table>
        <caption>${p.label}</caption>
        <tbody>
          ${p.bars.map(
            (b) => html`
              <tr>
                <th scope="row">${b.label}</th>
                <td>${format(b.value)}${b.note ? ` ${b.note}` : nothing}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}
define('x2g-plot-bars', BarElement);

export const barList = (props: BarProps): TemplateResult => html`
  <x2g-plot-bars .props=${props}></x2g-plot-bars>
`;

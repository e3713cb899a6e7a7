/**
 * A function of one input beside the curve that it should be: the places where it bends stand as handles under the picture and can be
 * moved by pointer or keys, the widest gap is marked, and the wanted curve can be drawn by hand. Arithmetic stands in hinge-edit.ts.
 * Computes no function: curves, bends and the gap are handed in.
 */
import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { ticks, tickText } from '../math/scale.ts';
import {
  drawTo,
  hingeScales,
  nearestHinge,
  nextHinge,
  outside,
  STRIP,
  type HingeProps,
  type HingeScales,
} from './hinge-edit.ts';
import { define, font, haloText, PlotElement, plotStyle } from './plot-element.ts';
import type { PlotTheme } from './theme.ts';
import type { FunctionCurve, Role } from './types.ts';

const words = {
  moves: {
    en: 'Drag a triangle to move a hinge. Keys: up and down choose one, left and right move it.',
    ja: '三角をドラッグすると折れ目が動きます。キー：上下で選び、左右で動かします。',
  },
  draws: {
    en: 'Draw the curve with the pointer. Keys: left and right move the cursor, up and down bend the curve there.',
    ja: 'ポインターで曲線を描けます。キー：左右でカーソルを動かし、上下でそこの曲線を動かします。',
  },
  tool: { en: 'The pointer', ja: 'ポインター' },
  move: { en: 'moves hinges', ja: '折れ目を動かす' },
  draw: { en: 'draws the curve', ja: '曲線を描く' },
  target: { en: 'wanted', ja: '目標' },
  net: { en: 'net', ja: 'ネット' },
  part: { en: 'one unit', ja: 'ユニット1つ' },
  sample: { en: 'sample', ja: '標本' },
  gap: { en: 'widest gap', ja: '最大のずれ' },
  up: { en: 'bends up', ja: '上へ折れる' },
  down: { en: 'bends down', ja: '下へ折れる' },
  hinge: { en: 'hinge', ja: '折れ目' },
  at: { en: 'at', ja: '位置' },
};

export class HingeElement extends PlotElement<HingeProps> {
  static override styles: CSSResultGroup = [
    plotStyle,
    css`
      .legend b {
        font-weight: 400;
      }
      .net {
        color: var(--x2g-ink);
      }
      .target {
        color: color-mix(in oklab, var(--x2g-query) 40%, var(--x2g-bg));
      }
      .gap {
        color: var(--x2g-valid);
      }
      .up {
        color: var(--x2g-positive);
      }
      .down {
        color: var(--x2g-negative);
      }
    `,
  ];
  #draws = false;
  #chosen: number | undefined;
  #held: number | undefined;
  #stroke: { column: number; values: number[] } | undefined;
  #column: number | undefined;
  #told = '';

  protected override heightFor(width: number): number {
    return Math.round(Math.min(430, Math.max(290, width * 0.44)));
  }
  #drawing(p: HingeProps): boolean {
    return this.#draws && p.onDraw !== undefined;
  }
  protected override interactive(p: HingeProps): { hint: string } | undefined {
    if (this.#drawing(p)) return { hint: this.t(words.draws) };
    return p.onHinge ? { hint: this.t(words.moves) } : undefined;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: HingeProps,
  ): void {
    const s = hingeScales(width, height, p);
    this.#axes(ctx, theme, p, s);
    ctx.save();
    ctx.beginPath();
    ctx.rect(s.left, s.top, s.right - s.left, s.bottom - s.top);
    ctx.clip();
    const line = (c: FunctionCurve, role: Role, wide: number, dash: number[] = [], strength = 1): void => {
      ctx.beginPath();
      for (let i = 0; i < c.x.length; i++) ctx.lineTo(s.x(c.x[i] ?? 0), s.y(c.y[i] ?? 0));
      ctx.setLineDash(dash);
      ctx.lineWidth = wide;
      ctx.strokeStyle = theme.color(role, strength);
      ctx.stroke();
      ctx.setLineDash([]);
    };
    for (const c of p.parts ?? []) line(c, c.role ?? 'muted', 1.25, [], 0.75);
    const own = this.#stroke && p.draft ? p.draft(this.#stroke.values) : undefined;
    for (const c of own ? [own] : p.target) line(c, 'query', 5, [], 0.4);
    for (const { x, y } of p.dots ?? []) {
      ctx.beginPath();
      ctx.arc(s.x(x), s.y(y), 3, 0, 2 * Math.PI);
      ctx.fillStyle = theme.color('train');
      ctx.fill();
    }
    line(p.net, 'ink', 2.25);
    this.#gap(ctx, theme, p, s);
    ctx.restore();
    this.#hinges(ctx, theme, p, s);
    if (this.#drawing(p) && this.#column !== undefined) {
      ctx.strokeStyle = theme.color('accent');
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      const x = s.x(p.x[0] + (this.#column / ((p.drawn?.length ?? 2) - 1)) * (p.x[1] - p.x[0]));
      ctx.moveTo(x, s.top);
      ctx.lineTo(x, s.bottom);
      ctx.stroke();
    }
  }

  #axes(ctx: CanvasRenderingContext2D, theme: PlotTheme, p: HingeProps, s: HingeScales): void {
    ctx.lineWidth = 1;
    font(ctx, theme, 11);
    ctx.strokeStyle = theme.color('line');
    ctx.fillStyle = theme.color('muted');
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const v of ticks(p.y[0], p.y[1], 4)) {
      ctx.beginPath();
      ctx.moveTo(s.left, s.y(v));
      ctx.lineTo(s.right, s.y(v));
      ctx.stroke();
      ctx.fillText(tickText(v), s.left - 5, s.y(v));
    }
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const v of ticks(p.x[0], p.x[1], s.right - s.left > 500 ? 10 : 5))
      ctx.fillText(tickText(v), s.x(v), s.bottom + STRIP);
    ctx.fillStyle = theme.color('surface');
    ctx.fillRect(s.left, s.bottom + 2, s.right - s.left, STRIP - 6);
  }

  #gap(ctx: CanvasRenderingContext2D, theme: PlotTheme, { gap }: HingeProps, s: HingeScales): void {
    if (!gap) return;
    const x = s.x(gap.x);
    const [a, b] = [s.y(gap.from), s.y(gap.to)];
    ctx.strokeStyle = ctx.fillStyle = theme.color('valid');
    ctx.lineWidth = 3;
    ctx.beginPath();
    ctx.moveTo(x, a);
    ctx.lineTo(x, b);
    for (const y of [a, b]) {
      ctx.moveTo(x - 7, y);
      ctx.lineTo(x + 7, y);
    }
    ctx.stroke();
    font(ctx, theme, 13, 650);
    const right = x < (s.left + s.right) / 2;
    ctx.textAlign = right ? 'left' : 'right';
    ctx.textBaseline = 'middle';
    const y = Math.min(s.bottom - 9, Math.max(s.top + 9, (a + b) / 2));
    haloText(ctx, theme, formatNumber(Math.abs(gap.from - gap.to)), x + (right ? 12 : -12), y);
  }

  #hinges(ctx: CanvasRenderingContext2D, theme: PlotTheme, p: HingeProps, s: HingeScales): void {
    const middle = s.bottom + STRIP / 2 - 2;
    const order = p.hinges.map((_, i) => i);
    if (this.#chosen !== undefined)
      order.sort((a, b) => Number(a === this.#chosen) - Number(b === this.#chosen));
    for (const i of order) {
      const hinge = p.hinges[i];
      if (!hinge || outside(hinge.x, p.x)) continue;
      const x = s.x(hinge.x);
      const up = hinge.bend >= 0;
      const chosen = i === this.#chosen;
      const color = theme.color(up ? 'positive' : 'negative');
      const y = Math.min(s.bottom, Math.max(s.top, s.y(hinge.y)));
      ctx.strokeStyle = theme.color(up ? 'positive' : 'negative', chosen ? 1 : 0.45);
      ctx.lineWidth = chosen ? 1.75 : 1;
      ctx.setLineDash([2, 3]);
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x, middle - 8);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = color;
      ctx.beginPath();
      ctx.arc(x, y, chosen ? 5 : 3.5, 0, 2 * Math.PI);
      ctx.fill();
      const r = chosen ? 10 : 8;
      const tip = up ? -1 : 1;
      ctx.beginPath();
      ctx.moveTo(x, middle + tip * r);
      ctx.lineTo(x - r, middle - tip * r * 0.75);
      ctx.lineTo(x + r, middle - tip * r * 0.75);
      ctx.closePath();
      ctx.fill();
      ctx.lineWidth = chosen ? 2 : 1;
      ctx.strokeStyle = theme.color(chosen ? 'ink' : 'bg');
      ctx.stroke();
    }
    font(ctx, theme, 11, 600);
    ctx.fillStyle = theme.color('muted');
    ctx.textBaseline = 'middle';
    for (const [side, x] of [[-1, s.left + 3] as const, [1, s.right - 3] as const]) {
      const many = p.hinges.filter((h) => Math.sign(outside(h.x, p.x)) === side).length;
      ctx.textAlign = side < 0 ? 'left' : 'right';
      if (many > 0) haloText(ctx, theme, side < 0 ? `‹ ${many}` : `${many} ›`, x, middle);
    }
  }

  #here(): { p: HingeProps; s: HingeScales } | undefined {
    const { props: p, canvas } = this;
    if (!p || !canvas) return undefined;
    return { p, s: hingeScales(canvas.clientWidth, this.heightFor(canvas.clientWidth), p) };
  }

  protected override grabs(x: number, y: number): boolean {
    const at = this.#here();
    if (!at) return false;
    if (this.#drawing(at.p)) return y < at.s.bottom;
    return at.p.onHinge !== undefined && nearestHinge(at.p, at.s, x, y) !== undefined;
  }

  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    const at = this.#here();
    if (!at || (event.type === 'pointerdown' && event.button !== 0)) return;
    const { p, s } = at;
    if (event.type === 'pointerdown') {
      if (this.#drawing(p)) {
        if (y > s.bottom + 6) return;
        const { column, values } = drawTo(p, [...(p.drawn ?? [])], undefined, s.x.invert(x), s.y.invert(y));
        this.#stroke = { column, values };
      } else if (p.onHinge) this.#held = this.#chosen = nearestHinge(p, s, x, y);
      if (this.#stroke || this.#held !== undefined) this.canvas?.setPointerCapture(event.pointerId);
      this.#say(p);
    } else if (event.type === 'pointermove') {
      if (this.#stroke)
        this.#stroke = drawTo(p, this.#stroke.values, this.#stroke.column, s.x.invert(x), s.y.invert(y));
      else if (this.#held !== undefined)
        p.onHinge?.(this.#held, Math.min(p.x[1], Math.max(p.x[0], s.x.invert(x))));
      else return;
      this.redraw();
    } else {
      if (this.#stroke) p.onDraw?.(this.#stroke.values);
      this.#stroke = undefined;
      this.#held = undefined;
      this.requestUpdate();
    }
  }

  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    if (!p || event.ctrlKey || event.metaKey || event.altKey) return;
    const across = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const along = event.key === 'ArrowDown' ? -1 : event.key === 'ArrowUp' ? 1 : 0;
    if (across === 0 && along === 0) return;
    event.preventDefault();
    const many = event.shiftKey ? 5 : 1;
    if (this.#drawing(p)) {
      const last = (p.drawn?.length ?? 1) - 1;
      const column = Math.min(last, Math.max(0, (this.#column ?? Math.round(last / 2)) + across * many));
      this.#column = column;
      if (along !== 0) {
        const by = ((p.y[1] - p.y[0]) / 50) * many * along;
        const [low, high] = p.drawRange ?? p.y;
        p.onDraw?.((p.drawn ?? []).map((v, i) => (i === column ? Math.min(high, Math.max(low, v + by)) : v)));
      }
    } else if (along !== 0 || this.#chosen === undefined) {
      this.#chosen = nextHinge(p, this.#chosen, along || 1);
    } else {
      const from = p.hinges[this.#chosen]?.x ?? p.x[0];
      const to = from + ((p.x[1] - p.x[0]) / 100) * many * across;
      p.onHinge?.(this.#chosen, Math.min(p.x[1], Math.max(p.x[0], to)));
    }
    this.#say(p);
    this.requestUpdate();
  }

  #say(p: HingeProps): void {
    const hinge = this.#chosen === undefined ? undefined : p.hinges[this.#chosen];
    const value = this.#column === undefined ? undefined : p.drawn?.[this.#column];
    if (this.#drawing(p))
      this.#told = value === undefined ? '' : `${this.t(words.target)} ${formatNumber(value)}`;
    else this.#told = hinge ? this.#tell(hinge, (this.#chosen ?? 0) + 1) : '';
    this.requestUpdate();
  }
  #tell({ x, bend }: HingeProps['hinges'][number], number: number): string {
    const way = this.t(bend >= 0 ? words.up : words.down);
    return `${this.t(words.hinge)} ${number}: ${this.t(words.at)} ${formatNumber(x)}, ${way}`;
  }

  protected override twin(p: HingeProps): TemplateResult {
    const { gap } = p;
    return html`
      ${
        gap
          ? html`
              <p>
                ${this.t(words.gap)}: ${formatNumber(Math.abs(gap.from - gap.to))} (x =
                ${formatNumber(gap.x)})
              </p>
            `
          : nothing
      }
      <ul>
        ${p.hinges.map(
          (hinge, i) => html`
            <li>${this.#tell(hinge, i + 1)}</li>
          `,
        )}
      </ul>
    `;
  }

  protected override below(p: HingeProps): TemplateResult {
    const tool = (draws: boolean, text: string): TemplateResult => html`
      <button
        type="button"
        data-tool=${draws ? 'draw' : 'move'}
        aria-pressed=${this.#draws === draws ? 'true' : 'false'}
        @click=${() => {
          this.#draws = draws;
          this.requestUpdate();
        }}
      >
        ${text}
      </button>
    `;
    return html`
      <p class="legend" aria-hidden="true">
        <span>
          <b class="net">━</b>
          ${this.t(words.net)}
        </span>
        <span>
          <b class="target">▬</b>
          ${this.t(words.target)}
        </span>
        ${
          p.parts && p.parts.length > 0
            ? html`
                <span>─ ${this.t(words.part)}</span>
              `
            : nothing
        }
        ${
          p.dots && p.dots.length > 0
            ? html`
                <span>● ${this.t(words.sample)}</span>
              `
            : nothing
        }
        <span>
          <b class="gap">┃</b>
          ${this.t(words.gap)}
        </span>
        <span>
          <b class="up">▲</b>
          ${this.t(words.up)}
        </span>
        <span>
          <b class="down">▼</b>
          ${this.t(words.down)}
        </span>
      </p>
      ${
        p.onDraw
          ? html`
              <div class="legend" role="group" aria-label=${this.t(words.tool)}>
                ${tool(false, this.t(words.move))}${tool(true, this.t(words.draw))}
              </div>
            `
          : nothing
      }
      <p class="told" role="status">${this.#told}</p>
    `;
  }
}
define('x2g-plot-hinge', HingeElement);

export const hingePlot = (props: HingeProps): TemplateResult => html`
  <x2g-plot-hinge .props=${props}></x2g-plot-hinge>
`;

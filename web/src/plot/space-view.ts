/**
 * Three inputs: labelled points in a box and the plane w1·x + w2·y + w3·z + b = 0 cut to it. Parallel projection; drag or arrow keys turn it.
 * Plain geometry (space-geometry.ts) and Canvas2D: eight corners need no 3-D library.
 */
import { html, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { drawPoint, drawRing } from './marks.ts';
import { define, font, haloText, PlotElement } from './plot-element.ts';
import { planePolygon, project, type View } from './space-geometry.ts';
import type { PlotTheme } from './theme.ts';
import type { SpaceProps } from './types.ts';

const words = {
  hint: { en: 'Drag or use the arrow keys to turn the box.', ja: 'ドラッグか矢印キーで回せます。' },
  cls: { en: 'class', ja: 'クラス' },
  wrong: { en: 'wrong', ja: '誤り' },
};

export class SpaceElement extends PlotElement<SpaceProps> {
  #view: View = { yaw: 0.6, pitch: 0.45 };
  #last: { x: number; y: number } | undefined;

  protected override widest(p: SpaceProps): number {
    return p.size ?? 420;
  }
  protected override heightFor(width: number): number {
    return Math.round(width * 0.95);
  }
  protected override interactive(): { hint: string } {
    return { hint: this.t(words.hint) };
  }
  protected override grabs(): boolean {
    return true;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: SpaceProps,
  ): void {
    const [low, high] = p.range;
    const place = (x: number, y: number, z: number) => {
      const q = project(this.#view, [x, y, z], p.range);
      return { x: width / 2 + (q.x * width) / 3.7, y: height / 2 - (q.y * height) / 3.7, depth: q.depth };
    };
    const line = (a: [number, number, number], b: [number, number, number]): void => {
      const [from, to] = [place(...a), place(...b)];
      ctx.beginPath();
      ctx.moveTo(from.x, from.y);
      ctx.lineTo(to.x, to.y);
      ctx.stroke();
    };
    ctx.strokeStyle = theme.color('line');
    ctx.lineWidth = 1;
    for (const u of [low, high])
      for (const v of [low, high]) {
        line([low, u, v], [high, u, v]);
        line([u, low, v], [u, high, v]);
        line([u, v, low], [u, v, high]);
      }
    if (p.plane) {
      const corners = planePolygon(p.plane, p.range).map((c) => place(...c));
      if (corners.length >= 3) {
        ctx.beginPath();
        for (const c of corners) ctx.lineTo(c.x, c.y);
        ctx.closePath();
        ctx.save();
        ctx.globalAlpha = 0.25;
        ctx.fillStyle = theme.color('accent');
        ctx.fill();
        ctx.restore();
        ctx.strokeStyle = theme.color('ink');
        ctx.lineWidth = 2;
        ctx.stroke();
      }
    }
    const ends: [string | undefined, [number, number, number]][] = [
      [p.axes?.x, [high, low, low]],
      [p.axes?.y, [low, high, low]],
      [p.axes?.z, [low, low, high]],
    ];
    font(ctx, theme, 12, 600);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = theme.color('muted');
    const origin = place(low, low, low);
    for (const [name, end] of ends) {
      if (!name) continue;
      const at = place(...end);
      haloText(ctx, theme, name, at.x + (at.x - origin.x) * 0.07, at.y + (at.y - origin.y) * 0.07);
    }
    const points = p.points
      .map((q) => ({ q, at: place(q.x, q.y, q.z) }))
      .sort((a, b) => b.at.depth - a.at.depth);
    for (const { q, at } of points) {
      if (q.current) drawRing(ctx, at.x, at.y, 15, theme.color('accent'), 2.5);
      if (q.wrong) drawRing(ctx, at.x, at.y, 11, theme.color('gradient'), 2);
      drawPoint(ctx, theme, at.x, at.y, q.label, 6.5);
      if (!q.name) continue;
      font(ctx, theme, 11);
      ctx.fillStyle = theme.color('muted');
      haloText(ctx, theme, q.name, at.x, at.y + 16);
    }
  }

  #turn(dx: number, dy: number): void {
    this.#view = { yaw: this.#view.yaw + dx, pitch: Math.min(1.5, Math.max(-1.5, this.#view.pitch + dy)) };
    this.redraw();
  }
  protected override onPointer(event: PointerEvent, x: number, y: number): void {
    if (event.type === 'pointerdown') {
      this.#last = { x, y };
      this.canvas?.setPointerCapture(event.pointerId);
    } else if (event.type === 'pointermove' && this.#last) {
      this.#turn((x - this.#last.x) * 0.01, (y - this.#last.y) * 0.01);
      this.#last = { x, y };
    } else if (event.type !== 'pointermove') this.#last = undefined;
  }
  protected override onKey(event: KeyboardEvent): void {
    const turn = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[
      event.key
    ];
    if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#turn(turn[0] ?? 0, turn[1] ?? 0);
  }

  protected override twin(p: SpaceProps): TemplateResult {
    return html`
      <ul>
        ${p.points.slice(0, 40).map(
          (q) => html`
            <li>
              ${q.name ?? ''} (${[q.x, q.y, q.z].map((v) => formatNumber(v)).join(', ')}):
              ${this.t(words.cls)} ${q.label}${q.wrong ? `, ${this.t(words.wrong)}` : ''}
            </li>
          `,
        )}
      </ul>
    `;
  }
}
define('x2g-plot-space', SpaceElement);

export const spaceView = (props: SpaceProps): TemplateResult => html`
  <x2g-plot-space .props=${props}></x2g-plot-space>
`;

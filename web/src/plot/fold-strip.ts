/**
 * A strip of paper folded in half again and again, seen from its edge, stretched back to full width after each fold. Its position across is
 * the sawtooth T(T(…T(s))) of the place s on the paper: pieces that lie face up rise, pieces face down fall. The last fold may be under way.
 * Draws only; the sawtooth that a net computes is drawn elsewhere.
 */
import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { define, font, haloText, PlotElement, plotStyle } from './plot-element.ts';
import { faceDown, stripPoint, tent } from './fold-geometry.ts';
import type { PlotTheme } from './theme.ts';

export interface FoldProps {
  label: string;
  /** Whole folds made or under way, 0 to 10. */
  folds: number;
  /** How far the last fold has come, 0 to 1: first it turns over, then the strip is stretched. Default 1. */
  progress?: number;
  /** A place on the paper, 0 to 1, marked on it. */
  spot?: number;
}

const words = {
  layers: { en: 'layers of paper', ja: '枚の重なり' },
  up: { en: 'face up: rises', ja: '表が上：上り' },
  down: { en: 'face down: falls', ja: '裏が上：下り' },
  spot: { en: 'the marked place lies at', ja: '印の位置：' },
};
const MOST_GAP = 12; // px between two layers
const STACK = 96; // px: height that all layers share

export class FoldElement extends PlotElement<FoldProps> {
  static override styles: CSSResultGroup = [
    plotStyle,
    css`
      .up {
        color: var(--x2g-positive);
      }
      .down {
        color: var(--x2g-negative);
      }
    `,
  ];
  protected override heightFor(width: number): number {
    return Math.round(Math.min(250, Math.max(190, width * 0.62)));
  }
  protected override widest(): number {
    return 420;
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: FoldProps,
  ): void {
    const margin = 26;
    const span = width - 2 * margin;
    const base = height - 30;
    const progress = p.progress ?? 1;
    const gap = (folds: number): number => Math.min(MOST_GAP, STACK / 2 ** folds);
    const shape = {
      folds: p.folds,
      progress,
      gap: gap(p.folds),
      before: gap(Math.max(0, p.folds - 1)),
      span,
    };
    const at = (s: number, piece: number): [number, number] => {
      const [x, y] = stripPoint(s, piece, shape);
      return [margin + x, base - y];
    };
    const pieces = 2 ** p.folds;
    ctx.lineWidth = Math.max(0.75, Math.min(5, gap(p.folds) * 0.55));
    for (let i = 0; i < pieces; i++) {
      const from = at(i / pieces, i);
      const to = at((i + 1) / pieces, i);
      ctx.strokeStyle = theme.color(faceDown(i, progress) ? 'negative' : 'positive');
      ctx.beginPath();
      ctx.moveTo(...from);
      ctx.lineTo(...to);
      ctx.stroke();
      if (i + 1 === pieces) continue;
      const next = at((i + 1) / pieces, i + 1);
      const bulge = Math.min(14, Math.hypot(next[0] - to[0], next[1] - to[1]) / 2);
      const side = Math.sign(to[0] - from[0]) || 1;
      ctx.strokeStyle = theme.color('muted');
      ctx.beginPath();
      ctx.moveTo(...to);
      ctx.bezierCurveTo(to[0] + side * bulge, to[1], next[0] + side * bulge, next[1], ...next);
      ctx.stroke();
    }
    this.#axis(ctx, theme, margin, span, base);
    if (p.spot === undefined) return;
    const [x, y] = at(p.spot, Math.min(pieces - 1, Math.floor(p.spot * pieces)));
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.fillStyle = theme.color('accent');
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = theme.color('bg');
    ctx.stroke();
  }

  #axis(ctx: CanvasRenderingContext2D, theme: PlotTheme, left: number, span: number, base: number): void {
    ctx.strokeStyle = theme.color('line');
    ctx.fillStyle = theme.color('muted');
    ctx.lineWidth = 1;
    font(ctx, theme, 11);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const [share, text] of [[0, '0'] as const, [0.5, '½'] as const, [1, '1'] as const]) {
      ctx.beginPath();
      ctx.moveTo(left + share * span, base + 8);
      ctx.lineTo(left + share * span, base + 13);
      ctx.stroke();
      haloText(ctx, theme, text, left + share * span, base + 14);
    }
  }

  protected override twin(p: FoldProps): TemplateResult {
    const { folds, spot } = p;
    let place = spot ?? NaN;
    for (let fold = 0; fold < folds; fold++) place = tent(place);
    return html`
      <p>${2 ** folds} ${this.t(words.layers)}</p>
      ${
        spot === undefined
          ? nothing
          : html`
              <p>${formatNumber(spot)}: ${this.t(words.spot)} ${formatNumber(place)}</p>
            `
      }
    `;
  }

  protected override below(): TemplateResult {
    return html`
      <p class="legend" aria-hidden="true">
        <span>
          <b class="up">━</b>
          ${this.t(words.up)}
        </span>
        <span>
          <b class="down">━</b>
          ${this.t(words.down)}
        </span>
      </p>
    `;
  }
}
define('x2g-plot-fold', FoldElement);

export const foldStrip = (props: FoldProps): TemplateResult => html`
  <x2g-plot-fold .props=${props}></x2g-plot-fold>
`;

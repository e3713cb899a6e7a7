/**
 * Attention of a whole model: every layer and head small, the chosen one large with its tokens; row = the token that asks, column = the one it looks at.
 * Pointer or arrow keys choose a row; its weights are told in words and drawn as bars under the tokens.
 */
import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { formatNumber } from '../math/format.ts';
import { rampLegend } from './marks.ts';
import { define, font, PlotElement, plotStyle } from './plot-element.ts';
import { rampColor, unsignedIndex, type PlotTheme } from './theme.ts';
import { themeOf } from './theme.ts';
import type { AttentionProps } from './types.ts';

const words = {
  heads: { en: 'Layer and head', ja: '層とヘッド' },
  hint: {
    en: 'Up and down choose the token that asks.',
    ja: '上下キーで、問い合わせる側のトークンを選びます。',
  },
  looks: { en: 'looks at', ja: 'が見ている先：' },
  asks: { en: 'asks', ja: '問う側' },
};

/** Tokens as they can be shown: a space and a line break become visible. */
export const visibleToken = (token: string): string =>
  token.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll('\r', '␍') || '∅';

/** The matrix (n, n) of one head as a view. */
export function headOf(p: AttentionProps, layer: number, head: number): number[] {
  const n = p.tokens.length;
  const from = (layer * p.heads + head) * n * n;
  return Array.from({ length: n * n }, (_, i) => p.attention[from + i] ?? 0);
}

/**
 * The weight that has the full color: the largest one past the first rows, where few tokens share all the attention.
 * At least 0.1, so that an even spread stays pale.
 */
export function fullColor(weights: readonly number[], n: number): number {
  const rest = weights.slice(Math.min(n - 1, 4) * n);
  return Math.min(1, Math.max(0.1, ...rest));
}

/** The tokens with the largest weights in a row, largest first. */
export function strongest(weights: readonly number[], count: number): number[] {
  return weights
    .map((w, i) => ({ w, i }))
    .filter(({ w }) => w > 0)
    .sort((a, b) => b.w - a.w || a.i - b.i)
    .slice(0, count)
    .map(({ i }) => i);
}

/** Height above the cells, CSS px: a line that names the keys, a line of their tokens. */
const TOP = 44;

export class AttentionElement extends PlotElement<AttentionProps> {
  static override styles: CSSResultGroup = [
    plotStyle,
    css`
      .heads {
        display: grid;
        gap: 4px;
        justify-content: center;
        margin-block-end: var(--x2g-space-3);
      }
      .heads button {
        min-width: 44px;
        padding: 2px;
        display: grid;
        place-items: center;
      }
      .heads canvas {
        width: 40px;
        height: 40px;
        image-rendering: pixelated;
      }
    `,
  ];
  #row: number | undefined;
  #small: readonly unknown[] = []; // what the small maps show

  #left(p: AttentionProps): number {
    return Math.min(
      96,
      Math.max(36, 12 + 9 * Math.max(1, ...p.tokens.map((token) => [...visibleToken(token)].length))),
    );
  }
  protected override widest(p: AttentionProps): number {
    return Math.min(560, this.#left(p) + p.tokens.length * 34 + 1);
  }
  protected override heightFor(width: number, p: AttentionProps): number {
    const left = this.#left(p);
    return Math.round(width - left + 40 + TOP);
  }
  protected override interactive(): { hint: string } {
    return { hint: this.t(words.hint) };
  }
  #chosenRow(p: AttentionProps): number {
    return Math.min(Math.max(0, this.#row ?? p.tokens.length - 1), Math.max(0, p.tokens.length - 1));
  }

  protected override paint(
    ctx: CanvasRenderingContext2D,
    width: number,
    height: number,
    theme: PlotTheme,
    p: AttentionProps,
  ): void {
    const n = p.tokens.length;
    if (n === 0) return;
    const left = this.#left(p);
    const top = TOP;
    const cell = (width - left - 1) / n;
    const weights = headOf(p, p.layer, p.head);
    const limit = fullColor(weights, n);
    const chosen = this.#chosenRow(p);
    for (let q = 0; q < n; q++)
      for (let k = 0; k < n; k++) {
        const color = rampColor(theme.unsigned, unsignedIndex(weights[q * n + k] ?? 0, limit));
        ctx.fillStyle = k > q ? theme.color('surface') : `rgb(${color.join(' ')})`;
        ctx.fillRect(left + k * cell, top + q * cell, cell - (cell > 6 ? 1 : 0), cell - (cell > 6 ? 1 : 0));
      }
    const size = Math.max(8, Math.min(13, cell * 0.8));
    const every = Math.max(1, Math.ceil(9 / cell));
    ctx.textBaseline = 'middle';
    p.tokens.forEach((token, i) => {
      const crowded = i % every !== 0 || Math.abs(i - chosen) < every; // the chosen one needs its place
      if (crowded && i !== chosen) return;
      const text = visibleToken(token);
      font(ctx, theme, size, i === chosen ? 700 : 400);
      ctx.fillStyle = theme.color(i === chosen ? 'query' : 'muted');
      ctx.textAlign = 'right';
      ctx.fillText(text, left - 6, top + (i + 0.5) * cell, left - 8);
      font(ctx, theme, size);
      ctx.fillStyle = theme.color('muted');
      ctx.textAlign = 'center';
      ctx.fillText(text, left + (i + 0.5) * cell, top - 10, cell * every);
    });
    font(ctx, theme, 12, 700);
    ctx.textAlign = 'right';
    ctx.fillStyle = theme.color('query');
    ctx.fillText('Q ↓', left - 6, top - 10);
    ctx.textAlign = 'left';
    ctx.fillStyle = theme.color('key');
    ctx.fillText('K →', left, top - 30);
    ctx.strokeStyle = theme.color('query');
    ctx.lineWidth = 2;
    ctx.strokeRect(left - 1, top + chosen * cell - 1, n * cell + 1, cell + 1);
    const base = height - 2;
    for (let k = 0; k <= chosen; k++) {
      const w = weights[chosen * n + k] ?? 0;
      ctx.fillStyle = theme.color('query');
      const high = 32 * Math.min(1, w / limit);
      ctx.fillRect(left + k * cell, base - high, Math.max(1, cell - 1), high);
    }
    ctx.fillStyle = theme.color('line');
    ctx.fillRect(left, base, n * cell, 1);
  }

  protected override onPointer(event: PointerEvent, _x: number, y: number): void {
    const { props: p, canvas } = this;
    if (!p || !canvas || event.type === 'pointerleave' || p.tokens.length === 0) return;
    const cell = (canvas.clientWidth - this.#left(p) - 1) / p.tokens.length;
    const row = Math.floor((y - TOP) / cell);
    if (row < 0 || row >= p.tokens.length || row === this.#row) return;
    this.#row = row;
    this.requestUpdate();
  }
  protected override onKey(event: KeyboardEvent): void {
    const p = this.props;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!p || step === 0) return;
    event.preventDefault();
    this.#row = Math.min(p.tokens.length - 1, Math.max(0, this.#chosenRow(p) + step));
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const p = this.props;
    if (!p) return nothing;
    const columns = `repeat(${p.heads}, auto)`;
    return html`
      <div class="heads" role="group" aria-label=${this.t(words.heads)} data-columns=${columns}>
        ${Array.from({ length: p.layers * p.heads }, (_, i) => {
          const [layer, head] = [Math.floor(i / p.heads), i % p.heads];
          return html`
            <button
              type="button"
              aria-pressed=${layer === p.layer && head === p.head ? 'true' : 'false'}
              aria-label=${`L${layer + 1} H${head + 1}`}
              title=${`L${layer + 1} H${head + 1}`}
              data-head=${`${layer}-${head}`}
              @click=${() => p.onSelect?.(layer, head)}
            >
              <canvas class="small" aria-hidden="true"></canvas>
            </button>
          `;
        })}
      </div>
      ${super.render()}
    `;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    super.updated(changed);
    const p = this.props;
    if (!p) return;
    const grid = this.renderRoot.querySelector<HTMLElement>('.heads');
    if (grid) grid.style.gridTemplateColumns = `repeat(${Math.max(1, p.heads)}, auto)`;
    const n = p.tokens.length;
    const { unsigned } = themeOf(getComputedStyle(this));
    // A demo draws itself at every report; these change with a new look inside only, and are the most of what there is to draw.
    const shown = [p.attention, p.tokens, unsigned];
    if (shown.every((what, i) => what === this.#small[i])) return;
    this.#small = shown;
    this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas.small').forEach((small, i) => {
      if (n === 0) return;
      if (small.width !== n) small.width = small.height = n;
      const image = new ImageData(n, n);
      const weights = headOf(p, Math.floor(i / p.heads), i % p.heads);
      const limit = fullColor(weights, n);
      weights.forEach((w, at) => {
        const from = Math.round(unsignedIndex(w, limit)) * 4;
        image.data.set(unsigned.subarray(from, from + 4), at * 4);
      });
      small.getContext('2d')?.putImageData(image, 0, 0);
    });
  }

  protected override below(p: AttentionProps): TemplateResult {
    return html`
      ${rampLegend('unsigned', '0', formatNumber(fullColor(headOf(p, p.layer, p.head), p.tokens.length), 2))}
      <p class="told" role="status">${this.#sentence(p)}</p>
    `;
  }
  #sentence(p: AttentionProps): string {
    const n = p.tokens.length;
    if (n === 0) return '';
    const row = this.#chosenRow(p);
    const weights = headOf(p, p.layer, p.head).slice(row * n, row * n + n);
    const list = strongest(weights, 3).map(
      (k) => `“${visibleToken(p.tokens[k] ?? '')}” ${formatNumber(weights[k] ?? 0, 2)}`,
    );
    return `L${p.layer + 1} H${p.head + 1}: ${visibleToken(p.tokens[row] ?? '')} ${this.t(words.looks)} ${list.join(', ')}`;
  }
  protected override twin(p: AttentionProps): string {
    return this.#sentence(p);
  }
}
define('x2g-plot-attention', AttentionElement);

export const attentionMap = (props: AttentionProps): TemplateResult => html`
  <x2g-plot-attention .props=${props}></x2g-plot-attention>
`;

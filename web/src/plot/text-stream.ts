/**
 * Text that grows while a model writes: prompt muted, the model's words in ink, a caret while it writes.
 * A screen reader hears it once, when it stops. Text only: markup in it stays text.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { define, font } from './plot-element.ts';
import { themeOf } from './theme.ts';
import type { TextStreamProps } from './types.ts';

export class TextStreamElement extends LitElement {
  static override properties = { props: { attribute: false } };
  static override styles = css`
    :host {
      display: block;
      background: var(--x2g-surface);
      border-radius: var(--x2g-radius-small);
    }
    div.text {
      font-family: var(--x2g-font-mono);
      font-size: var(--x2g-text-small);
      line-height: 1.6;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      overflow-y: auto;
      padding-inline: var(--x2g-space-3);
      /* Not padding: text is cut off at a border, so whole lines show however far it is scrolled. */
      border-block: var(--x2g-space-3) solid transparent;
    }
    div.text:focus-visible {
      outline: 2px solid var(--x2g-focus);
      outline-offset: 2px;
    }
    .prompt,
    .placeholder {
      color: var(--x2g-muted);
    }
    .caret {
      display: inline-block;
      width: 0.55em;
      height: 1.1em;
      vertical-align: text-bottom;
      background: var(--x2g-query);
      animation: blink 1s steps(2) infinite;
    }
    @keyframes blink {
      50% {
        opacity: 0;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .caret {
        animation: none;
      }
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;
  declare props: TextStreamProps | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('data-plot', '');
  }

  protected override render(): TemplateResult | typeof nothing {
    const p = this.props;
    if (!p) return nothing;
    const empty = !p.text && !p.prompt && !p.streaming;
    // prettier-ignore
    return html`<div class="text" tabindex="0" role="group" aria-label=${p.label}>${empty ? html`<span class="placeholder">${p.placeholder ?? ''}</span>` : html`<span class="prompt">${p.prompt ?? ''}</span><span class="body">${p.text}</span>`}${p.streaming ? html`<span class="caret"></span>` : nothing}</div>
      <div class="unseen" role="status">${p.streaming || empty ? '' : `${p.prompt ?? ''}${p.text}`.slice(-1000)}</div>`;
  }

  protected override updated(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.text');
    if (!box || !this.props) return;
    const height = `${1.6 * (this.props.lines ?? 8)}em`;
    if (box.style.height !== height) box.style.height = height;
    if (this.props.streaming) box.scrollTop = box.scrollHeight;
  }

  /** The visible text as a picture, for exportPNG(). */
  snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined {
    const box = this.renderRoot.querySelector<HTMLElement>('.text');
    const canvas = document.createElement('canvas');
    const [width, height] = [this.clientWidth, this.clientHeight];
    const ctx = canvas.getContext('2d');
    if (!box || !ctx || width < 1 || height < 1) return undefined;
    const theme = themeOf(getComputedStyle(this));
    [canvas.width, canvas.height] = [width * 2, height * 2];
    ctx.scale(2, 2);
    ctx.fillStyle = theme.color('surface');
    ctx.fillRect(0, 0, width, height);
    font(ctx, theme, 14);
    ctx.fillStyle = theme.color('ink');
    ctx.textBaseline = 'top';
    const lines = wrapText(
      `${this.props?.prompt ?? ''}${this.props?.text ?? ''}`,
      (line) => ctx.measureText(line).width,
      width - 24,
    );
    lines.slice(0, Math.floor((height - 20) / 22)).forEach((line, i) => ctx.fillText(line, 12, 12 + 22 * i));
    return { image: canvas, box: this.getBoundingClientRect() };
  }
}
define('x2g-plot-text', TextStreamElement);

/** Breaks text into lines of at most `width`, at any character (as overflow-wrap: anywhere does at worst). */
export function wrapText(text: string, measure: (line: string) => number, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const c of paragraph) {
      if (line && measure(line + c) > width) {
        lines.push(line);
        line = '';
      }
      line += c;
    }
    lines.push(line);
  }
  return lines;
}

export const textStream = (props: TextStreamProps): TemplateResult => html`
  <x2g-plot-text .props=${props}></x2g-plot-text>
`;

/**
 * A box to type a number into, laid over a drawing where the number stands. Enter or leaving takes it, Escape does not.
 * Only the box: where it stands and what becomes of the number is the drawing's business.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { parseNumber } from '../math/format.ts';
import { PlotElement } from './plot-element.ts';

interface Editing {
  /** Middle of the box, CSS px from the canvas's top left corner. */
  x: number;
  y: number;
  /** Accessible name: what is typed. */
  label: string;
  value: number;
  take(value: number): void;
}

export const editorStyle = css`
  .holder input.edit {
    position: absolute;
    transform: translate(-50%, -50%);
    width: 6.5em;
    min-height: 44px;
    padding: 0 var(--x2g-space-1);
    font: inherit;
    font-variant-numeric: tabular-nums;
    text-align: center;
    color: var(--x2g-ink);
    background: var(--x2g-bg);
    border: 2px solid var(--x2g-accent);
    border-radius: var(--x2g-radius-small);
  }
`;

/** `close(back)` ends the editing; `back`: by a key, so that the focus goes back to the drawing. */
function valueEditor(editing: Editing, close: (back: boolean) => void): TemplateResult {
  let over = false;
  const end = (input: HTMLInputElement, keep: boolean, back: boolean): void => {
    if (over) return;
    over = true;
    const typed = parseNumber(input.value);
    close(back);
    if (keep && Number.isFinite(typed) && typed !== editing.value) editing.take(typed);
  };
  const place = (node: Element | undefined): void => {
    if (!(node instanceof HTMLInputElement) || node.dataset['placed']) return;
    node.dataset['placed'] = 'yes';
    node.value = String(Number(editing.value.toPrecision(7))); // a float's digits, not its double's
    queueMicrotask(() => {
      // Now it stands in the page.
      const room = node.parentElement?.scrollWidth ?? 0;
      const half = 60;
      node.style.left = `${Math.max(half, Math.min(editing.x, room - half))}px`;
      node.style.top = `${editing.y}px`;
      node.focus();
      node.select();
    });
  };
  return html`
    <input
      class="edit"
      type="text"
      inputmode="text"
      autocomplete="off"
      data-x2g="edit"
      aria-label=${editing.label}
      ${ref(place)}
      @keydown=${(e: KeyboardEvent) => {
        if (e.key !== 'Enter' && e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        end(e.currentTarget as HTMLInputElement, e.key === 'Enter', true);
      }}
      @blur=${(e: FocusEvent) => end(e.currentTarget as HTMLInputElement, true, false)}
    />
  `;
}

/** A drawing with such a box: it sets `editing` to open one. */
export abstract class EditedPlot<P extends { label: string }> extends PlotElement<P> {
  protected editing: Editing | undefined;

  protected override overlay(): TemplateResult | typeof nothing {
    if (!this.editing) return nothing;
    return valueEditor(this.editing, (back) => {
      this.editing = undefined;
      this.requestUpdate();
      if (back) this.canvas?.focus();
    });
  }
}

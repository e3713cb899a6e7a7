/**
 * How the frame looks, adopted as a sheet by every demo. Colors and distances come from tokens.css; nothing here names one.
 * Sizes hang on the frame's own width (container queries): the same demo stands in a lesson, a blog column and a phone.
 */
import { css } from 'lit';

export const frameStyle = css`
  :host {
    display: block;
    container-type: inline-size;
    font-family: var(--x2g-font);
    font-size: 1rem;
    line-height: 1.5;
    color: var(--x2g-ink);
    font-variant-numeric: tabular-nums;
    text-align: start;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  p,
  figure,
  fieldset,
  legend,
  ul,
  ol,
  pre,
  h2 {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .frame {
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-4);
    padding: var(--x2g-space-4);
    background: var(--x2g-bg);
    border: 1px solid var(--x2g-line);
    border-radius: var(--x2g-radius);
  }
  .frame:focus {
    outline: none;
  }
  :focus-visible,
  .file:focus-within,
  .frame:focus-visible {
    outline: 2px solid var(--x2g-focus);
    outline-offset: 2px;
  }
  p {
    text-wrap: pretty;
  }
  .title {
    font-family: var(--x2g-font-head);
    font-size: 1.25rem;
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }
  .question {
    color: var(--x2g-muted);
  }
  .label,
  legend {
    font-size: var(--x2g-text-tiny);
    color: var(--x2g-muted);
    line-height: 1.3;
  }
  .fine,
  .hint {
    font-size: var(--x2g-text-tiny);
    color: var(--x2g-muted);
  }
  .figure {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  code,
  pre,
  kbd {
    font-family: var(--x2g-font-mono);
    font-size: 0.875em;
  }

  .prediction,
  .problem {
    border: 1px solid var(--x2g-line);
    border-inline-start: 4px solid var(--x2g-accent);
    border-radius: var(--x2g-radius-small);
    padding: var(--x2g-space-3) var(--x2g-space-4);
    background: var(--x2g-surface);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--x2g-space-2) var(--x2g-space-3);
    margin-block-start: var(--x2g-space-2);
  }
  .choices .verdict {
    flex: 1 1 16rem;
  }
  .choices button {
    padding-block: var(--x2g-space-1);
    white-space: normal;
    text-align: start;
  }
  .choices button[data-true]::after {
    content: '✓';
  }
  .verdict {
    min-height: 1.5em;
  }
  .verdict[data-ok] strong {
    color: var(--x2g-key);
  }
  .problems {
    display: contents;
  }
  .problem {
    display: flex;
    flex-direction: column;
    align-items: start;
    gap: var(--x2g-space-2);
    border-inline-start-color: var(--x2g-gradient);
    overflow-wrap: anywhere;
  }
  .problem.mild {
    border-inline-start-color: var(--x2g-valid);
  }

  .picture {
    min-width: 0;
  }
  .skeleton {
    display: grid;
    place-items: center;
    min-height: var(--skeleton-narrow, 560px);
    background: var(--x2g-surface);
    border-radius: var(--x2g-radius-small);
    color: var(--x2g-muted);
  }
  .flow {
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-4);
    align-items: stretch;
  }
  .tile,
  .stack {
    min-width: 0;
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-2);
  }
  .tile > .caption {
    font-size: var(--x2g-text-small);
    color: var(--x2g-muted);
  }
  .past {
    min-height: 4.25rem;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
    gap: var(--x2g-space-3);
  }
  .readouts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--x2g-space-2) var(--x2g-space-6);
    min-height: 3rem;
  }
  .readout {
    display: flex;
    flex-direction: column;
    min-width: 4.5rem;
  }
  .readout .figure {
    font-size: 1.125rem;
    font-weight: 600;
  }
  .readout .unit {
    font-weight: 400;
    font-size: var(--x2g-text-small);
    margin-inline-start: 0.25em;
    color: var(--x2g-muted);
  }
  .status {
    min-height: 1.5em;
    color: var(--x2g-muted);
    font-size: var(--x2g-text-small);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    min-height: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @container (min-width: 46rem) {
    .frame {
      padding: var(--x2g-space-6);
    }
    .skeleton {
      min-height: var(--skeleton-wide, 420px);
    }
    .flow {
      flex-direction: row;
      align-items: center;
    }
    .flow > * {
      flex: 1 1 0;
    }
    .flow > .narrow {
      flex: 0 1 auto;
    }
  }
  @container (max-width: 30rem) {
    .past {
      min-height: 7rem;
    }
    .frame {
      padding: var(--x2g-space-3);
      border-inline: 0;
      border-radius: 0;
    }
    .moves:not(.end) {
      flex: 1 1 100%;
    }
    .moves:not(.end) > button {
      flex: 1;
      padding-inline: var(--x2g-space-2); /* run, step and reset in one row, in Japanese too */
    }
    .slider input[type='range'] {
      flex: 1;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    button.primary,
    .segment:has(input:checked) {
      border: 2px solid;
    }
  }
`;

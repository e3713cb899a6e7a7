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
  .frame:focus-visible {
    outline: 2px solid var(--x2g-focus);
    outline-offset: 2px;
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
    text-wrap: pretty;
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

  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
    font-variant-numeric: tabular-nums;
  }
  button,
  select,
  input:not([type='checkbox'], [type='radio'], [type='range']),
  textarea,
  summary {
    min-height: 44px;
  }
  button,
  select,
  input:not([type='checkbox'], [type='radio'], [type='range']),
  textarea {
    padding: 0 var(--x2g-space-3);
    background: var(--x2g-bg);
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius-small);
    max-width: 100%;
  }
  textarea {
    padding-block: var(--x2g-space-2);
    width: 100%;
    resize: vertical;
  }
  select {
    padding-inline-end: var(--x2g-space-2);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--x2g-space-2);
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover,
  summary:hover {
    background: var(--x2g-surface);
  }
  button:disabled {
    cursor: default;
    opacity: 0.7;
  }
  button svg {
    width: 1em;
    height: 1em;
    fill: currentColor;
  }
  button.primary {
    background: var(--x2g-accent);
    border-color: var(--x2g-accent);
    color: var(--x2g-on-accent);
    font-weight: 600;
  }
  button.primary:hover {
    filter: brightness(1.12);
  }
  button.quiet {
    border-color: transparent;
    color: var(--x2g-accent);
  }
  button.square {
    width: 44px;
    padding: 0;
  }
  button[aria-pressed='true'] {
    border-color: var(--x2g-accent);
    box-shadow: inset 0 0 0 1px var(--x2g-accent);
  }
  input[type='number'] {
    width: 7em;
  }
  input[type='range'] {
    width: 9rem;
    height: 44px;
    accent-color: var(--x2g-accent);
    margin: 0;
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0;
    flex: none;
    accent-color: var(--x2g-accent);
  }
  .swap {
    display: grid;
  }
  .swap > span {
    grid-area: 1 / 1;
    visibility: hidden;
  }
  .swap > span[data-shown] {
    visibility: visible;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--x2g-space-2) var(--x2g-space-4);
  }
  .moves {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--x2g-space-2);
  }
  .moves.end {
    margin-inline-start: auto;
    gap: 0;
  }
  .control {
    display: flex;
    flex-direction: column;
    gap: 2px;
    max-width: 100%;
  }
  .control.wide {
    flex-basis: 100%;
  }
  .control.wide input {
    width: 100%;
  }
  .control.check {
    flex-direction: row;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--x2g-space-2);
    min-height: 44px;
  }
  .control.check .label {
    font-size: var(--x2g-text-small);
    color: var(--x2g-ink);
  }
  .slider,
  .joined,
  .with-unit {
    display: flex;
    align-items: center;
    gap: var(--x2g-space-2);
  }
  .slider output {
    min-width: 4.5em;
  }
  .slider output.short {
    min-width: 1.75em;
  }
  .joined {
    gap: 0;
  }
  .joined input {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
    width: 6em;
  }
  .joined button {
    border-start-start-radius: 0;
    border-end-start-radius: 0;
    border-inline-start: 0;
    padding-inline: var(--x2g-space-2);
  }
  .segments {
    display: flex;
    flex-wrap: wrap;
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius-small);
    overflow: hidden;
    margin-top: 2px;
  }
  .segment {
    position: relative;
    display: flex;
    align-items: center;
    min-height: 42px;
    padding-inline: var(--x2g-space-3);
    cursor: pointer;
    border-inline-start: 1px solid var(--x2g-line-strong);
    margin-inline-start: -1px;
  }
  .segment input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .segment:has(input:checked) {
    background: var(--x2g-accent);
    color: var(--x2g-on-accent);
  }
  .segment:has(input:focus-visible) {
    outline: 2px solid var(--x2g-focus);
    outline-offset: -4px;
  }
  .segment:has(input:checked:focus-visible) {
    outline-color: var(--x2g-on-accent);
  }
  .more[open] {
    flex-basis: 100%;
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

  .panels {
    border-top: 1px solid var(--x2g-line);
  }
  .panel {
    border-bottom: 1px solid var(--x2g-line);
  }
  .panel:last-child {
    border-bottom: 0;
  }
  summary {
    display: flex;
    align-items: center;
    gap: var(--x2g-space-2);
    cursor: pointer;
    border-radius: var(--x2g-radius-small);
    font-weight: 600;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::before {
    content: '';
    width: 0.45em;
    height: 0.45em;
    margin-inline: 0.3em;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    transform: rotate(-45deg);
    transition: transform var(--x2g-time);
  }
  details[open] > summary::before {
    transform: rotate(45deg);
  }
  .panel-body {
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-4);
    padding-block: var(--x2g-space-2) var(--x2g-space-4);
  }
  .breaks,
  .claims {
    list-style: none;
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-3);
  }
  .claims li {
    display: flex;
    flex-direction: column;
  }
  .why {
    padding-inline-start: var(--x2g-space-3);
    border-inline-start: 3px solid var(--x2g-accent);
  }
  .check-form {
    display: flex;
    flex-direction: column;
    gap: var(--x2g-space-2);
  }
  .check-form + .check-form {
    padding-top: var(--x2g-space-4);
    border-top: 1px solid var(--x2g-line);
  }
  .fields {
    display: flex;
    flex-wrap: wrap;
    gap: var(--x2g-space-2) var(--x2g-space-4);
  }
  .fields .figure {
    width: 7em;
  }
  .hints {
    padding-inline-start: 1.5em;
  }
  .copy-head {
    display: flex;
    align-items: center;
    gap: var(--x2g-space-2);
  }
  .copy-head .label {
    flex: 1;
  }
  pre {
    padding: var(--x2g-space-3);
    background: var(--x2g-surface);
    border-radius: var(--x2g-radius-small);
    overflow-x: auto;
    min-height: 3.5rem;
    max-height: 20rem;
  }
  .scroll {
    overflow: auto;
    max-height: 26rem;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-size: var(--x2g-text-small);
  }
  caption {
    text-align: start;
    color: var(--x2g-muted);
    padding-block: var(--x2g-space-2) var(--x2g-space-1);
  }
  th,
  td {
    padding: var(--x2g-space-1) var(--x2g-space-3);
    text-align: end;
    border-bottom: 1px solid var(--x2g-line);
    font-variant-numeric: tabular-nums;
  }
  th {
    font-weight: 600;
    color: var(--x2g-muted);
  }
  th[scope='row'] {
    text-align: start;
  }
  dialog {
    color: inherit;
    background: var(--x2g-bg);
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius);
    padding: var(--x2g-space-6);
    max-width: min(28rem, 90vw);
  }
  dialog::backdrop {
    background: var(--x2g-scrim);
  }
  dialog h2 {
    font-size: 1.125rem;
  }
  dialog table {
    margin-block: var(--x2g-space-3);
    width: 100%;
  }
  dialog td {
    text-align: start;
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

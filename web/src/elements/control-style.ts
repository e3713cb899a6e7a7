/**
 * How buttons, fields and the control bar look: native elements, 44 px high at least, one accent. Adopted beside frame-style.ts.
 * <label class="file"> around words and an unseen input is a choice of files that looks like a button.
 */
import { css } from 'lit';

export const controlStyle = css`
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
  summary,
  .file {
    min-height: 44px;
  }
  button,
  select,
  input:not([type='checkbox'], [type='radio'], [type='range']),
  textarea,
  .file {
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
  button,
  .file {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--x2g-space-2);
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover,
  .file:hover,
  summary:hover {
    background: var(--x2g-surface);
  }
  button:is(:disabled, [aria-disabled='true']) {
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
`;

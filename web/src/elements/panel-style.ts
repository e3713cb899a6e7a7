/**
 * How the panels below a demo look, and the tables and the dialog in them. Adopted beside frame-style.ts, which holds the rest.
 */
import { css } from 'lit';

export const panelStyle = css`
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
    box-sizing: border-box;
    max-width: 100%;
    padding: var(--x2g-space-3);
    background: var(--x2g-surface);
    border-radius: var(--x2g-radius-small);
    overflow-x: auto;
    min-height: 3.5rem;
    max-height: 20rem;
  }
  input[type='file']:not(.unseen) {
    padding: var(--x2g-space-1);
  }
  ::file-selector-button {
    min-height: 34px;
    margin-inline-end: var(--x2g-space-3);
    padding-inline: var(--x2g-space-3);
    font: inherit;
    color: inherit;
    background: var(--x2g-surface);
    border: 1px solid var(--x2g-line-strong);
    border-radius: var(--x2g-radius-small);
  }
  .scroll {
    word-break: keep-all;
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
  th[scope='row'],
  thead th:first-child {
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
`;

// What the graph element adds to the looks that all demos share: code, list of nodes, table of tensors.
import { css } from 'lit';

export const graphStyle = css`
  .code,
  .scroll {
    overflow: auto;
    background: var(--x2g-surface);
    border: 1px solid var(--x2g-line);
    border-radius: var(--x2g-radius-small);
  }
  .code {
    max-height: 42rem;
    padding: var(--x2g-space-3) var(--x2g-space-4);
  }
  .code pre {
    tab-size: 2;
    line-height: 1.55;
  }
  .frame > .control {
    align-self: start;
  }
  .heading {
    font-weight: 600;
    font-size: var(--x2g-text-small);
    margin-block-end: var(--x2g-space-1);
  }
  .parts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--x2g-space-4) var(--x2g-space-6);
    align-items: start;
  }
  .nodes {
    list-style: none;
    display: flex;
    flex-direction: column;
  }
  .nodes li {
    display: flex;
    justify-content: space-between;
    gap: var(--x2g-space-3);
    padding: 2px var(--x2g-space-2);
    border-inline-start: 4px solid transparent;
    overflow-wrap: anywhere;
  }
  .nodes li[aria-current] {
    background: var(--x2g-surface);
    border-inline-start-color: var(--x2g-accent);
  }
  .nodes li[data-phase='backward'] {
    border-inline-start-color: var(--x2g-gradient);
  }
  .nodes .now {
    font-size: var(--x2g-text-tiny);
    white-space: nowrap;
    color: var(--x2g-muted);
  }
  .nodes li[data-phase='backward'] .now {
    color: var(--x2g-gradient);
  }
  .scroll {
    max-height: 26rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: var(--x2g-text-small);
  }
  th,
  td {
    padding: 3px var(--x2g-space-3);
    text-align: start;
    white-space: nowrap;
    border-block-end: 1px solid var(--x2g-line);
  }
  thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--x2g-surface);
    font-size: var(--x2g-text-tiny);
    color: var(--x2g-muted);
  }
  tbody th {
    font-weight: 400;
  }
  .number {
    font-family: var(--x2g-font-mono);
    white-space: pre;
    min-width: 35ch;
  }
  td.number {
    font-size: var(--x2g-text-tiny);
  }
  .number.grad {
    color: var(--x2g-gradient);
  }
  @container (min-width: 56rem) {
    .parts {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`;

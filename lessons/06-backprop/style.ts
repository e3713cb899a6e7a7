/** How lesson 6 looks besides the frame: the lines of the formula, terms that light up, the tables under the graph. */
import { css } from '@x2g/web/elements';

export const look = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--x2g-space-2);
  }
  .below {
    margin-block-start: var(--x2g-space-4);
  }
  @container (min-width: 46rem) {
    .flow.below {
      align-items: start;
    }
  }
  @container (max-width: 30rem) {
    .tools button {
      padding-inline: var(--x2g-space-2);
    }
  }
  .formula {
    min-height: 7rem;
  }
  .line {
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
    line-height: 1.9;
  }
  .line b {
    white-space: nowrap;
  }
  .term {
    white-space: nowrap;
    border-radius: var(--x2g-radius-small);
    padding: 1px 3px;
  }
  .term[data-lit] {
    background: var(--x2g-surface);
    box-shadow: 0 0 0 2px var(--x2g-accent);
  }
  .gradient {
    color: var(--x2g-gradient);
  }
  .dropped {
    text-decoration: line-through;
    text-decoration-thickness: 2px;
  }
  .probe {
    min-height: 14rem;
  }
  .probe table,
  .equations {
    border-collapse: collapse;
    font-size: var(--x2g-text-small);
  }
  caption {
    text-align: start;
    font-size: var(--x2g-text-small);
    color: var(--x2g-muted);
  }
  .probe th,
  .equations th,
  .equations td {
    text-align: start;
    font-weight: 400;
    padding: 3px var(--x2g-space-3) 3px 0;
  }
  .probe td {
    text-align: end;
    padding: 3px 0;
  }
  .probe .by {
    padding-block-start: var(--x2g-space-2);
    color: var(--x2g-muted);
  }
  .probe .verdict:not([data-ok]) strong {
    color: var(--x2g-gradient);
  }
  .scroll {
    overflow-x: auto;
  }
  .wide {
    flex: 2 1 0;
  }
  .nudge {
    align-self: center;
  }
  .equations td {
    white-space: nowrap;
  }
`;

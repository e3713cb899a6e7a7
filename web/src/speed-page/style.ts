// What the speed element adds to the looks that all demos share: a row of buttons with a bar, and a list of trials.
import { css } from 'lit';

export const speedStyle = css`
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--x2g-space-3);
  }
  progress {
    flex: 1 1 10rem;
    min-width: 0;
    height: 0.75rem;
    accent-color: var(--x2g-accent);
  }
  .trials {
    list-style: none;
    display: flex;
    flex-direction: column;
  }
  .trials li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: var(--x2g-space-1) var(--x2g-space-4);
    padding: var(--x2g-space-3) var(--x2g-space-2);
    border-block-start: 1px solid var(--x2g-line);
    border-inline-start: 4px solid transparent;
  }
  .trials li[data-now] {
    background: var(--x2g-surface);
    border-inline-start-color: var(--x2g-accent);
  }
  .name {
    grid-column: 1 / -1;
    font-weight: 600;
  }
  .readout .label {
    overflow-wrap: anywhere;
  }
  .trials .figure {
    white-space: normal;
  }
  .figure.quiet {
    font-weight: 400;
    color: var(--x2g-muted);
  }
  @container (min-width: 46rem) {
    .trials li {
      grid-template-columns: minmax(0, 2fr) minmax(0, 1.4fr) minmax(0, 1fr);
      align-items: baseline;
    }
    .name {
      grid-column: auto;
    }
  }
`;

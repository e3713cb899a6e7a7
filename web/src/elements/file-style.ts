/** A choice of files that looks like a button: <label class="file"> around the words and its input. */
import { css } from 'lit';

export const fileStyle = css`
  .file {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
    padding: 0 var(--x2g-space-4);
    border: 1px solid var(--x2g-line-strong, currentColor);
    border-radius: var(--x2g-radius-small);
    cursor: pointer;
  }
  .file:focus-within {
    outline: 2px solid var(--x2g-focus);
    outline-offset: 2px;
  }
`;

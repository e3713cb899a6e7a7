/** How lesson 7 looks besides the frame: the pad with what the net is given, the answers, the matrix's place. */
import { css } from '@x2g/web/elements';

export const look = css`
  .flow + .flow {
    margin-block-start: var(--x2g-space-6);
  }
  .seen {
    display: flex;
    gap: var(--x2g-space-3);
    align-items: center;
    justify-content: center;
    margin-block-start: var(--x2g-space-2);
  }
  .seen > :first-child {
    flex: 0 0 112px;
  }
  .seen .fine {
    max-width: 11rem;
  }
  .said {
    font-size: 1.25rem;
    min-height: 1.5em;
  }
  .told {
    min-height: 3em;
  }
  .center {
    text-align: center;
  }
  @container (min-width: 46rem) {
    .flow.top {
      align-items: start;
    }
    .matrix {
      min-height: 460px;
    }
    .flow > .answers {
      flex: 0 1 15rem;
    }
  }
`;

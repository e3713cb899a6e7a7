// Weights files for the language models' engine, which does not know their format: the whole engine is opened for a moment, given the same
// model and its weights, and closed again. Loaded on the first file, so that no first run waits for this or for that engine.
import type { HostResult } from './link.ts';
import type { Session } from './session.ts';
import type { GptConfig, RunConfig } from './types.ts';

export type Weights = HostResult<'weights'>;

/** A batch of one row is enough to hold weights. */
async function beside<T>(
  open: () => Promise<Session>,
  config: RunConfig,
  work: (other: Session) => Promise<T>,
): Promise<T> {
  const other = await open();
  try {
    await other.create({ ...(config as GptConfig), batch: 1, evalEvery: 0 });
    return await work(other);
  } finally {
    other.dispose();
  }
}

/** The file with these weights of a run. */
export const written = (open: () => Promise<Session>, config: RunConfig, w: Weights): Promise<Uint8Array> =>
  beside(open, config, async (other) => {
    await other.setWeights(w);
    return other.saveWeights();
  });

/** What stands in a file for such a run; refused as loadWeights() would. */
export const read = (open: () => Promise<Session>, config: RunConfig, bytes: Uint8Array): Promise<Weights> =>
  beside(open, config, async (other) => {
    await other.loadWeights(bytes);
    return other.weights();
  });

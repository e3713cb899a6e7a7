/** Fetches what stands in later/ when it is first wanted. A failure says so in words and can be tried again. */
import { LabError } from './problem.ts';

export type Later = typeof import('./later/index.ts');

export const later = (): Promise<Later> =>
  import('./later/index.ts').catch((cause: unknown) => {
    throw new LabError(
      'not_loaded',
      'This part of the demo could not be fetched. Check the connection and try again, or reload the page.',
      { cause },
    );
  });

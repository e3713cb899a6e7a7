/** Fetches what stands in later/ when it is first wanted. A failure can be tried again; it says so in words. */
import { LabError } from './problem.ts';

export type Later = typeof import('./later/index.ts');
type LinkText = typeof import('./later/link-text.ts');

const fetched = <T>(part: Promise<T>): Promise<T> =>
  part.catch((cause: unknown) => {
    throw new LabError(
      'not_loaded',
      'This part of the demo could not be fetched. Check the connection and try again, or reload the page.',
      { cause },
    );
  });

export const later = (): Promise<Later> => fetched(import('./later/index.ts'));
export const linkText = (): Promise<LinkText> => fetched(import('./later/link-text.ts'));

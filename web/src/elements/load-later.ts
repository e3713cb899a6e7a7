/** Fetches what stands in later/ when it is first wanted. A failure says so in words and can be tried again. */
import { LabError } from './problem.ts';

export type Later = typeof import('./later/index.ts');

export const loadError = (cause: unknown): LabError =>
  new LabError(
    'not_loaded',
    'This part of the demo could not be fetched. Check the connection and try again, or reload the page.',
    { cause },
  );

export function notLoaded(cause: unknown): never {
  throw loadError(cause);
}

export const later = (): Promise<Later> => import('./later/index.ts').catch(notLoaded);

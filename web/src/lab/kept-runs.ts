// Runs kept on this device, by name. What writes and reads them (storage.ts) is fetched with the first run that is kept, or on a page where
// one may have been kept before: most pages are opened without.
import type { SavedRun, Where } from './storage.ts';

export type { SavedRun, Where };

let storage: Promise<typeof import('./storage.ts')> | undefined;

function fetched(): Promise<typeof import('./storage.ts')> {
  storage ??= import('./storage.ts');
  storage.catch(() => (storage = undefined));
  return storage;
}

/** Whether this device may hold a run. A browser that does not tell (Firefox before 126) is taken to; one that denies storage holds none. */
async function maybeKept(): Promise<boolean> {
  if (storage) return true;
  try {
    const all = await globalThis.indexedDB.databases?.();
    return !all || all.some(({ name }) => name === 'xor2gpt');
  } catch {
    return false;
  }
}

/** Keeps a run under a key; tells whether it will outlive the page. */
export const saveRun = async (key: string, record: SavedRun): Promise<Where> =>
  (await fetched()).saveRun(key, record);
/** The run under a key; undefined when there is none or it is damaged. */
export const loadRun = async (key: string): Promise<SavedRun | undefined> =>
  (await maybeKept()) ? (await fetched()).loadRun(key) : undefined;
/** Forgets the run under a key. */
export const deleteRun = async (key: string): Promise<void> => (await fetched()).deleteRun(key);

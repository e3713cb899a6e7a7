// Saved runs on this device: written under a new name, read back, compared, and only then made the one that counts, so that a write cut
// short never costs the old one. Where storage is denied (third-party frames, private windows) they live as long as the page.
import { createStore, del, get, set, type UseStore } from 'idb-keyval';

/** A run as it is kept on this device: the config, the snapshot's bytes, the step, when (ms since 1970). */
export interface SavedRun {
  config: unknown; // RunConfig; checked by the engine when it is used
  snapshot: Uint8Array;
  step: number;
  savedAt: number; // ms since 1970
  [extra: string]: unknown;
}

interface Stored {
  version: 1;
  checksum: number;
  record: SavedRun;
}

/** Where a run was kept: on the device, or, where storage is denied, for as long as the page is open. */
export type Where = 'device' | 'memory';

/** The three calls that are needed of a key-value store; tests hand in their own. */
export interface KeyValue {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
}

function indexedDb(): KeyValue {
  let store: UseStore | undefined;
  const open = (): UseStore => (store ??= createStore('xor2gpt', 'runs'));
  return {
    get: async (key) => get(key, open()),
    set: async (key, value) => set(key, value, open()),
    del: async (key) => del(key, open()),
  };
}

/** FNV-1a over bytes: finds damage, not malice. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function checksum(record: SavedRun): number {
  const { snapshot, ...rest } = record;
  return fnv1a(snapshot) ^ fnv1a(new TextEncoder().encode(JSON.stringify(rest)));
}

function sound(value: unknown): SavedRun | undefined {
  const stored = value as Partial<Stored> | undefined;
  const record = stored?.record;
  if (stored?.version !== 1 || !record || !(record.snapshot instanceof Uint8Array)) return undefined;
  return stored.checksum === checksum(record) ? record : undefined;
}

export class RunStore {
  private readonly device: KeyValue;
  private readonly memory = new Map<string, SavedRun>();

  constructor(device: KeyValue = indexedDb()) {
    this.device = device;
  }

  /** Says where it was kept: 'memory' means that it is gone when the page is closed. What is saved is the record as it is now. */
  async save(key: string, live: SavedRun): Promise<Where> {
    const record = structuredClone(live); // the caller goes on changing its own while this writes
    const stored: Stored = { version: 1, checksum: checksum(record), record };
    try {
      const current = (await this.device.get(`${key}/current`)) === 'a' ? 'b' : 'a';
      await this.device.set(`${key}/${current}`, stored);
      if (!sound(await this.device.get(`${key}/${current}`))) throw new Error('the copy does not match');
      await this.device.set(`${key}/current`, current);
      await this.device.del(`${key}/${current === 'a' ? 'b' : 'a'}`);
      this.memory.delete(key);
      return 'device';
    } catch {
      this.memory.set(key, record);
      return 'memory';
    }
  }

  /** undefined when there is none or when it is damaged. */
  async load(key: string): Promise<SavedRun | undefined> {
    const held = this.memory.get(key);
    if (held) return held;
    try {
      const current = await this.device.get(`${key}/current`);
      if (current !== 'a' && current !== 'b') return undefined;
      return (
        sound(await this.device.get(`${key}/${current}`)) ??
        sound(await this.device.get(`${key}/${current === 'a' ? 'b' : 'a'}`))
      );
    } catch {
      return undefined;
    }
  }

  async remove(key: string): Promise<void> {
    this.memory.delete(key);
    try {
      for (const part of ['current', 'a', 'b']) await this.device.del(`${key}/${part}`);
    } catch {
      // storage is denied: there is nothing to remove
    }
  }
}

let shared: RunStore | undefined;
const store = (): RunStore => (shared ??= new RunStore());

/** Keeps a run under a key; tells whether it will outlive the page. */
export const saveRun = (key: string, record: SavedRun): Promise<Where> => store().save(key, record);
/** The run under a key; undefined when there is none or it is damaged. */
export const loadRun = (key: string): Promise<SavedRun | undefined> => store().load(key);
/** Forgets the run under a key. */
export const deleteRun = (key: string): Promise<void> => store().remove(key);

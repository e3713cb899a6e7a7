// What the tools beside the engine share: the engine, what was made and is kept under a number, and turns of the event loop in long work.
// Numbers are given by the page and never twice, so that a number from before the engine was replaced finds nothing.
import { bad, number } from '../checked.ts';
import { LabError } from '../errors.ts';
import { Breath } from '../pacer.ts';
import type { HostOptions } from '../telling.ts';
import type { BpeTraining, Ngram, ToolsEngine, UnigramTraining, Vocabulary } from './engine.ts';

const mostThings = 64; // at a time: a page that forgets to dispose of them should hear of it
const mostIds = 16 * 1024 * 1024;

interface Kinds {
  tokenizer: Vocabulary;
  training: BpeTraining;
  'unigram training': UnigramTraining;
  'n-gram model': Ngram;
}
type Thing = { [K in keyof Kinds]: { kind: K; it: Kinds[K] } }[keyof Kinds];

export class Desk {
  readonly engine: ToolsEngine;
  private readonly o: HostOptions;
  private readonly things = new Map<number, Thing>();
  private readonly breath = new Breath();

  constructor(engine: ToolsEngine, o: HostOptions) {
    this.engine = engine;
    this.o = o;
  }

  /** Makes something and keeps it under that number. */
  keep<K extends keyof Kinds>(id: number, kind: K, make: () => Kinds[K]): Kinds[K] {
    if (this.things.size >= mostThings) {
      throw new LabError(
        'out_of_memory',
        `${mostThings} tokenizers and models are open; dispose of one first`,
      );
    }
    const it = make();
    this.things.set(number('id', id), { kind, it } as Thing);
    return it;
  }

  get<K extends keyof Kinds>(id: number, kind: K): Kinds[K] {
    const thing = this.things.get(id);
    if (thing?.kind === kind) return thing.it as Kinds[K];
    throw new LabError(
      'bad_state',
      `this ${kind} is gone: it was disposed of, or its engine failed; make it again`,
    );
  }

  drop(id: number): void {
    this.things.get(id)?.it.delete();
    this.things.delete(id);
  }

  /** Works in slices until `work`, given how much to do, has nothing left: other calls are answered in between. */
  async inSlices(work: (units: number) => boolean): Promise<void> {
    const { sliceMs, send } = this.o;
    let units = 1;
    for (;;) {
      const from = performance.now();
      while (performance.now() - from < sliceMs) {
        const at = performance.now();
        if (!work(units)) return;
        const spent = performance.now() - at;
        units = Math.max(1, Math.min(units * 2, Math.floor((units * sliceMs) / Math.max(spent, 0.1) / 2)));
      }
      void send({ kind: 'beat' });
      await this.breath.take(0);
    }
  }

  close(): void {
    for (const id of [...this.things.keys()]) this.drop(id);
    this.breath.close();
  }
}

/** Token ids as the engine takes them; what is no whole number below 2³² is refused by its place. */
export function ids(field: string, value: unknown): Uint32Array {
  if (value instanceof Uint32Array) return value;
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && 'length' in value)) {
    throw bad(field, value, 'an array of token ids');
  }
  const given = value as ArrayLike<unknown>;
  if (given.length > mostIds) {
    throw new LabError('out_of_memory', `${field} has ${given.length} ids; at most ${mostIds} are read`);
  }
  return Uint32Array.from(given, (id, i) => {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 0xffffffff) return id;
    throw bad(`${field}[${i}]`, id, 'a token id, a whole number from 0');
  });
}

const mostCharacters = 64e6;
const encoder = new TextEncoder();

/** A text as UTF-8. Half a surrogate pair is no character and becomes U+FFFD, as everywhere on the web. */
export function utf8(field: string, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw bad(field, value, 'a text');
  if (value.length <= mostCharacters) return encoder.encode(value);
  throw new LabError(
    'out_of_memory',
    `${field} has ${value.length} characters; at most ${mostCharacters} are read`,
  );
}

/** A file: its bytes, or a text as UTF-8. */
export function fileBytes(field: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value === 'string') return utf8(field, value);
  throw bad(field, value, 'the bytes of a file, or its text');
}

// The native program on byte pairs: learned from the text, kept in the weights file, used by every command, refused where only characters
// and bytes are known.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { describe as describe_file } from '../../lessons/21-tiny-gpt/weights-file.ts';
import { host, tinyGpt } from '../wasm/support.ts';
import { built, english, japanese, object, objects, program, scratch, x2g } from './support.ts';

const at = scratch();
const [text, weights] = [at('both.txt'), at('bpe.safetensors')];
const both = english() + japanese();
const VOCAB = 320;
const sizes = ['--tokenizer', 'bpe', '--vocab', VOCAB, '--preset', 'tiny', '--context', 16, '--channels', 32];
const run = ['train', '--text', text, ...sizes, '--batch', 4];
const quiet = ['--eval-every', 0, '--final-batches', 0];

/** __metadata__ of a safetensors file. */
function metadata(file: string): Record<string, string> {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as {
    __metadata__: Record<string, string>;
  };
  return header.__metadata__;
}

describe.skipIf(!built)('x2g on byte pairs', () => {
  let lines: Record<string, unknown>[] = [];
  beforeAll(() => {
    writeFileSync(text, both);
    lines = objects(...run, '--steps', 300, '--eval-every', 300, '--final-batches', 6, '--out', weights);
  });

  it('learns them from the text: fewer tokens than bytes, and the loss falls', () => {
    expect(lines[0]).toMatchObject({ tokenizer: 'bpe', vocab: VOCAB });
    const { trainTokens, validationTokens } = lines[0] as { trainTokens: number; validationTokens: number };
    expect(trainTokens + validationTokens).toBeLessThan(Buffer.byteLength(both) / 3);
    const [first, last] = [lines[1] as { valLoss: number }, lines.at(-1) as { valLoss: number }];
    expect(Math.abs(first.valLoss - Math.log(VOCAB))).toBeLessThan(0.2);
    expect(last.valLoss).toBeLessThan(2);
  });

  it('keeps them in the file, as Hugging Face has them, and tells of them', () => {
    const kept = metadata(weights);
    expect(kept['x2g.tokenizer']).toBe('bpe');
    const { model } = JSON.parse(kept['x2g.tokenizer.json'] ?? '') as {
      model: { type: string; vocab: Record<string, number>; merges: unknown[] };
    };
    expect([model.type, Object.keys(model.vocab).length, model.merges.length]).toEqual([
      ...['BPE', VOCAB, VOCAB - 256],
    ]);
    expect(object('info', weights)['tokenizer']).toEqual({ kind: 'bpe', size: VOCAB });
    expect(x2g('info', weights).out).toContain(`tokenizer   bpe, ${VOCAB} tokens of byte pairs`);
  });

  it('writes whole words of both languages, and reads any prompt', () => {
    const write = (prompt: string): string =>
      object('sample', weights, '--prompt', prompt, '--tokens', 8, '--temperature', 0)['text'] as string;
    expect(write('A small')).toMatch(/^ dog (sees|finds|likes)/);
    expect(write('ねこが')).toMatch(/^[月骨本]を(見ます|好きです)。\n/);
    expect(x2g('sample', weights, '--prompt', 'Ünder 🐈', '--tokens', 3).code).toBe(0);
    expect(x2g('sample', weights, '--tokens', 3).code).toBe(0);
  });

  it('measures as the training did', () => {
    const measured = object('eval', weights, '--text', text, '--batch', 4, '--batches', 6);
    const { loss, tokens, bitsPerByte } = measured as Record<string, number>;
    expect(loss).toBe((lines.at(-1) as { valLoss: number }).valLoss);
    // In all 12,000 tokens for 40,000 bytes: a token is over two bytes long.
    expect(tokens).toBeGreaterThan(500);
    expect(bitsPerByte).toBeLessThan((loss ?? 0) / Math.LN2 / 2);
    const bytewise = at('byte.safetensors');
    const short = ['--preset', 'tiny', '--tokenizer', 'byte', '--steps', 2, ...quiet];
    expect(x2g('train', '--text', text, ...short, '--out', bytewise).code).toBe(0);
    const plain = object('eval', bytewise, '--text', text, '--batches', 1);
    expect(plain['bitsPerByte']).toBeCloseTo((plain['loss'] as number) / Math.LN2, 10);
    writeFileSync(at('other.txt'), both.replaceAll('moon', 'Ünder'));
    expect(x2g('eval', weights, '--text', at('other.txt'), '--batches', 1).code).toBe(0); // any bytes are known
  });

  it('goes on from weights with the tokenizer of the file, whatever the text', () => {
    writeFileSync(at('ja.txt'), japanese());
    const out = at('more.safetensors');
    const [start] = objects(
      ...['train', '--text', at('ja.txt'), '--resume', weights, '--steps', 2, ...quiet, '--out', out],
    );
    expect(start).toMatchObject({ tokenizer: 'bpe', vocab: VOCAB });
    expect(metadata(out)['x2g.tokenizer.json']).toBe(metadata(weights)['x2g.tokenizer.json']);
  });

  it('goes on from a checkpoint with the same bits, and only with the same tokens', async () => {
    const [whole, half, checkpoint] = [at('whole.safetensors'), at('half.safetensors'), at('run.x2g')];
    const evaluated = ['--eval-every', 50, '--eval-batches', 1, '--final-batches', 0];
    const long = [...run, '--steps', 1500, ...evaluated];
    const first = [...long, '--checkpoint', checkpoint, '--out', half, '--json'].map(String);
    const child = spawn(program, first, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    let asked = false; // once: a second signal ends it where it stands
    child.stdout.on('data', (piece: Buffer) => {
      told += piece.toString();
      if (!asked && told.includes('"step":50,')) asked = child.kill('SIGINT');
    });
    expect((await once(child, 'close'))[0]).toBe(130);
    expect(x2g(...long, '--out', whole).code).toBe(0);
    expect(readFileSync(half).equals(readFileSync(whole))).toBe(false);
    expect(x2g(...long, '--resume', checkpoint, '--out', half).code).toBe(0);
    expect(readFileSync(half).equals(readFileSync(whole))).toBe(true);
    const fewer = long.map((word) => (word === VOCAB ? VOCAB - 1 : word));
    const other = x2g(...fewer, '--resume', checkpoint, '--out', half);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('another command')]);
  });

  it('leaves for transformers with its own tokenizer.json', () => {
    expect(x2g('export', weights, '--hf', at('hf')).code).toBe(0);
    expect(readFileSync(at('hf/tokenizer.json'), 'utf8')).toBe(metadata(weights)['x2g.tokenizer.json']);
    expect(JSON.parse(readFileSync(at('hf/config.json'), 'utf8'))).toMatchObject({ vocab_size: VOCAB });
  });

  it('is refused by the lesson and by a run on characters, which say why', async () => {
    const bytes = new Uint8Array(readFileSync(weights));
    expect(() => describe_file(bytes)).toThrow(
      /byte pairs \(BPE, \d+ tokens\).*characters or on the 256 bytes/,
    );
    const { host: h } = await host();
    h.create(tinyGpt());
    expect(() => h.loadWeights(bytes)).toThrow(/byte pairs.*x2g/);
    h.close();
  });

  it('refuses numbers and files that are wrong', () => {
    const wrong = (...args: (string | number)[]): [number | null, string] => {
      const { code, err } = x2g(
        'train',
        '--text',
        text,
        '--steps',
        1,
        '--out',
        at('no.safetensors'),
        ...args,
      );
      return [code, err];
    };
    expect(wrong('--tokenizer', 'bpe', '--vocab', 256)).toEqual([2, expect.stringContaining('257')]);
    expect(wrong('--tokenizer', 'byte', '--vocab', 300)).toEqual([
      2,
      expect.stringContaining('--vocab is for'),
    ]);
    expect(wrong('--resume', weights, '--vocab', 300)).toEqual([2, expect.stringContaining('--vocab')]);
    const damaged = at('damaged.safetensors');
    const bytes = readFileSync(weights);
    const place = bytes.indexOf('ByteLevel');
    bytes.write('BiteLevel', place);
    writeFileSync(damaged, bytes);
    const { code, err } = x2g('sample', damaged, '--tokens', 1);
    expect([code, err]).toEqual([1, expect.stringMatching(/damaged\.safetensors": .*BiteLevel/)]);
  });
});

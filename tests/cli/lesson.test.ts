// Weights go both ways between the native program and the tiny-gpt lesson: the same model opens, says the same and goes on.
// The two engines may differ in the last bits of a sum, so losses agree to 1e-4 and the likeliest text to the letter.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describe as describe_file, text_for } from '../../lessons/21-tiny-gpt/weights-file.ts';
import type { Host } from '../../web/src/lab/host.ts';
import type { GptConfig } from '../../web/src/lab/types.ts';
import { host } from '../wasm/support.ts';
import { built, english, object, objects, scratch, x2g } from './support.ts';

const at = scratch();
const text = english();
const SAME = 1e-4;

const open: Host[] = [];
afterEach(() => {
  for (const h of open.splice(0)) h.close();
});

/** A run as the lesson makes it for weights of this shape. */
async function lesson(config: Partial<GptConfig>): Promise<Host> {
  const { host: h } = await host();
  open.push(h);
  h.create({
    ...{
      kind: 'gpt',
      layers: 1,
      heads: 2,
      channels: 32,
      context: 16,
      batch: 4,
      bias: false,
      tokenizer: 'char',
    },
    corpus: { kind: 'text', text },
    validation: 0.1,
    optimizer: { kind: 'adamw', lr: 0.004, beta2: 0.99, weightDecay: 0.1, clip: 1 },
    ...{ seed: 1, evalEvery: 20, evalBatches: 6 },
    ...config,
  } as GptConfig);
  return h;
}
const greedy = { prompt: 'The cat', tokens: 40, temperature: 0, topK: 0, seed: 1 };
/** The whole window is read again for every token, as the lesson does. */
const sample = (file: string): string =>
  object(
    ...['sample', file, '--prompt', greedy.prompt, '--tokens', greedy.tokens],
    ...['--temperature', 0, '--keep', 16],
  )['text'] as string;

describe.skipIf(!built)('weights', () => {
  beforeAll(() => writeFileSync(at('en.txt'), text));

  it.each([
    ['char', '--no-bias', 'tanh'],
    ['char', '--bias', 'erf'],
    ['byte', '--bias', 'tanh'],
  ] as const)(
    'trained natively open in the lesson and go on there (%s, %s, %s)',
    async (tokenizer, bias, gelu) => {
      const file = at('native.safetensors');
      const sizes = ['--preset', 'tiny', '--context', 16, '--channels', 32, '--batch', 4, '--steps', 150];
      const run = [...sizes, '--tokenizer', tokenizer, bias, '--gelu', gelu, '--final-batches', 6];
      const end = objects('train', '--text', at('en.txt'), ...run, '--out', file).at(-1);
      const bytes = new Uint8Array(readFileSync(file));

      const of = describe_file(bytes);
      expect(of).toMatchObject({
        layers: 1,
        heads: 2,
        channels: 32,
        context: 16,
        bias: bias === '--bias',
        erf: gelu === 'erf',
        tokenizer,
      });
      const corpus = {
        kind: 'text' as const,
        text: tokenizer === 'char' ? text_for(of.vocabulary, text) : text,
      };
      const h = await lesson({ tokenizer, bias: of.bias, geluErf: of.erf, corpus });
      const fresh = h.report().loss;
      expect(h.loadWeights(bytes).loss).toBeLessThan(fresh - 1);
      expect(await h.generate(1, greedy)).toBe(sample(file));

      // The same batches of the same text: the lesson measures what the program measured.
      const told = objects(
        ...['train', '--text', at('en.txt'), '--resume', file, '--batch', 4, '--steps', 1, '--eval-every', 0],
        ...['--final-batches', 0, '--out', at('again.safetensors')],
      );
      if (corpus.text === text)
        expect(Math.abs(h.report().loss - (told[1]?.['loss'] as number))).toBeLessThan(SAME);
      const { valLoss } = await h.step(20);
      expect(valLoss).toBeLessThan((end?.['valLoss'] as number) + 0.05);
      expect(h.saveWeights().length).toBe(bytes.length);
    },
  );

  it('trained in the lesson are measured, sampled and trained on natively', async () => {
    const h = await lesson({ evalEvery: 150 });
    const { valLoss } = await h.step(150);
    const file = at('lesson.safetensors');
    writeFileSync(file, h.saveWeights());
    const measured = object('eval', file, '--text', at('en.txt'), '--batch', 4, '--batches', 6)[
      'loss'
    ] as number;
    expect(Math.abs(measured - (valLoss ?? NaN))).toBeLessThan(SAME);
    expect(sample(file)).toBe(await h.generate(1, greedy));
    const more = ['--batch', 4, '--steps', 20, '--eval-every', 0, '--final-batches', 6];
    const run = x2g(
      'train',
      '--text',
      at('en.txt'),
      '--resume',
      file,
      ...more,
      '--out',
      at('more.safetensors'),
    );
    expect(run.err).toBe('');
    expect(
      object('eval', at('more.safetensors'), '--text', at('en.txt'), '--batch', 4, '--batches', 6)['loss'],
    ).toBeLessThan(measured + 0.05);
  });
});

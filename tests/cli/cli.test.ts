// The native program from outside: what it trains, writes, measures and says. Small models and texts; the long run is made by hand.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '@x2g/web/elements';
import { model, options, presets, VALIDATION, type Values } from '../../lessons/21-tiny-gpt/model.ts';
import { built, english, japanese, object, objects, program, scratch, x2g } from './support.ts';

const at = scratch();
const [text, weights] = [at('en.txt'), at('model.safetensors')];
const small = ['--preset', 'tiny', '--context', 16, '--channels', 32, '--batch', 4, '--steps', 20];
const quick = ['--eval-every', 10, '--eval-batches', 2, '--final-batches', 6];

describe.skipIf(!built)('x2g', () => {
  beforeAll(() => {
    writeFileSync(text, english());
    expect(x2g('train', '--text', text, ...small, ...quick, '--out', weights).code).toBe(0);
  });

  describe('the presets', () => {
    const listed = built ? (object('presets')['presets'] as Record<string, unknown>[]) : [];
    it.each([...Object.keys(presets), 'custom'])('"%s" is the lesson’s', (name) => {
      const opt = { ...defaults(options), preset: name } as Values;
      const { layers, heads, channels, context, batch, bias, geluErf, optimizer } = model(opt, 1, 'en', '');
      const steps = optimizer.total;
      expect(listed.find(({ preset }) => preset === name)).toEqual({
        ...{ preset: name, layers, heads, channels, context, batch, bias, geluErf, optimizer, steps },
      });
    });
    it('are trained and measured in between as in the lesson when nothing else is said', () => {
      const run = [
        'train',
        '--text',
        text,
        '--steps',
        1,
        '--final-batches',
        0,
        '--out',
        at('default.safetensors'),
      ];
      const [start] = objects(...run);
      const { evalEvery, evalBatches } = model(defaults(options) as Values, 1, 'en', '');
      expect(start).toMatchObject({ evalEvery, evalBatches, tokenizer: 'char', recipe: { preset: 'small' } });
      const { length } = english();
      expect(start).toMatchObject({ validationTokens: Math.floor(length * VALIDATION) });
      const [laptop] = objects(...run, '--preset', 'nanogpt-laptop', '--batch', 1, '--eval-every', 0);
      expect(laptop).toMatchObject({ recipe: { preset: 'laptop', channels: 128, batch: 1 } });
    });
  });

  describe('train', () => {
    it('tells what it does in JSON, one object a line, and the loss falls', () => {
      const lines = objects('train', '--text', text, ...small, ...quick, '--out', at('json.safetensors'));
      expect(lines.map((line) => line['kind'])).toEqual(['start', 'report', 'report', 'report', 'end']);
      expect(lines.slice(1).map((line) => line['step'])).toEqual([0, 10, 20, 20]);
      const first = lines[1] as { loss: number; valLoss: number };
      const last = lines[4] as { valLoss: number; stopped: boolean };
      const vocab = new Set(english()).size;
      expect(lines[0]).toMatchObject({ vocab, seed: 1, resumed: null });
      expect(Math.abs(first.loss - Math.log(vocab))).toBeLessThan(0.2);
      expect(last.valLoss).toBeLessThan(first.valLoss - 0.5);
      expect(last.stopped).toBe(false);
    });
    it('writes the same bytes for the same seed and others for another', () => {
      const of = (seed: number, name: string): Buffer => {
        const run = ['train', '--text', text, ...small, '--eval-every', 0, '--final-batches', 0];
        expect(x2g(...run, '--seed', seed, '--out', at(name)).code).toBe(0);
        return readFileSync(at(name));
      };
      const first = of(1, 'a.safetensors');
      expect(first.equals(readFileSync(weights))).toBe(true); // looking at losses changes nothing
      expect(of(2, 'b.safetensors').equals(first)).toBe(false);
    });
    it('reads a byte order mark and any line ends as the lesson does', () => {
      const [plain, windows] = [at('plain.safetensors'), at('windows.safetensors')];
      const other = at('windows.txt');
      writeFileSync(other, `\ufeff${english().replaceAll('\n', '\r\n')}`);
      const run = [...small, '--eval-every', 0, '--final-batches', 0, '--out'];
      expect(x2g('train', '--text', text, ...run, plain).code).toBe(0);
      expect(x2g('train', '--text', other, ...run, windows).code).toBe(0);
      expect(readFileSync(windows).equals(readFileSync(plain))).toBe(true);
    });
    it('goes on from a file with the model and the loss that the file has', () => {
      const evaluated = ['--eval-every', 20, '--eval-batches', 6, '--final-batches', 6];
      const [start, first] = objects(
        ...['train', '--text', text, '--resume', weights, '--batch', 4, '--steps', 20, ...evaluated],
        ...['--out', at('more.safetensors')],
      );
      expect(start).toMatchObject({ resumed: weights, recipe: { channels: 32, context: 16, heads: 2 } });
      const before = object('eval', weights, '--text', text, '--batch', 4, '--batches', 6);
      const after = object('eval', at('more.safetensors'), '--text', text, '--batch', 4, '--batches', 6);
      expect(first?.['valLoss']).toBe(before['loss']);
      expect(after['loss']).toBeLessThan((before['loss'] as number) - 0.1);
    });
    it('goes on with a text of other characters only when told to leave them out', () => {
      const other = at('other.txt');
      writeFileSync(other, english().replaceAll('moon', 'Ünder'));
      const run = [
        'train',
        '--text',
        other,
        '--resume',
        weights,
        '--steps',
        1,
        '--out',
        at('other.safetensors'),
      ];
      const { code, err } = x2g(...run);
      expect([code, err]).toEqual([2, expect.stringContaining('"Ü" (U+00DC)')]);
      expect(x2g(...run, '--skip-unknown').code).toBe(0);
    });
    /** Runs it until it has told of step 100, asks it to stop, and gives its last line. */
    async function stopped(...args: string[]): Promise<unknown> {
      const child = spawn(program, [...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let told = '';
      let asked = false; // once: a second Ctrl-C ends it where it stands
      child.stdout.on('data', (piece: Buffer) => {
        told += piece.toString();
        if (!asked && told.includes('"step":100,')) asked = child.kill('SIGINT');
      });
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(130);
      return JSON.parse(told.trimEnd().split('\n').at(-1) ?? '');
    }
    it('ends after the step in hand on Ctrl-C, and writes the weights', async () => {
      const out = at('stopped.safetensors');
      const last = await stopped('train', '--text', text, '--steps', '1000000', '--out', out);
      expect(last).toMatchObject({ kind: 'end', stopped: true });
      expect(object('info', out)).toMatchObject({ model: { layers: 2 } });
      expect(existsSync(`${out}.part`)).toBe(false);
    });
    it('goes on from a checkpoint with the bits of a run never stopped', async () => {
      const [whole, part, checkpoint] = [at('whole.safetensors'), at('part.safetensors'), at('run.x2g')];
      const sizes = ['--preset', 'tiny', '--context', '16', '--channels', '32', '--batch', '4'];
      const run = [
        'train',
        '--text',
        text,
        ...sizes,
        '--steps',
        '3000',
        '--eval-batches',
        '1',
        '--final-batches',
        '0',
      ];
      expect(x2g(...run, '--out', whole).code).toBe(0);
      const { step } = (await stopped(...run, '--checkpoint', checkpoint, '--out', part)) as { step: number };
      expect(step).toBeLessThan(3000);
      expect(readFileSync(part).equals(readFileSync(whole))).toBe(false);
      const resumed = [...run, '--resume', checkpoint, '--out', part];
      expect(objects(...resumed).find(({ kind }) => kind === 'report')).toMatchObject({ step });
      expect(readFileSync(part).equals(readFileSync(whole))).toBe(true);

      const other = x2g(...resumed, '--seed', 2);
      expect([other.code, other.err]).toEqual([2, expect.stringContaining('made by another command')]);
      const bytes = readFileSync(checkpoint);
      bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
      writeFileSync(checkpoint, bytes);
      const damaged = x2g(...resumed);
      expect([damaged.code, damaged.err]).toEqual([1, expect.stringMatching(/run\.x2g": .*byte/)]);
    });
    it('leaves the old file alone when training blows up, and says what to do', () => {
      const out = at('kept.safetensors');
      writeFileSync(out, 'old');
      const { code, err } = x2g('train', '--text', text, ...small, '--lr', 1e5, '--warmup', 0, '--out', out);
      expect(code).toBe(1);
      expect(err).toMatch(/blew up in step \d+: .* is not finite any more; take a lower --lr than 100000/);
      expect(readFileSync(out, 'utf8')).toBe('old');
    });
    it('draws no bar where there is no terminal', () => {
      const { out, err } = x2g('train', '--text', text, ...small, ...quick, '--out', at('bar.safetensors'));
      expect(err).toBe('');
      expect(out).not.toContain('\x1b');
      expect(out).toMatch(
        /\nstep 20 {2}loss \d\.\d+ {2}training \d\.\d+ {2}validation \d\.\d+ {2}\d+ tokens\/s\n/,
      );
      expect(out).toMatch(/validation loss \d\.\d+, perplexity \d+\.\d+ over 6 batches\n$/);
    });
  });

  describe('sample', () => {
    it('goes on from a prompt, the same way for the same seed', () => {
      const of = (...more: (string | number)[]): string =>
        x2g('sample', weights, '--prompt', 'The cat', '--tokens', 50, ...more).out;
      const first = of();
      expect(first).toMatch(/^The cat/);
      expect([...first].length).toBe('The cat'.length + 50 + 1);
      expect(of('--seed', 1)).toBe(first);
      expect(of('--seed', 2)).not.toBe(first);
      const known = new Set(english());
      expect([...first].every((c) => known.has(c))).toBe(true);
      const all = object('sample', weights, '--prompt', 'The cat', '--tokens', 50);
      expect(`${all['prompt'] as string}${all['text'] as string}\n`).toBe(first);
      expect(of('--temperature', 0, '--seed', 3)).toBe(of('--top-k', 1, '--seed', 4)); // both take the likeliest
    });
    it('writes what it has learned: after more steps the words of the text', () => {
      const learned = at('learned.safetensors');
      x2g('train', '--text', text, '--preset', 'tiny', '--steps', 400, ...quick, '--out', learned);
      const { text: written } = object(
        'sample',
        learned,
        '--prompt',
        'A small ',
        '--tokens',
        12,
        '--temperature',
        0,
      );
      expect(written).toMatch(/^dog (sees|finds|likes)/);
    });
    it('ends before a stop text, and tells why it ended', () => {
      const free = object('sample', weights, '--prompt', 'The cat', '--tokens', 50);
      const stop = (free['text'] as string).slice(20, 23);
      const stopped = object(
        'sample',
        weights,
        '--prompt',
        'The cat',
        '--tokens',
        50,
        '--stop',
        stop,
        '--stop',
        '#',
      );
      expect(free).toMatchObject({ ended: 'tokens', tokens: 50 });
      expect(stopped['ended']).toBe('stop');
      expect(stopped['text']).toBe((free['text'] as string).slice(0, (free['text'] as string).indexOf(stop)));
    });
    it('draws from fewer tokens, or from others, as it is told', () => {
      const of = (...more: (string | number)[]): unknown =>
        object('sample', weights, '--prompt', 'The', '--tokens', 40, ...more)['text'];
      const greedy = of('--temperature', 0);
      expect(of('--temperature', 100)).not.toBe(greedy);
      for (const [option, value] of [
        ['--top-k', 1],
        ['--top-p', 1e-6],
        ['--min-p', 1],
      ] as const)
        expect(of('--temperature', 0.5, option, value), option).toBe(greedy);
      expect(of('--temperature', 0, '--frequency', 10)).not.toBe(greedy);
      expect(of('--temperature', 0, '--repetition', 10)).not.toBe(greedy);
    });
    it('reads and writes Japanese, by characters and by bytes', () => {
      writeFileSync(at('ja.txt'), japanese());
      for (const tokenizer of ['char', 'byte']) {
        const file = at(`ja-${tokenizer}.safetensors`);
        const run = ['--preset', 'tiny', '--steps', 150, '--tokenizer', tokenizer, ...quick];
        expect(x2g('train', '--text', at('ja.txt'), ...run, '--out', file).code).toBe(0);
        const sample = object('sample', file, '--prompt', '小さな', '--tokens', 3, '--temperature', 0);
        expect(sample['text']).toBe(
          tokenizer === 'byte' ? '犬' : '犬が' + (sample['text'] as string).slice(2),
        );
        expect(object('info', file)['tokenizer']).toMatchObject({ kind: tokenizer });
      }
    });
  });

  describe('eval', () => {
    it('gives the loss that training ended with', () => {
      const lines = objects('train', '--text', text, ...small, ...quick, '--out', at('eval.safetensors'));
      const run = ['eval', at('eval.safetensors'), '--text', text, '--batch', 4, '--batches', 6];
      const { loss, perplexity } = object(...run) as { loss: number; perplexity: number };
      expect(loss).toBe(lines.at(-1)?.['valLoss']);
      expect(perplexity).toBeCloseTo(Math.exp(loss), 6);
      expect(x2g(...run).out).toContain(
        `loss ${loss.toFixed(4)}, perplexity ${perplexity.toFixed(3)} over 6 batches`,
      );
      expect(object(...run, '--seed', 2)['loss']).not.toBe(loss);
    });
  });

  describe('info', () => {
    it('counts what is in the file', () => {
      const about = object('info', weights) as { tensors: { name: string; shape: number[] }[] } & Record<
        string,
        unknown
      >;
      const vocabulary = [...new Set(english())].sort().join('');
      const [V, C, T, L] = [vocabulary.length, 32, 16, 1];
      expect(about).toMatchObject({
        model: { vocab: V, layers: L, heads: 2, channels: C, context: T, bias: false, geluErf: false },
        parameters: V * C + T * C + L * (12 * C * C + 2 * C) + C,
        tokenizer: { kind: 'char', size: V, vocabulary },
        metadata: {
          'x2g.heads': '2',
          'x2g.gelu': 'tanh',
          'x2g.bias': 'no',
          'x2g.tokenizer': 'char',
          'x2g.vocabulary': vocabulary,
        },
        bytes: readFileSync(weights).length,
      });
      expect(about.tensors.find(({ name }) => name === 'transformer.wte.weight')?.shape).toEqual([V, C]);
      expect(x2g('info', weights).out).toContain(`tokenizer   char, ${V} characters`);
    });
    it('counts values that are not finite', () => {
      const bytes = readFileSync(weights);
      bytes.writeFloatLE(NaN, bytes.length - 4);
      writeFileSync(at('nan.safetensors'), bytes);
      const { tensors } = object('info', at('nan.safetensors')) as { tensors: { notFinite: number }[] };
      expect(tensors.map((t) => t.notFinite).reduce((a, b) => a + b)).toBe(1);
    });
    it('shows the tensors of a safetensors file that holds no GPT', () => {
      const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
      const file = Buffer.alloc(8 + header.length + 4);
      file.writeBigUInt64LE(BigInt(header.length));
      file.write(header, 8);
      writeFileSync(at('bare.safetensors'), file);
      const about = object('info', at('bare.safetensors'));
      expect(about).toMatchObject({ model: null, tensors: [{ name: 'a', shape: [1] }] });
      expect(about['whyNot']).toMatch(/wte\.weight/);
    });
  });

  describe('export', () => {
    it('writes a folder that PyTorch reads, with our logits', ({ skip }) => {
      const folder = at('hf/model');
      const { files, notes } = object('export', '--hf', folder, weights, '--logits') as {
        files: { name: string }[];
        notes: string[];
      };
      expect(files.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']),
      );
      expect(notes).toEqual([expect.stringContaining('no biases')]);
      const config = JSON.parse(readFileSync(`${folder}/config.json`, 'utf8')) as unknown;
      expect(config).toMatchObject({
        model_type: 'gpt2',
        n_layer: 1,
        n_head: 2,
        n_embd: 32,
        n_positions: 16,
      });
      const { parameters } = object('info', weights);
      expect(object('info', `${folder}/model.safetensors`)).toMatchObject({
        parameters,
        tokenizer: { kind: 'char' },
      });
      const check = fileURLToPath(new URL('../golden/check_hf_export.py', import.meta.url));
      const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [check, folder], { encoding: 'utf8' });
      if (status === null || stderr.includes('ModuleNotFoundError')) skip('no python3-torch here');
      expect(stderr).toBe('');
      expect(stdout).toMatch(/largest difference from x2g's logits: \d/);
      expect(status).toBe(0); // 1: they differ by more than 1e-4
    });
  });

  describe('errors are one sentence with what to do', () => {
    const file = (name: string, bytes: string | Buffer): string => {
      writeFileSync(at(name), bytes);
      return at(name);
    };
    const train = (...more: (string | number)[]) => [
      'train',
      '--text',
      text,
      '--out',
      at('no.safetensors'),
      ...more,
    ];
    const of = (path: string) => ['train', '--text', path, '--out', at('no.safetensors')];
    it.each<[string, () => (string | number)[], number, RegExp]>([
      ['no command', () => [], 2, /subcommand is required/],
      ['another command', () => ['tain'], 2, /x2g --help/],
      ['another option', () => train('--lears', 2), 2, /--lears/],
      ['no text', () => ['train', '--out', at('no.safetensors')], 2, /--text is required/],
      [
        'a text that is not there',
        () => of(at('nothing.txt')),
        1,
        /nothing\.txt" cannot be opened: No such file/,
      ],
      ['a folder', () => (mkdirSync(at('folder'), { recursive: true }), of(at('folder'))), 1, /is a folder/],
      ['an empty text', () => of(file('empty.txt', '')), 1, /is empty; give a text/],
      [
        'a text in Latin-1',
        () => of(file('latin.txt', Buffer.from('caf\xe9 au lait', 'latin1'))),
        1,
        /not UTF-8 at byte 3; save it as UTF-8/,
      ],
      ['zero bytes', () => of(file('zero.txt', 'ab\0c')), 1, /zero byte at byte 2/],
      [
        'a text too short',
        () => of(file('short.txt', 'To be, or not to be')),
        2,
        /needs at least 50 .*Add text or choose a shorter context/,
      ],
      [
        'a folder that is not there',
        () => ['train', '--text', text, '--out', at('none/model.safetensors')],
        1,
        /cannot be written: No such file/,
      ],
      [
        'a preset that is none',
        () => train('--preset', 'huge'),
        2,
        /no preset "huge"; choose one of tiny, small/,
      ],
      ['no layers', () => train('--layers', 0), 2, /layers is 0; it must be 1 to 48/],
      ['heads that do not divide', () => train('--heads', 3), 2, /channels must be a multiple of heads/],
      ['a rate below zero', () => train('--lr', -1), 2, /lr is -1; it must be 0 to/],
      ['a rate that is no number', () => train('--lr', 'fast'), 2, /--lr/],
      ['no steps', () => train('--steps', 0), 2, /--steps: .*range 1 to/],
      ['dropout', () => train('--dropout', 0.2), 2, /no dropout; leave it at 0/],
      ['another tokenizer', () => train('--tokenizer', 'word'), 2, /--tokenizer: .*(char|byte)/],
      ['too large a share', () => train('--validation', 0.9), 2, /share is 0\.9; it must be 0 to 0\.5/],
      [
        'too little memory',
        () => train('--memory', 0.01),
        1,
        /needs \d+ MB .*the limit is 10 MB\. Choose fewer/,
      ],
      [
        'sizes for a model that has some',
        () => train('--resume', weights, '--layers', 2),
        2,
        /leave out --layers/,
      ],
      ['weights that are not there', () => ['sample', at('nothing.safetensors')], 1, /cannot be opened/],
      [
        'weights that are text',
        () => ['sample', text],
        1,
        /en\.txt": byte 0: .*is this a safetensors file\?/,
      ],
      [
        'weights cut short',
        () => ['info', file('cut.safetensors', readFileSync(weights).subarray(0, 5000))],
        1,
        /byte \d+: /,
      ],
      [
        'a character the model does not know',
        () => ['sample', weights, '--prompt', 'café'],
        2,
        /"é" \(U\+00E9\) at byte 3 is not among/,
      ],
      ['a share beyond 1', () => ['sample', weights, '--top-p', 2], 2, /top_p is 2; it must be above 0/],
      [
        'more to keep than there is',
        () => ['sample', weights, '--keep', 17],
        2,
        /keep is 17; it must be 0 to 16/,
      ],
      ['no folder to export to', () => ['export', weights], 2, /--hf is required/],
      [
        'a folder that cannot be',
        () => ['export', '--hf', `${text}/hf`, weights],
        1,
        /en\.txt\/hf" cannot be made/,
      ],
      [
        'too hot',
        () => ['sample', weights, '--temperature', 200],
        2,
        /temperature of 200; choose 0 .* to 100/,
      ],
      [
        'too little to measure on',
        () => ['eval', weights, '--text', file('few.txt', 'The cat sees the moon.')],
        2,
        /needs at least 18.*--validation 1/,
      ],
    ])('%s', (_what, args, code, message) => {
      const got = x2g(...args());
      expect(got.err).toMatch(message);
      expect(got.err.startsWith('x2g: ')).toBe(true);
      expect(got.err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
      expect(got.code).toBe(code);
      expect(existsSync(at('no.safetensors'))).toBe(false);
    });
  });
});

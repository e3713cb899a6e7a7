/**
 * Every figure of lesson 21: each claim of lesson.json is trained by the real core, the exercises are graded by it, and the files that a
 * reader may bring are read. Training here is short: what a minute gives is measured in the browser (tests/browser/long).
 */
import { describe, expect, it } from 'vitest';
import { defaults, LabError } from '@x2g/web/elements';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { open } from '../../tests/wasm/sessions.ts';
import { breaks } from './later/breaks.ts';
import { checks, sixty_five } from './later/exercises.ts';
import { exported } from './later/hf-export.ts';
import lesson from './lesson.json';
import { model, options, presets, workers_of, workers_said, type Preset, type Values } from './model.ts';
import { FILE_LIMIT, check_size, text_of } from './text-file.ts';
import { best_known, describe as describe_file, text_for } from './weights-file.ts';

const LIMIT = 224 * 2 ** 20; // bytes: the memory a page allows

/** The default options with some changed, and perhaps a switch of "Break it" on. */
function opt_of({ switch: id, ...config }: { switch?: string } & Partial<Values>): Values {
  let opt: Values = { ...defaults(options), ...config };
  if (id)
    void breaks({ opt, set: (values) => (opt = { ...opt, ...values }) })
      .find((b) => b.id === id)
      ?.on();
  return opt;
}

describe('claims of lesson 21', () => {
  for (const claim of lesson.claims)
    it(
      claim.en,
      async () => {
        const session = await node_session();
        const lang = claim.config.source === 'ja' ? 'ja' : 'en';
        await session.create(model(opt_of(claim.config as Partial<Values>), Number(claim.seeds), lang, ''));
        const r = claim.steps === 0 ? await session.report() : await session.step(claim.steps);
        measured(import.meta.url, claim.id, (claim.measure === 'validation' ? r.valLoss : r.loss) ?? NaN);
        if (claim.measure === 'above') {
          expect(r.status === 'diverged' || r.loss > claim.value).toBe(true);
          return;
        }
        expect(r.status).not.toBe('diverged');
        const loss = claim.measure === 'validation' ? r.valLoss : r.loss;
        expect(Math.abs((loss ?? NaN) - claim.value)).toBeLessThan(claim.tolerance);
      },
      180_000,
    ); // seconds on an idle machine, minutes on a busy one
});

describe('sizes of lesson 21', () => {
  it('fit into the memory of a page, in both languages', async () => {
    const session = await node_session();
    for (const lang of ['en', 'ja'] as const)
      for (const preset of Object.keys(presets) as Preset[]) {
        const opt = { ...defaults(options), preset } as Values;
        const { memory } = await session.estimate(model(opt, 1, lang, ''));
        expect(memory.total, `${preset} ${lang}`).toBeLessThan(LIMIT);
      }
  });
  it('a model far too large is refused before it is built, with a way out', async () => {
    const session = await node_session();
    const large = { preset: 'custom', layers: 12, channels: 512, context: 512, batch: 64, heads: 8 };
    const opt = { ...defaults(options), ...large } as Values;
    await expect(async () => session.create(model(opt, 1, 'en', ''))).rejects.toThrow(
      /MB; the limit is .* Choose/,
    );
  });
  it('a text too short for a tenth to be kept aside is trained on as a whole', async () => {
    const session = await node_session();
    const opt = { ...defaults(options), source: 'own' } as Values;
    await session.create(model(opt, 1, 'en', 'To be, or not to be. '.repeat(10)));
    expect((await session.step(3)).loss).toBeGreaterThan(0);
  });
});

describe('workers of lesson 21', () => {
  const opt = (o: Partial<Values>) => ({ ...defaults(options), ...o }) as Values;
  it('are one for small models everywhere, and as many as the cores allow for the others, at most four', () => {
    for (const preset of ['tiny', 'small'] as const)
      for (const n of [1, 2, 16]) expect(workers_of(opt({ preset }), n)).toBe(1);
    const found = [1, 2, 3, 4, 6, 8, 64].map((n) => workers_of(opt({ preset: 'laptop' }), n));
    expect(found).toEqual([1, 2, 3, 2, 3, 4, 4]);
  });
  it('divide the batch, whatever was chosen', () => {
    for (let batch = 1; batch <= 64; batch += 1)
      for (let workers = 0; workers <= 8; workers += 1) {
        const n = workers_of(opt({ preset: 'custom', batch, workers }), 8);
        expect(n).toBeGreaterThanOrEqual(1);
        expect(n).toBeLessThanOrEqual(8);
        expect(batch % n).toBe(0);
      }
  });
  it('travel as a number where the device decided it', () => {
    expect(workers_said(opt({ preset: 'laptop' }), 2)).toBe(2);
    expect(workers_said(opt({ preset: 'small' }), 2)).toBe(0);
    expect(workers_said(opt({ preset: 'small', workers: 4 }), 2)).toBe(4);
  });
});

describe('switches of lesson 21', () => {
  it('each changes options to allowed values, is active then, and gives back the default run', () => {
    for (const { id } of breaks({ opt: defaults(options) as Values, set: () => undefined })) {
      let opt = defaults(options) as Values;
      const demo = () =>
        breaks({ opt, set: (values) => (opt = { ...opt, ...values }) }).find((b) => b.id === id);
      expect(demo()?.active()).toBe(false);
      void demo()?.on();
      for (const [name, o] of Object.entries(options))
        expect(() => o.parse(opt[name as keyof Values], name)).not.toThrow();
      expect(demo()?.active()).toBe(true);
      void demo()?.off();
      expect(demo()?.active()).toBe(false);
      expect(model(opt, 1, 'en', '')).toEqual(model(defaults(options) as Values, 1, 'en', ''));
    }
  });
});

describe('exercises of lesson 21', () => {
  const grade = async (id: string, value: number) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return (await check.grade({ values: [value], choice: undefined }, await node_session())).ok;
  };
  it('the text for them has 65 characters', () => {
    expect(new Set(sixty_five).size).toBe(65);
  });
  it('takes ln 65 and refuses ln 26', async () => {
    expect(await grade('ln-v', 4.17)).toBe(true);
    expect(await grade('ln-v', 3.26)).toBe(false);
  });
  it('counts the parameters as the formula of the hints does', async () => {
    const count = 65 * 128 + 64 * 128 + 4 * (12 * 128 ** 2 + 2 * 128) + 128;
    expect(await grade('parameters', count)).toBe(true);
    expect(await grade('parameters', count + 128)).toBe(false);
  });
});

describe('files of lesson 21', () => {
  it('reads UTF-8 with and without a byte order mark, and Shift_JIS', () => {
    expect(text_of(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a, 0x62]), 'en')).toBe('a\nb');
    expect(text_of(new TextEncoder().encode('日本語'), 'en')).toBe('日本語');
    expect(text_of(new Uint8Array([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea]), 'en')).toBe('日本語');
  });
  it('refuses what is no text, and what is too large before it is read', () => {
    expect(() => text_of(new Uint8Array([0x61, 0, 0x62]), 'en')).toThrow(LabError);
    expect(() => text_of(new Uint8Array([0x89, 0x50, 0xff, 0xff, 0x80, 0xfe]), 'en')).toThrow(LabError);
    expect(() => check_size(FILE_LIMIT + 1, 'en')).toThrow(/at most 20 MB/);
  });
  it('sets up a run for weights of another shape and other characters, and goes on with the same loss', async () => {
    const first = await node_session();
    const opt = { ...defaults(options), preset: 'tiny', kilobytes: 20 } as Values;
    const text = await first.stories('en', 20000, 1);
    await first.create(model({ ...opt, source: 'own' }, 1, 'en', text));
    await first.step(20);
    const bytes = await first.saveWeights();
    const of = describe_file(bytes);
    expect(of).toMatchObject({
      layers: 1,
      heads: 2,
      channels: 64,
      context: 32,
      bias: false,
      erf: false,
      tokenizer: 'char',
    });
    expect(of.vocabulary).toBe([...new Set(text)].sort().join(''));

    const second = await node_session();
    const { layers, heads, channels, context, bias, erf, tokenizer } = of;
    const fitting = {
      ...opt,
      preset: 'custom',
      layers,
      heads,
      channels,
      context,
      bias,
      erf,
      tokenizer,
    } as Values;
    const other = text_for(of.vocabulary, 'Ünder the Moon. '.repeat(200));
    await second.create(model({ ...fitting, source: 'own' }, 1, 'en', other));
    const fresh = (await second.report()).loss;
    expect((await second.loadWeights(bytes)).loss).toBeLessThan(fresh - 0.5);
    const [a, b] = [await first.look('The cat '), await second.look('The cat ')];
    expect(b.next[0]).toEqual(a.next[0]);
  });
  it('takes the text that the weights know best', () => {
    expect(best_known('abc ', ['日本', 'abc cab', 'abd'])).toBe('abc cab');
    expect(best_known('日本', ['', 'abc', '日本'])).toBe('日本');
  });
  it('says what is wrong with a file that is none', () => {
    expect(() => describe_file(new Uint8Array(4))).toThrow(/safetensors/);
    expect(() => describe_file(new TextEncoder().encode('12345678{}'))).toThrow(/safetensors/);
  });
});

describe('the export of lesson 21', () => {
  it('has the trained weights of the run, made in an engine of its own that is closed again', async () => {
    const session = await node_session();
    const opt = { ...defaults(options), preset: 'tiny', kilobytes: 20 } as Values;
    const config = model(opt, 1, 'en', '');
    const { vocabulary = [] } = await session.create(config);
    await session.step(5);
    const weights = await session.saveWeights();
    const other = await open('whole');
    const { files, notes } = await exported(await session.weights(), config, () => Promise.resolve(other));
    const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    expect(files.map((file) => file.name)).toEqual(names);
    expect(files[1]?.bytes).toEqual(weights);
    const json = (i: number) =>
      JSON.parse(new TextDecoder().decode(files[i]?.bytes)) as Record<string, unknown>;
    expect(json(0)).toMatchObject({ n_layer: 1, n_head: 2, n_embd: 64, vocab_size: vocabulary.length });
    const { vocab } = json(2)['model'] as { vocab: Record<string, number> };
    expect(vocab['e']).toBe(vocabulary.indexOf('e'));
    expect(notes).toHaveLength(1); // no biases
    await expect(other.report()).rejects.toThrow(/over/);
  });
});

/** What reads the reader's files and writes the samples into one, fetched with the first one. */
import { download } from '@x2g/web/elements';
import { LabError, type Lang, type Session } from '@x2g/web/lab';
import type { Sample } from '../samples.ts';
import { best_known, describe, text_for } from '../weights-file.ts';

export { check_size, text_of } from '../text-file.ts';

/** Refuses a text too short to train on. */
export function check_length(text: string, shortest: number, lang: Lang): void {
  if (text.length >= shortest) return;
  throw new LabError(
    'invalid_argument',
    {
      en: `The text has ${text.length} characters; it must have at least ${shortest}. A few thousand are better.`,
      ja: `文章が${text.length}文字しかありません。${shortest}文字以上、できれば数千文字にしてください。`,
    }[lang],
  );
}

/** The options that make a model of a weights file's shape. */
export type Fitting = Pick<
  ReturnType<typeof describe>,
  'layers' | 'heads' | 'channels' | 'context' | 'bias' | 'erf' | 'tokenizer'
> & { preset: 'custom'; batch: number; steps: number };

/**
 * Loads weights, all or nothing; when the present model is of another shape or knows other characters, one that fits is built first:
 * on the present text or on stories, whichever knows the file's characters best.
 */
export async function load_weights(
  bytes: Uint8Array,
  session: Session,
  now: { text: string; storyBytes: number; batch: number; steps: number },
  build: (text: string, options: Fitting) => Promise<void>,
): Promise<void> {
  const { vocabulary, layers, heads, channels, context, bias, erf, tokenizer } = describe(bytes);
  try {
    await session.loadWeights(bytes);
  } catch (reason) {
    if (!(reason instanceof LabError) || reason.code !== 'bad_file') throw reason;
    const stories = (lang: Lang): Promise<string> => session.stories(lang, now.storyBytes, 1);
    const texts = [now.text, await stories('en'), await stories('ja')];
    const text =
      tokenizer === 'char' ? text_for(vocabulary, best_known(vocabulary, texts)) : texts[0] || texts[1];
    const { batch, steps } = now;
    const shape = { layers, heads, channels, context, bias, erf, tokenizer };
    await build(text ?? '', { preset: 'custom', ...shape, batch, steps });
  }
}

/** The samples as a text file, each under its step. */
export function save_samples(list: readonly Sample[]): void {
  const text = list.map((s) => `--- step ${s.step} ---\n${s.prompt}${s.text}\n`).join('\n');
  download(new Blob([text], { type: 'text/plain;charset=utf-8' }), 'xor2gpt-samples.txt');
}

// The grammars that the language models' engine tells stories by, a file a language: a page brings only the one that its stories are in.
import { LabError } from './errors.ts';
import type { Lang, RunConfig } from './types.ts';

/** The language of the stories that a run reads, if it reads any. */
export function languageOf(config: RunConfig): Lang | undefined {
  const corpus = (config as Partial<Extract<RunConfig, { kind: 'gpt' }>> | null)?.corpus;
  return corpus?.kind === 'stories' ? corpus.lang : undefined;
}

/** Undefined where there are no stories in that language; the core says so. */
export async function grammarOf(lang: Lang): Promise<string | undefined> {
  try {
    if (lang === 'en') return (await import('../../engine/stories-en.mjs')).default;
    return lang === 'ja' ? (await import('../../engine/stories-ja.mjs')).default : undefined;
  } catch (cause) {
    throw new LabError(
      'not_loaded',
      'The stories could not be fetched. Check the connection and try again.',
      { cause },
    );
  }
}

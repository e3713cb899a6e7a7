/** What reads the reader's files and writes the samples into one, fetched with the first one. */
import { download } from '@x2g/web/elements';
import type { Sample } from '../samples.ts';

export { check_size, text_of } from '../text-file.ts';
export { best_known, describe, text_for } from '../weights-file.ts';

/** The samples as a text file, each under its step. */
export function save_samples(list: readonly Sample[]): void {
  const text = list.map((s) => `--- step ${s.step} ---\n${s.prompt}${s.text}\n`).join('\n');
  download(new Blob([text], { type: 'text/plain;charset=utf-8' }), 'xor2gpt-samples.txt');
}

/**
 * Errors of the elements: the lab's one error class, made here for what never reaches the core (options, states, links), and how one is
 * told. The sentence says what was wrong with the value, what is allowed and what to do; the frame shows it in place.
 */
import { LabError, toLabError, type ErrorCode } from '../lab/errors.ts';
import type { Lang } from '../lab/types.ts';

export { LabError, toLabError };

export const bad = (message: string): LabError => new LabError('invalid_argument', message);

/** What kind of thing went wrong. The engine speaks English only: in Japanese this goes before its sentence, which has the figures. */
const kinds: Record<ErrorCode, string> = {
  invalid_argument: '値が使える範囲にありません。',
  shape_mismatch: 'テンソルや配列の大きさが合いません。',
  unknown_name: 'その名前のものはありません。',
  out_of_memory: '使えるメモリーに収まりません。',
  bad_file: 'ファイルが壊れているか、種類が違います。',
  bad_state: '今の状態では、この操作はできません。',
  engine_failed: 'エンジンが止まりました。',
  not_loaded: '必要なファイルを読み込めませんでした。',
};

/** Whether a sentence is Japanese; what it quotes does not count. */
const japanese = (text: string): boolean => /[\u3041-\u30ff]/u.test(text.replace(/"[^"]*"/gu, ''));

/** The sentence of an error in the reader's language, and the engine's own in English where that is another one. */
export function told(error: LabError | string, lang: Lang): { text: string; english?: string } {
  if (typeof error === 'string') return { text: error };
  const { code, message } = error;
  return lang === 'en' || japanese(message) ? { text: message } : { text: kinds[code], english: message };
}

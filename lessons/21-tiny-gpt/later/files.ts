/** What reads the reader's files, fetched with the first one. */
export { check_size, text_of } from '../text-file.ts';
export { best_known, describe, text_for } from '../weights-file.ts';

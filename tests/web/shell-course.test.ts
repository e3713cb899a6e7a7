// The course map is complete in both languages, and each lesson.json agrees with it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  course_map,
  folder_of,
  lesson_faults,
  langs,
  parts,
  type LessonMeta,
} from '../../web/src/site/course';
import { say, words } from '../../web/src/site/words';

const lessons_folder = new URL('../../lessons/', import.meta.url);
const folders = readdirSync(lessons_folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const read = (folder: string): LessonMeta =>
  JSON.parse(readFileSync(new URL(`${folder}/lesson.json`, lessons_folder), 'utf8')) as LessonMeta;

// The slugs of the curriculum, in order: pages, tags and folders are named after them, so they never change.
const curriculum =
  'perceptron xor universal-approximation depth activations backprop digits vanishing-gradients optimizers ' +
  'regularization normalization-and-residuals cnn ngram rnn lstm-gru tokenizer embeddings positional-encoding ' +
  'attention transformer-block tiny-gpt training-techniques distributed-training decoding efficient-attention ' +
  'lora-and-quantization write-your-own-gpt review';

describe('the course map', () => {
  const map = course_map([]);

  it('holds the 28 lessons of the curriculum in order', () => {
    expect(map.map(({ slug }) => slug)).toEqual(curriculum.split(' '));
    expect(map.map(({ order }) => order)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  });

  it('has five parts of 7, 4, 4, 5 and 8 lessons', () => {
    expect(parts.map(({ part }) => map.filter((entry) => entry.part === part).length)).toEqual([
      7, 4, 4, 5, 8,
    ]);
  });

  it('says everything in both languages', () => {
    const texts = [
      ...map.flatMap(({ title, moment }) => [title, moment]),
      ...parts.flatMap((p) => [p.title, p.about]),
    ];
    for (const text of [...texts, ...Object.values(words)])
      for (const lang of langs) expect(text[lang].trim(), JSON.stringify(text)).not.toBe('');
  });

  it('marks exactly the lessons that stand', () => {
    const standing = course_map(folders.map(read)).filter(({ lesson }) => lesson);
    expect(standing.map(folder_of).sort()).toEqual([...folders].sort());
  });

  it('has Japanese sentences for the moments and English ones without Japanese', () => {
    for (const { moment } of map) {
      expect(moment.ja).toMatch(/[ぁ-ん].*。$/);
      expect(moment.en).toMatch(/^[\x20-\x7e]+\.$/);
    }
  });
});

describe('lesson.json', () => {
  it.each(folders)('of %s is sound', (folder) => {
    expect(lesson_faults(read(folder), folder)).toEqual([]);
  });

  it('is refused field by field, with the value that was wrong', () => {
    const good = read('02-xor');
    const faults = (change: object): string => lesson_faults({ ...good, ...change }, '02-xor').join('\n');
    expect(faults({})).toBe('');
    expect(faults({ slug: 'xnor' })).toContain('"xnor"');
    expect(faults({ order: 3 })).toContain('order is 3, the curriculum says 2');
    expect(faults({ part: 4 })).toContain('part is 4, the curriculum says 1');
    expect(faults({ title: { en: 'XOR' } })).toContain('title');
    expect(faults({ summary: { en: 'a', ja: '  ' } })).toContain('summary');
    expect(faults({ element: 'x2g-or' })).toContain('"x2g-or"');
    expect(faults({ state: [] })).toContain('state');
    expect(faults({ claims: {} })).toContain('claims');
    expect(lesson_faults(good, '03-xor').join()).toContain('02-xor');
    expect(lesson_faults(null, '02-xor')).toHaveLength(1);
  });
});

describe('the words of the shell', () => {
  it('fill in their values', () => {
    expect(say('lesson_line', 'ja', { n: '02', p: 1, part: 'ニューロン' })).toBe(
      'レッスン02 · 第1部 ニューロン',
    );
    expect(say('map_about', 'en', { n: 4 })).toContain('4 stand today');
  });
});

// The tools that all lessons share, as far as they need no page: what is known in the past, run.json, links of a bearable length, own marks.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { History } from '../../web/src/elements/history.ts';
import { linkState, LINK_LIMIT } from '../../web/src/elements/later/link-text.ts';
import {
  forgetMarks,
  markPrediction,
  markSolved,
  marksText,
  parseMarks,
  readMarks,
  type Store,
} from '../../web/src/elements/later/marks.ts';
import { FILE_LIMIT, readRun, writeRun } from '../../web/src/elements/later/run-file.ts';
import { nearest } from '../../web/src/elements/later/time-travel.ts';
import { option } from '../../web/src/elements/option.ts';
import type { Report } from '../../web/src/lab/types.ts';
import { read_tag } from '../../web/src/site/embed-try.ts';
import { mark_text } from '../../web/src/site/marks.ts';

const report = (step: number, over: Partial<Report> = {}): Report =>
  ({
    step,
    loss: 1 / (step + 1),
    history: { step: [], loss: [], valStep: [], valLoss: [] },
    ...over,
  }) as Report;
const told = (from: number, to: number): Report => {
  const step = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return report(to, { history: { step, loss: step.map((n) => 1 / n), valStep: [], valLoss: [] } });
};

describe('the history', () => {
  it('ends at the step that is looked at, and is whole again at the newest', () => {
    const h = new History();
    h.take(told(1, 9));
    h.take(report(4, { past: { newest: 9 } }));
    expect(h.curves.step).toEqual([1, 2, 3, 4]);
    h.take(report(9));
    expect(h.curves.step).toHaveLength(9);
  });
  it('forgets the future when the run goes on from the past, however far', () => {
    const h = new History();
    h.take(told(1, 9));
    h.first('learned', 8, true);
    h.take(report(4, { past: { newest: 9 } }));
    const later = told(5, 9);
    h.take({ ...later, rewound: 4, history: { ...later.history, loss: [9, 9, 9, 9, 9] } });
    expect(h.curves.loss.slice(4)).toEqual([9, 9, 9, 9, 9]);
    expect(h.first('learned', 9, false)).toBeUndefined();
  });
  it('knows the first step at which something held, and only from then on', () => {
    const h = new History();
    h.take(told(1, 9));
    expect(h.first('learned', 5, false)).toBeUndefined();
    expect(h.first('learned', 7, true)).toBe(7);
    expect(h.first('learned', 9, true)).toBe(7);
    h.take(report(6, { past: { newest: 9 } }));
    expect(h.first('learned', 6, false)).toBeUndefined();
    h.take(report(8, { past: { newest: 9 } }));
    expect(h.first('learned', 8, true)).toBe(7);
  });
  it('finds the mark that is nearest to a step', () => {
    expect([0, 4, 5, 6, 99].map((step) => nearest([0, 10, 20], step))).toEqual([0, 0, 0, 1, 2]);
  });
});

const table = {
  lr: option.number({ min: 0, max: 1, default: 0.5 }),
  points: option.points({ inputs: 2, max: 3, default: [] }),
};
const run = {
  lesson: 'xor',
  engine: '1.0',
  seed: 7,
  step: 300,
  replay: true,
  options: { lr: 0.25, points: [[1, 2, 0]] },
  loss: 0.1 + 0.2,
};
const read = (text: string) => readRun(text, 'xor', table, 1);
const changed = (over: object): string => JSON.stringify({ ...JSON.parse(writeRun(run)), ...over });

describe('run.json', () => {
  it('holds all that makes a run again, figures to the last bit', () => {
    const { state, run: back } = read(writeRun(run));
    expect(state).toMatchObject({ slug: 'xor', seed: 7, options: run.options });
    expect(back).toMatchObject(run);
    expect(read(writeRun({ ...run, data: { text: 'ab' } })).run.data).toEqual({ text: 'ab' });
  });
  it.each([
    ['', /not JSON/],
    ['{"format"', /not JSON/],
    ['[]', /no run/],
    ['null', /no run/],
    ['{"a":1}', /"format" is missing/],
    [changed({ format: 'other' }), /must be "xor2gpt-run"/],
    [changed({ version: 2 }), /reads up to 1/],
    [changed({ version: 0 }), /whole number/],
    [changed({ version: '1' }), /whole number/],
    [changed({ lesson: 'perceptron' }), /belongs to the lesson "perceptron"/],
    [changed({ lesson: undefined }), /belongs to the lesson/],
    [changed({ step: -1 }), /"step" is -1/],
    [changed({ step: 1.5 }), /"step" is 1.5/],
    [changed({ step: 2e9 }), /1000000000/],
    [changed({ replay: 1 }), /"replay" is 1/],
    [changed({ loss: 'low' }), /"loss" is "low"/],
    [changed({ engine: 3 }), /"engine" is 3/],
    [changed({ seed: 4294967296 }), /seed is 4294967296/],
    [changed({ options: [] }), /options must be/],
    [changed({ options: { lr: 9 } }), /lr is 9; it must be from 0 to 1/],
    [changed({ options: { lr: null } }), /lr is null/],
    [changed({ options: { points: [[1, 2, 3]] } }), /class 3/],
    [changed({ options: { hidden: 3 } }), /no option "hidden"/],
    [changed({ extra: 1 }), /no field "extra"/],
    [writeRun(run).replace('"lr"', '"__proto__"'), /no option|must be/],
    [' '.repeat(FILE_LIMIT + 1), /at most 5000000/],
  ])('%# says what is wrong', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_file' }) as Error);
  });
  it('never fails in another way, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), (text, over) => {
        for (const file of [text, changed(over)]) {
          try {
            read(file);
          } catch (reason) {
            expect((reason as { code?: string }).code).toBe('bad_file');
          }
        }
      }),
    );
  });
});

describe('a link', () => {
  it('that would be cut by mail programs is refused with the way to a file', async () => {
    let noise = '';
    for (let i = 0; noise.length < 2 * LINK_LIMIT; i += 1)
      noise += (Math.imul(i, 2654435761) >>> 0).toString(36);
    await expect(linkState({ options: { text: noise } })).rejects.toThrow(/at most 8000.*run\.json/);
    expect((await linkState({ options: { text: 'a'.repeat(20_000) } })).length).toBeLessThan(LINK_LIMIT);
  });
});

describe('own marks', () => {
  const box = (): Store & { text: string | null } => ({
    text: null,
    getItem() {
      return this.text;
    },
    setItem(_key, text) {
      this.text = text;
    },
    removeItem() {
      this.text = null;
    },
  });
  it('are kept by lesson: the first prediction, each exercise once', () => {
    const store = box();
    markPrediction('xor', 'all', true, store);
    markPrediction('xor', 'half', false, store);
    markSolved('xor', 'ln2', 3, store);
    markSolved('xor', 'ln2', 3, store);
    markSolved('depth', 'teeth', 1, store);
    expect(readMarks(store)).toEqual({
      xor: { prediction: { chosen: 'all', right: true }, solved: ['ln2'], exercises: 3 },
      depth: { solved: ['teeth'], exercises: 1 },
    });
    expect(parseMarks(marksText(readMarks(store)))).toEqual(readMarks(store));
    forgetMarks(store);
    expect(readMarks(store)).toEqual({});
  });
  it('last as long as the page where storage is denied', () => {
    const denied: Store = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
      removeItem: () => {
        throw new Error('denied');
      },
    };
    markSolved('xor', 'ln2', 3, denied);
    expect(readMarks(denied)['xor']?.solved).toEqual(['ln2']);
    forgetMarks(denied);
    expect(readMarks(denied)).toEqual({});
  });
  it('that somebody else wrote are read as far as they make sense', () => {
    for (const text of [null, '', '{', '[]', '{"version":9}', '{"version":1,"lessons":[]}'])
      expect(parseMarks(text)).toEqual({});
    const odd = {
      'x y': {},
      xor: { solved: ['a', 3, 'a'], exercises: -1, prediction: { chosen: 5 } },
      depth: 7,
    };
    expect(parseMarks(JSON.stringify({ version: 1, lessons: odd }))).toEqual({
      xor: { solved: ['a'], exercises: 0 },
    });
    fc.assert(fc.property(fc.json(), (text) => typeof parseMarks(text) === 'object'));
  });
  it('are told in both languages', () => {
    const own = { prediction: { chosen: 'all', right: false }, solved: ['a'], exercises: 2 };
    expect(mark_text(own, 'en')).toBe('predicted, 1 of 2 exercises solved');
    expect(mark_text(own, 'ja')).toBe('予想した、問題2問中1問を解いた');
    expect(mark_text(undefined, 'en')).toBe('');
  });
});

describe('the preview of the Embedding page', () => {
  const known = ['x2g-xor', 'x2g-depth'];
  it('takes the tag of a demo and its attributes, quoted or not', () => {
    expect(
      read_tag('<p>Here</p>\n<x2g-xor seed="3" hide=\'title panels\' lr=1 open></x2g-xor>', known),
    ).toEqual({
      tag: 'x2g-xor',
      attributes: [
        ['seed', '3'],
        ['hide', 'title panels'],
        ['lr', '1'],
        ['open', ''],
      ],
    });
  });
  it('takes nothing else: no other tag, no handler, no style', () => {
    for (const text of ['', '<b>', '<x2g-unknown>', '<script src=x>', 'x2g-xor'])
      expect(read_tag(text, known)).toBeUndefined();
    const found = read_tag('<x2g-xor onclick="alert(1)" style="x" id=a class=b seed=1>', known);
    expect(found?.attributes).toEqual([['seed', '1']]);
  });
});

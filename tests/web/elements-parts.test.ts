// Parts of the frame that need no page: keys, history, snippets, answers, curves as rows.
import { describe, expect, it } from 'vitest';
import { csvText, curvesCsv, mixCurves } from '../../web/src/elements/curve-rows.ts';
import { CURVE_LIMIT, History } from '../../web/src/elements/history.ts';
import { keyAction } from '../../web/src/elements/keys.ts';
import { readAnswer } from '../../web/src/elements/later/grader.ts';
import { strings as later } from '../../web/src/elements/later/say.ts';
import { elementSnippet, frameSnippet, plainAttributes } from '../../web/src/elements/later/snippet.ts';
import { option } from '../../web/src/elements/option.ts';
import { Predicting } from '../../web/src/elements/prediction.ts';
import { told } from '../../web/src/elements/problem.ts';
import { strings } from '../../web/src/elements/strings.ts';
import type { Check } from '../../web/src/elements/types.ts';
import { errorCodes, LabError } from '../../web/src/lab/errors.ts';
import type { Report } from '../../web/src/lab/types.ts';

const key = (name: string, more = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  defaultPrevented: false,
  ...more,
});

describe('a key in a focused demo', () => {
  it('runs, steps, goes back, resets, helps', () => {
    const frame = { tag: 'section' };
    expect(keyAction(key(' '), frame)).toBe('toggle');
    expect(keyAction(key('ArrowRight'), frame)).toBe('step');
    expect(keyAction(key('ArrowLeft'), frame)).toBe('back');
    expect(keyAction(key('r'), frame)).toBe('reset');
    expect(keyAction(key('R'), frame)).toBe('reset');
    expect(keyAction(key('?'), frame)).toBe('help');
    expect(keyAction(key('x'), frame)).toBeUndefined();
  });
  it('leaves Space to a button and all else working there', () => {
    expect(keyAction(key(' '), { tag: 'button' })).toBeUndefined();
    expect(keyAction(key('ArrowRight'), { tag: 'button' })).toBe('step');
    expect(keyAction(key(' '), { tag: 'input', type: 'checkbox' })).toBeUndefined();
  });
  it.each(['text', 'number', 'range', 'radio'])('means nothing in an input of type %s', (type) => {
    for (const name of [' ', 'ArrowRight', 'r', '?'])
      expect(keyAction(key(name), { tag: 'input', type })).toBeUndefined();
  });
  it('means nothing in a select, a text area, editable text, with Ctrl, or when someone took it', () => {
    expect(keyAction(key('r'), { tag: 'select' })).toBeUndefined();
    expect(keyAction(key('r'), { tag: 'textarea' })).toBeUndefined();
    expect(keyAction(key('r'), { tag: 'div', editable: true })).toBeUndefined();
    expect(keyAction(key('r', { ctrlKey: true }), { tag: 'section' })).toBeUndefined();
    expect(keyAction(key('ArrowLeft', { defaultPrevented: true }), { tag: 'canvas' })).toBeUndefined();
  });
});

const report = (step: number, steps: number[], valSteps: number[] = []): Report =>
  ({
    step,
    loss: 1,
    status: 'running',
    history: {
      step: steps,
      loss: steps.map((s) => 1 / (s + 1)),
      valStep: valSteps,
      valLoss: valSteps.map(() => 2),
    },
    views: {},
  }) as unknown as Report;

describe('history', () => {
  it('joins reports and takes nothing twice', () => {
    const h = new History();
    h.take(report(2, [1, 2]));
    h.take(report(2, [1, 2]));
    h.take(report(4, [3, 4], [4]));
    expect(h.curves.step).toEqual([1, 2, 3, 4]);
    expect(h.curves.valStep).toEqual([4]);
    expect(h.curves.loss).toHaveLength(4);
  });
  it('forgets the future after a step back', () => {
    const h = new History();
    h.take(report(4, [1, 2, 3, 4], [4]));
    h.take(report(2, []));
    expect(h.curves.step).toEqual([1, 2]);
    expect(h.curves.valStep).toEqual([]);
    h.take(report(3, [3]));
    expect(h.curves.step).toEqual([1, 2, 3]);
  });
  it('stays short and keeps its ends', () => {
    const h = new History();
    const n = 5 * CURVE_LIMIT;
    for (let i = 1; i <= n; i++) h.take(report(i, [i]));
    expect(h.curves.step.length).toBeLessThanOrEqual(CURVE_LIMIT + 1);
    expect(h.curves.step[0]).toBe(1);
    expect(h.curves.step.at(-1)).toBe(n);
    expect(h.curves.loss).toHaveLength(h.curves.step.length);
  });
  it('keeps trace rows up to the present step', () => {
    const h = new History();
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => ({ step: from + i })) as never;
    h.take({ ...report(3, []), perceptron: { trace: rows(1, 3) } } as unknown as Report);
    h.take({ ...report(2, []), perceptron: { trace: rows(2, 2) } } as unknown as Report);
    expect(h.trace.map((r) => r.step)).toEqual([1, 2]);
  });
});

describe('curves as rows', () => {
  const curves = { step: [1, 2], loss: [0.5, 0.25], valStep: [2, 3], valLoss: [0.6, 0.7] };
  it('stand in order of steps', () => {
    expect(mixCurves(curves).map((r) => r.step)).toEqual([1, 2, 3]);
    expect(curvesCsv(curves)).toEqual([
      ['step', 'loss', 'validation_loss'],
      [1, 0.5, ''],
      [2, 0.25, 0.6],
      [3, '', 0.7],
    ]);
  });
  it('leave as text that other programs read: quoted where a cell holds a comma, a quote or a line', () => {
    const rows = [
      ['a,b', 'say "x"', 1.5],
      ['', 'two\nlines', -2],
    ];
    expect(csvText(rows)).toBe('"a,b","say ""x""",1.5\r\n,"two\nlines",-2\r\n');
  });
  it('have no validation column when nothing was validated', () => {
    expect(curvesCsv({ ...curves, valStep: [], valLoss: [] })[0]).toEqual(['step', 'loss']);
  });
});

describe('snippets', () => {
  const table = {
    lr: option.number({ min: 0, max: 1, default: 0.5 }),
    hidden: option.int({ min: 0, max: 8, default: 2 }),
    hiddenUnits: option.int({ min: 0, max: 8, default: 2 }),
    text: option.text({ max: 9, default: '' }),
  };
  it('say plain states in plain attributes', () => {
    expect(plainAttributes({ seed: 7, options: { lr: 0.1, hiddenUnits: 3 } }, table)).toEqual([
      ['seed', '7'],
      ['lr', '0.1'],
      ['hidden-units', '3'],
    ]);
  });
  it('leave texts, replayed steps and the attribute hidden to state="…"', () => {
    expect(plainAttributes({ options: { text: 'a' } }, table)).toBeUndefined();
    expect(plainAttributes({ step: 3 }, table)).toBeUndefined();
    expect(plainAttributes({ options: { hidden: 3 } }, table)).toBeUndefined();
  });
  it('escape what they quote', () => {
    const html = elementSnippet({
      script: 'https://a.test/x.js?a&b',
      tag: 'x2g-xor',
      lang: 'en',
      attributes: [['q', '"<>']],
    });
    expect(html).toContain('src="https://a.test/x.js?a&amp;b"');
    expect(html).toContain('q="&quot;&lt;&gt;"');
  });
  it('make a frame that trusts only its own messages and runs without same-origin rights', () => {
    const html = frameSnippet({
      page: 'https://a.test/xor/',
      state: 'abc',
      lang: 'ja',
      title: 'X',
      id: 'x2g-xor-1',
    });
    expect(html).toContain('event.source !== frame.contentWindow');
    expect(html).toContain('sandbox="allow-scripts"');
    expect(html).toContain('lang=ja&amp;id=x2g-xor-1&amp;state=abc');
  });
});

describe('an answer', () => {
  const check = (over: Partial<Check>): Check => ({
    id: 'c',
    question: { en: '', ja: '' },
    input: 'number',
    grade: () => Promise.reject(new Error('not asked')),
    hints: [],
    ...over,
  });
  it('is read with either minus sign, full-width digits and fractions', () => {
    const two = check({
      input: 'numbers',
      fields: ['a', 'b', 'c'].map((id) => ({ id, label: { en: id, ja: id } })),
    });
    const form: Record<string, string> = { a: '−0.5', b: '１２', c: '1/4' };
    expect(readAnswer(two, (name) => form[name])).toEqual({ values: [-0.5, 12, 0.25], choice: undefined });
  });
  it('is asked for again when a box is empty or no number', () => {
    for (const text of ['', 'x', '1/0', undefined])
      expect(readAnswer(check({}), () => text)).toEqual({ ok: false, message: later.fill_in });
  });
  it('is a choice where choices are given', () => {
    expect(readAnswer(check({ input: 'choice' }), () => 'xor')).toEqual({ values: [], choice: 'xor' });
    expect(readAnswer(check({ input: 'choice' }), () => undefined)).toEqual({
      ok: false,
      message: later.choose_one,
    });
  });
});

describe('an error', () => {
  const error = new LabError('invalid_argument', 'lr is 99; it must be from 0 to 10');
  it("is the engine's own sentence in English", () => {
    expect(told(error, 'en')).toEqual({ text: error.message });
  });
  it("has a Japanese sentence for its kind and keeps the engine's figures, for every code", () => {
    for (const code of errorCodes) {
      const { text, english } = told(new LabError(code, '"ひらがな" is 99'), 'ja');
      expect(text, code).toMatch(/^[^a-z]+。$/iu);
      expect(english).toBe('"ひらがな" is 99');
    }
  });
  it('that speaks Japanese already needs no other sentence', () => {
    expect(told(new LabError('bad_file', 'この種類のファイルは読めません。'), 'ja')).toEqual({
      text: 'この種類のファイルは読めません。',
    });
    expect(told('文です。', 'ja')).toEqual({ text: '文です。' });
  });
});

describe('a prediction', () => {
  const asked = { question: strings.loss, choices: [], outcome: () => 'all', reveal: strings.loss };
  it('is answered after a step, once, and open again when its run is built again', () => {
    const p = new Predicting(() => undefined);
    p.look(asked, report(0, []));
    expect(p.outcome).toBeUndefined();
    p.look(asked, report(1, [1]));
    expect(p.outcome).toBe('all');
    p.look({ ...asked, outcome: () => 'none' }, report(2, [2]));
    expect(p.outcome).toBe('all');
    p.forget();
    expect(p.outcome).toBeUndefined();
    p.look({ ...asked, outcome: () => 'none' }, report(1, [1]));
    expect(p.outcome).toBe('none');
  });
});

describe('the texts of the frame', () => {
  it('stand in both languages', () => {
    for (const [name, text] of Object.entries({ ...strings, ...later })) {
      expect(text.en.length, name).toBeGreaterThan(0);
      expect(text.ja.length, name).toBeGreaterThan(0);
    }
  });
});

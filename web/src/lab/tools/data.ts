// Data sets beside the engine, from seeds. Each function is one call of the page (tools.ts); ranges are the core's business.
import { bad, floats, number, record, word } from '../checked.ts';
import { digits, fitDigit } from '../digits.ts';
import type { Lang } from '../types.ts';
import { ids, type Desk } from './desk.ts';
import type { SequenceFields } from './engine.ts';
import type {
  Curve,
  DigitOptions,
  DigitSet,
  DrawnCurveOptions,
  SequenceConfig,
  SequenceExample,
  SequenceInfo,
  SequenceRows,
  SineOptions,
  ToolPointKind,
  ToolPointOptions,
  ToolPoints,
  WordCorpus,
} from './types.ts';

function curveFields(o: SineOptions) {
  record('the options', o);
  return {
    n: number('n', o.n, 100),
    periods: number('periods', o.periods, 1),
    noise: number('noise', o.noise, 0),
    seed: number('seed', o.seed, 1),
  };
}

function sequenceFields(c: SequenceConfig): SequenceFields {
  record('the puzzle', c);
  const task = word('task', c.task);
  return {
    task,
    symbols: number('symbols', c.symbols, task === 'dyck' ? 2 : 8),
    shortest: number('shortest', c.shortest, 1),
    longest: number('longest', c.longest, 6),
  };
}

export const dataWork = {
  random(d: Desk, kind: string, n: number, seed: number): Float64Array {
    if (kind !== 'uniform' && kind !== 'normal') throw bad('kind', kind, '"uniform" or "normal"');
    const source = new d.engine.Random(number('seed', seed));
    try {
      return source[kind](number('n', n));
    } finally {
      source.delete();
    }
  },

  points(d: Desk, kind: ToolPointKind, o: ToolPointOptions): ToolPoints {
    record('the options', o);
    return d.engine.points({
      kind: word('kind', kind),
      n: number('n', o.n, 100),
      inputs: number('inputs', o.inputs, 2),
      separation: number('separation', o.separation, 2),
      spread: number('spread', o.spread, 0.5),
      factor: number('factor', o.factor, 0.5),
      classes: number('classes', o.classes, 2),
      turns: number('turns', o.turns, 1),
      noise: number('noise', o.noise, 0.1),
      seed: number('seed', o.seed, 1),
    });
  },

  sine: (d: Desk, o: SineOptions): Curve => d.engine.sine(curveFields(o)),

  drawnCurve(d: Desk, x: ArrayLike<number>, y: ArrayLike<number>, o: DrawnCurveOptions): Curve {
    const fields = curveFields(o);
    const interpolation = word('interpolation', o.interpolation ?? 'smooth');
    return d.engine.drawnCurve(floats('x', x), floats('y', y), interpolation, fields);
  },

  sequenceInfo: (d: Desk, c: SequenceConfig): SequenceInfo => d.engine.sequenceInfo(sequenceFields(c)),

  sequenceExample: (d: Desk, c: SequenceConfig, seed: number, index: number): SequenceExample =>
    d.engine.sequenceExample(sequenceFields(c), number('seed', seed), number('index', index)),

  sequenceAnswer: (d: Desk, c: SequenceConfig, question: ArrayLike<number>): Uint32Array =>
    d.engine.sequenceAnswer(sequenceFields(c), ids('question', question)),

  sequenceRows(
    d: Desk,
    c: SequenceConfig,
    o: { seed?: number; first?: number; rows?: number; length?: number },
  ): SequenceRows {
    record('the options', o);
    const fields = sequenceFields(c);
    return d.engine.sequenceRows(
      fields,
      number('seed', o.seed, 1),
      number('first', o.first, 0),
      number('rows', o.rows, 16),
      o.length === undefined ? d.engine.sequenceInfo(fields).length : number('length', o.length),
    );
  },

  names: (d: Desk, style: string, count: number, seed: number): string[] =>
    d.engine.names(word('style', style), number('count', count), number('seed', seed)).trimEnd().split('\n'),

  stories: (d: Desk, lang: Lang, bytes: number, seed: number): string =>
    d.engine.stories(word('lang', lang), number('bytes', bytes), number('seed', seed)),

  words: (d: Desk, lang: Lang, sentences: number, seed: number): WordCorpus =>
    d.engine.words(word('lang', lang), number('sentences', sentences), number('seed', seed)),

  digits: (d: Desk, n: number, seed: number, first: number, o: DigitOptions): DigitSet =>
    digits(d.engine, n, seed, first, o),

  fitDigit: (d: Desk, drawing: ArrayLike<number>, width: number, height: number): Float32Array =>
    fitDigit(d.engine, drawing, width, height),
};

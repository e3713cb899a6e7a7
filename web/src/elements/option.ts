/**
 * Options: what a demo lets the reader vary. One declaration gives the attribute, the control, the share link's field and the check.
 * A value that reaches `this.opt` has passed `parse`, wherever it came from: attribute, control, setState or link.
 * Not here: how a control looks (controls.ts), how a state travels (state.ts).
 */
import { bad } from './problem.ts';

/** A text in both languages. */
export interface Label {
  en: string;
  ja: string;
}

export type ControlKind = 'range' | 'number' | 'select' | 'buttons' | 'checkbox' | 'field' | 'area' | 'none';

/** One declared option. T is the type of the checked value. */
export interface Option<T> {
  readonly type: 'int' | 'number' | 'choice' | 'flag' | 'text' | 'numbers' | 'points';
  readonly default: T;
  readonly label: Label | undefined;
  readonly hint: Label | undefined;
  /** true: a change reaches the running core by configure(); false: a change rebuilds the run. */
  readonly live: boolean;
  /** true: a change only redraws (which view is shown); the run goes on untouched. */
  readonly view: boolean;
  readonly control: ControlKind;
  /** Tucked away under "Settings" instead of standing in the control bar. */
  readonly more: boolean;
  /** Can be written as an attribute by hand; the others travel in state="…". */
  readonly plain: boolean;
  /** The checked value, or a LabError that names the value and the allowed range. */
  parse(value: unknown, name: string): T;
  /** An attribute's text as a value for parse(). */
  read(text: string): unknown;
  /** A checked value as an attribute's text. */
  write(value: T): string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly log?: boolean;
  readonly values?: readonly string[];
  readonly names?: { en: Record<string, string>; ja: Record<string, string> };
  /** The control is hidden while this is false. */
  readonly when?: (opt: Record<string, unknown>) => boolean;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a table of options of every type
export type OptionTable = Record<string, Option<any>>;
export type OptionValues<O extends OptionTable> = {
  [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

interface Common<T> {
  default: T;
  label?: Label;
  /** One short sentence under the control. */
  hint?: Label;
  live?: boolean;
  view?: boolean;
  control?: ControlKind;
  /** Tucked away under "Settings". */
  more?: boolean;
  when?: (opt: Record<string, unknown>) => boolean;
}

/** A data point as it travels: [x1, …, xn, class], class 0 or 1. */
export type PointRow = number[];

const cap = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
const shown = (value: unknown): string => {
  if (typeof value === 'string') return `"${cap(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value;
};

function finite(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw bad(`${name} is ${shown(value)}; it must be a number from ${min} to ${max}.`);
  if (value < min || value > max) throw bad(`${name} is ${value}; it must be from ${min} to ${max}.`);
  return value === 0 ? 0 : value; // -0 becomes 0
}

const parts = <T>(o: Common<T>, control: ControlKind, plain: boolean) => ({
  default: o.default,
  label: o.label,
  hint: o.hint,
  live: o.live ?? false,
  more: o.more ?? false,
  view: o.view ?? false,
  control: o.label ? (o.control ?? control) : 'none',
  plain,
  ...(o.when ? { when: o.when } : {}),
});

/** Checks that the default is a value of its own option: a wrong declaration fails when the lesson loads. */
function checked<T>(o: Option<T>): Option<T> {
  o.parse(o.default, 'default');
  return Object.freeze(o);
}

export const option = {
  /** A whole number. */
  int(o: Common<number> & { min: number; max: number; step?: number }): Option<number> {
    return checked({
      ...parts(o, 'range', true),
      type: 'int',
      min: o.min,
      max: o.max,
      step: o.step ?? 1,
      parse(value, name) {
        const n = finite(value, name, o.min, o.max);
        if (!Number.isInteger(n))
          throw bad(`${name} is ${n}; it must be a whole number from ${o.min} to ${o.max}.`);
        return n;
      },
      read: (text) => (text.trim() === '' ? Number.NaN : Number(text)),
      write: String,
    });
  },

  /** A real number. `log: true` gives a slider even in orders of magnitude (min > 0). */
  number(o: Common<number> & { min: number; max: number; step?: number; log?: boolean }): Option<number> {
    return checked({
      ...parts(o, 'number', true),
      type: 'number',
      min: o.min,
      max: o.max,
      ...(o.step === undefined ? {} : { step: o.step }),
      log: o.log ?? false,
      parse: (value, name) => finite(value, name, o.min, o.max),
      read: (text) => (text.trim() === '' ? Number.NaN : Number(text)),
      write: String,
    });
  },

  /** One of a few words. `names` are what the reader sees. */
  choice<const V extends string>(
    o: Common<V> & {
      values: readonly V[];
      names?: { en: Partial<Record<V, string>>; ja: Partial<Record<V, string>> };
    },
  ): Option<V> {
    return checked({
      ...parts(o, o.values.length <= 3 ? 'buttons' : 'select', true),
      type: 'choice',
      values: o.values,
      ...(o.names
        ? { names: { en: o.names.en as Record<string, string>, ja: o.names.ja as Record<string, string> } }
        : {}),
      parse(value, name) {
        if (typeof value === 'string' && (o.values as readonly string[]).includes(value)) return value as V;
        throw bad(`${name} is ${shown(value)}; it must be one of ${o.values.join(', ')}.`);
      },
      read: (text) => text,
      write: (value) => value,
    });
  },

  /** On or off. As an attribute: present, "true", "on", "1" or "false", "off", "0". */
  flag(o: Common<boolean>): Option<boolean> {
    return checked({
      ...parts(o, 'checkbox', true),
      type: 'flag',
      parse(value, name) {
        if (typeof value === 'boolean') return value;
        throw bad(`${name} is ${shown(value)}; it must be true or false.`);
      },
      read(text) {
        const word = text.trim().toLowerCase();
        if (['', 'true', 'on', '1', 'yes'].includes(word)) return true;
        if (['false', 'off', '0', 'no'].includes(word)) return false;
        return text;
      },
      write: String,
    });
  },

  /** A text of at most `max` UTF-16 units. */
  text(o: Common<string> & { max: number }): Option<string> {
    return checked({
      ...parts(o, 'field', false),
      type: 'text',
      max: o.max,
      parse(value, name) {
        if (typeof value !== 'string') throw bad(`${name} is ${shown(value)}; it must be a text.`);
        if (value.length > o.max)
          throw bad(`${name} has ${value.length} characters; at most ${o.max} are allowed. Shorten it.`);
        return value;
      },
      read: (text) => text,
      write: (value) => value,
    });
  },

  /** A list of numbers (weights set by hand). `length` fixes the count, else `max` bounds it. */
  numbers(
    o: Common<number[]> & { min?: number; max?: number; length?: number; maxLength?: number },
  ): Option<number[]> {
    const min = o.min ?? -1e6;
    const max = o.max ?? 1e6;
    const most = o.length ?? o.maxLength ?? 256;
    return checked({
      ...parts(o, 'none', false),
      type: 'numbers',
      min,
      max,
      parse(value, name) {
        if (!Array.isArray(value)) throw bad(`${name} is ${shown(value)}; it must be a list of numbers.`);
        if (o.length !== undefined && value.length !== o.length)
          throw bad(`${name} has ${value.length} numbers; it must have ${o.length}.`);
        if (value.length > most)
          throw bad(`${name} has ${value.length} numbers; at most ${most} are allowed.`);
        return Array.from(value, (v: unknown, i) => finite(v, `${name}[${i}]`, min, max));
      },
      read: (text) =>
        text
          .split(/[\s,]+/u)
          .filter(Boolean)
          .map(Number),
      write: (value) => value.join(' '),
    });
  },

  /** Data points [x1, …, xn, class]; coordinates within ±`range`. */
  points(o: Common<PointRow[]> & { inputs: number; max: number; range?: number }): Option<PointRow[]> {
    const range = o.range ?? 100;
    return checked({
      ...parts(o, 'none', false),
      type: 'points',
      max: o.max,
      parse(value, name) {
        if (!Array.isArray(value)) throw bad(`${name} is ${shown(value)}; it must be a list of points.`);
        if (value.length > o.max)
          throw bad(`${name} has ${value.length} points; at most ${o.max} are allowed. Remove some.`);
        return Array.from(value, (row: unknown, i) => {
          if (!Array.isArray(row) || row.length !== o.inputs + 1)
            throw bad(`${name}[${i}] is ${shown(row)}; a point is ${o.inputs} coordinates and a class.`);
          const xs = Array.from({ length: o.inputs }, (_, k) =>
            finite(row[k], `${name}[${i}][${k}]`, -range, range),
          );
          const label: unknown = row[o.inputs];
          if (label !== 0 && label !== 1)
            throw bad(`${name}[${i}] has class ${shown(label)}; it must be 0 or 1.`);
          return [...xs, label];
        });
      },
      read: (text) => text,
      write: () => '',
    });
  },
};

/** Fresh copies of every default, so that a demo never changes its declaration. */
export function defaults<O extends OptionTable>(table: O): OptionValues<O> {
  const out: Record<string, unknown> = Object.create(null);
  for (const [name, o] of Object.entries(table)) out[name] = o.parse(o.default, name);
  return out as OptionValues<O>;
}

/** hiddenUnits -> hidden-units: the attribute of an option. */
export const attributeOf = (name: string): string => name.replace(/[A-Z]/gu, (c) => `-${c.toLowerCase()}`);

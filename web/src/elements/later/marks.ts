/**
 * The reader's own marks: what was predicted and whether it came true, which exercises were solved. Kept in this browser's storage and nowhere
 * else; where storage is denied they last as long as the page. What is read back is checked: anybody may have written it.
 */
const KEY = 'x2g-marks';
const VERSION = 1;

export interface LessonMarks {
  /** The choice made, and whether the run gave it. */
  prediction?: { chosen: string; right: boolean };
  /** Exercises solved, and how many there are. */
  solved: string[];
  exercises: number;
}
export type Marks = Record<string, LessonMarks>;

/** The part of Storage that is used; tests hand in their own. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

let memory: string | null = null;
const inMemory: Store = {
  getItem: () => memory,
  setItem: (_key, text) => void (memory = text),
  removeItem: () => void (memory = null),
};

function device(): Store {
  try {
    return window.localStorage;
  } catch {
    return inMemory; // a frame of another origin, or storage switched off
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is right of a stored text; the rest is dropped. */
export function parseMarks(text: string | null): Marks {
  const marks: Marks = {};
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '');
  } catch {
    return marks;
  }
  if (!isRecord(stored) || stored['version'] !== VERSION || !isRecord(stored['lessons'])) return marks;
  for (const [slug, value] of Object.entries(stored['lessons'])) {
    if (!/^[a-z0-9-]{1,64}$/u.test(slug) || !isRecord(value)) continue;
    const { prediction, solved, exercises } = value;
    const known = Array.isArray(solved)
      ? solved.filter((id): id is string => typeof id === 'string' && id.length < 100)
      : [];
    const count =
      typeof exercises === 'number' && Number.isInteger(exercises) && exercises > 0 ? exercises : 0;
    const own: LessonMarks = { solved: [...new Set(known)].slice(0, 100), exercises: Math.min(count, 100) };
    if (isRecord(prediction) && typeof prediction['chosen'] === 'string')
      own.prediction = { chosen: prediction['chosen'].slice(0, 100), right: prediction['right'] === true };
    marks[slug] = own;
  }
  return marks;
}

export const marksText = (marks: Marks): string =>
  `${JSON.stringify({ version: VERSION, lessons: marks }, null, 2)}\n`;

export function readMarks(store: Store = device()): Marks {
  try {
    return parseMarks(store.getItem(KEY));
  } catch {
    return parseMarks(inMemory.getItem(KEY));
  }
}

function write(marks: Marks, store: Store): void {
  const text = marksText(marks);
  try {
    store.setItem(KEY, text);
  } catch {
    inMemory.setItem(KEY, text); // full or denied: a mark never fails a lesson
  }
}

function change(slug: string, work: (own: LessonMarks) => void, store: Store): void {
  const marks = readMarks(store);
  const own = marks[slug] ?? { solved: [], exercises: 0 };
  work(own);
  write({ ...marks, [slug]: own }, store);
}

/** A prediction was answered by a run; the first one counts. */
export function markPrediction(slug: string, chosen: string, right: boolean, store = device()): void {
  change(slug, (own) => void (own.prediction ??= { chosen, right }), store);
}

/** An exercise was solved, one of so many. */
export function markSolved(slug: string, id: string, exercises: number, store = device()): void {
  change(
    slug,
    (own) => {
      own.solved = [...new Set([...own.solved, id])];
      own.exercises = exercises;
    },
    store,
  );
}

export function forgetMarks(store: Store = device()): void {
  inMemory.removeItem(KEY);
  try {
    store.removeItem(KEY);
  } catch {
    // nothing was kept there
  }
}

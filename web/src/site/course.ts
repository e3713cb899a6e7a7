/**
 * The course as data: five parts and 28 lessons (course.json), and the lessons that stand (lessons/NN-slug/lesson.json).
 * A lesson exists when its folder does; then its own lesson.json speaks for it. Everything else on the map is planned.
 * Pure functions over plain objects: no file access, so the same checks run in the build and in the tests.
 */
import plan from './course.json' with { type: 'json' };
import { langs, type Text } from './lang';

export { langs, type Lang, type Text } from './lang';

/** One claim of a lesson's prose: a figure that the test suite reproduces from a seed. */
export interface Claim {
  id: string;
  [key: string]: unknown;
}

/** What stands in lessons/NN-slug/lesson.json. */
export interface LessonMeta {
  slug: string;
  order: number;
  part: number;
  title: Text;
  summary: Text;
  element: string;
  state: Record<string, unknown>;
  claims: Claim[];
  sources: unknown[];
}

export interface Part {
  part: number;
  title: Text;
  about: Text;
}

/** A box of the course map. `lesson` is set where the lesson can be opened today. */
export interface MapEntry {
  order: number;
  slug: string;
  part: number;
  title: Text;
  moment: Text;
  lesson: LessonMeta | undefined;
}

export const parts: readonly Part[] = plan.parts;

/** Two digits, as in the folder name: 1 -> "01". */
export const two_digits = (order: number): string => String(order).padStart(2, '0');

/** The lesson's folder name: NN-slug. */
export const folder_of = (lesson: { order: number; slug: string }): string =>
  `${two_digits(lesson.order)}-${lesson.slug}`;

/** The 28 boxes in order, joined with the lessons that stand. */
export function course_map(lessons: readonly LessonMeta[]): MapEntry[] {
  return plan.lessons.map((entry) => {
    const lesson = lessons.find((l) => l.slug === entry.slug);
    return { ...entry, title: lesson?.title ?? entry.title, lesson };
  });
}

const is_text = (value: unknown): value is Text =>
  typeof value === 'object' &&
  value !== null &&
  langs.every((lang) => {
    const text = (value as Record<string, unknown>)[lang];
    return typeof text === 'string' && text.trim() !== '';
  });

/** What is wrong with a lesson.json found in `folder`, one sentence each; empty when it is sound. */
export function lesson_faults(data: unknown, folder: string): string[] {
  if (typeof data !== 'object' || data === null) return [`${folder}: lesson.json must hold an object`];
  const meta = data as Record<string, unknown>;
  const faults: string[] = [];
  const planned = plan.lessons.find((l) => l.slug === meta.slug);
  if (!planned) faults.push(`${folder}: slug "${String(meta.slug)}" is not in the curriculum`);
  if (planned && planned.order !== meta.order)
    faults.push(`${folder}: order is ${String(meta.order)}, the curriculum says ${planned.order}`);
  if (planned && planned.part !== meta.part)
    faults.push(`${folder}: part is ${String(meta.part)}, the curriculum says ${planned.part}`);
  if (planned && folder !== folder_of(planned))
    faults.push(`${folder}: the folder should be named ${folder_of(planned)}`);
  for (const key of ['title', 'summary'])
    if (!is_text(meta[key])) faults.push(`${folder}: ${key} needs a text for each of ${langs.join(', ')}`);
  if (meta.element !== `x2g-${String(meta.slug)}`)
    faults.push(`${folder}: element is "${String(meta.element)}", it should be "x2g-${String(meta.slug)}"`);
  if (typeof meta.state !== 'object' || meta.state === null || Array.isArray(meta.state))
    faults.push(`${folder}: state must be an object (the demo's default state)`);
  for (const key of ['claims', 'sources'])
    if (!Array.isArray(meta[key])) faults.push(`${folder}: ${key} must be a list`);
  return faults;
}

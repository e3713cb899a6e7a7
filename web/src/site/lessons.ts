/** All lessons that stand, in order, for the pages. read-lessons.mjs does the same for the build's configuration. */
import type { LessonMeta } from './course';

const found = import.meta.glob<LessonMeta>('../../../lessons/*/lesson.json', {
  eager: true,
  import: 'default',
});

export const all_lessons: readonly LessonMeta[] = Object.values(found).sort((a, b) => a.order - b.order);

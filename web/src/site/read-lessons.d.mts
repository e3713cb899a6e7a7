import type { LessonMeta } from './course';
export function read_lessons(root: URL | string): (LessonMeta & { folder: string })[];

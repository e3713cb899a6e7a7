/**
 * Reads lessons/NN-slug/lesson.json from disk for the build's configuration (sidebar, titles, embed pages).
 * Pages use import.meta.glob instead; both hand the same objects to course.ts.
 */
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** All lessons in order. `root` is the folder that holds NN-slug folders (URL or path, with a trailing slash). */
export function read_lessons(root) {
  const folder = typeof root === 'string' ? root : fileURLToPath(root);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${folder}/${entry.name}/lesson.json`))
    .map((entry) => {
      const meta = JSON.parse(readFileSync(`${folder}/${entry.name}/lesson.json`, 'utf8'));
      return { ...meta, folder: entry.name };
    })
    .sort((a, b) => a.order - b.order);
}

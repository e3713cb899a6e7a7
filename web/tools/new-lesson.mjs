// Makes lessons/NN-slug/ from web/tools/lesson/ for a slug that course.json lists and has no folder yet:
//   node web/tools/new-lesson.mjs SLUG [FOLDER THAT HOLDS LESSONS]
// The new lesson is complete and passes all tests; what it teaches is for its author to replace.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const template = join(root, 'web/tools/lesson');

/** The lessons of the course in their order, numbered. */
export function course() {
  const { lessons } = JSON.parse(readFileSync(join(root, 'web/src/site/course.json'), 'utf8'));
  return lessons.map((lesson, i) => ({ ...lesson, order: i + 1 }));
}

const folder_of = ({ order, slug }) => `${String(order).padStart(2, '0')}-${slug}`;
const class_of = (slug) => slug.replace(/(?:^|-)([a-z0-9])/gu, (_, letter) => letter.toUpperCase());

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

/** As prettier wants it: how long the lines are hangs on the names that were filled in. */
async function laid_out(path, text) {
  if (path.endsWith('.md')) return text;
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(join(root, 'lessons/x.ts'))), filepath: path });
}

/** Writes the lesson into `into` and returns its folder. Throws with what to do when that cannot be. */
export async function make_lesson(slug, into = join(root, 'lessons')) {
  const all = course();
  const found = all.find((lesson) => lesson.slug === slug);
  const free = all.filter((lesson) => !existsSync(join(root, 'lessons', folder_of(lesson))));
  if (!found)
    throw new Error(
      `there is no lesson "${slug}" in the course; free are: ${free.map((l) => l.slug).join(', ')}`,
    );
  const folder = join(into, folder_of(found));
  if (existsSync(folder)) throw new Error(`${folder} is there already`);
  const words = {
    slug,
    folder: folder_of(found),
    class: class_of(slug),
    order: String(found.order),
    part: String(found.part),
    title_en: found.title.en,
    title_ja: found.title.ja,
    moment_en: found.moment.en,
    moment_ja: found.moment.ja,
  };
  for (const path of files(template)) {
    const target = join(folder, relative(template, path).replace(/\.tmpl$/u, ''));
    mkdirSync(dirname(target), { recursive: true });
    // In TypeScript these stand between single quotes, in JSON between double ones.
    const quote = target.endsWith('.ts') ? /['\\]/gu : /["\\]/gu;
    const escape = (text) => (target.endsWith('.md') ? text : text.replace(quote, '\\$&'));
    const text = readFileSync(path, 'utf8').replace(/\{\{(\w+)\}\}/gu, (whole, name) => {
      if (words[name] === undefined) throw new Error(`${path} asks for ${whole}`);
      return escape(words[name]);
    });
    writeFileSync(target, await laid_out(target, text));
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [slug, into] = process.argv.slice(2);
  try {
    if (!slug) throw new Error('name the slug of a lesson of web/src/site/course.json');
    const folder = relative(process.cwd(), await make_lesson(slug, into));
    console.log(`Made ${folder}. It trains and passes all tests as it is: ./lab serve --watch shows it.`);
    console.log('Replace what it teaches, write en.md and ja.md, and keep demo.test.ts telling the truth.');
  } catch (error) {
    console.error(`new lesson: ${error.message}`);
    process.exitCode = 1;
  }
}

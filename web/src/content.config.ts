/**
 * Content: lessons/NN-slug/{en,ja}.md become the pages /en/slug/ and /ja/slug/.
 * Title and summary come from lesson.json, so that the sidebar, the map and the page cannot disagree.
 */
import { docsSchema } from '@astrojs/starlight/schema';
import { glob, type Loader } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import type { Lang, LessonMeta } from './site/course';
import { read_lessons } from './site/read-lessons.mjs';

function lesson_loader(): Loader {
  const pages = glob({
    base: '../lessons',
    pattern: '*/{en,ja}.md',
    generateId: ({ entry }) => entry.replace(/^\d+-([^/]+)\/(en|ja)\.md$/, '$2/$1'),
  });
  return {
    ...pages,
    name: 'x2g-lessons',
    load: (context) => {
      const lessons: LessonMeta[] = read_lessons(new URL('../lessons/', context.config.root));
      const parseData: typeof context.parseData = (page) => {
        const [lang, slug] = page.id.split('/') as [Lang, string];
        const lesson = lessons.find((l) => l.slug === slug);
        if (!lesson) throw new Error(`${page.id}: no lesson.json names the slug "${slug}"`);
        const words = { title: lesson.title[lang], description: lesson.summary[lang] };
        return context.parseData({ ...page, data: { ...page.data, ...words } });
      };
      return pages.load({ ...context, parseData });
    },
  };
}

export const collections = { docs: defineCollection({ loader: lesson_loader(), schema: docsSchema() }) };

/**
 * The course shell: Astro + Starlight, with lessons/ as content. Output goes to dist/ at the repository's root.
 * Addresses are written under a placeholder that a later pass makes relative (see src/site/base.mjs).
 */
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { base } from './src/site/base.mjs';
import course from './src/site/course.json' with { type: 'json' };
import { read_lessons } from './src/site/read-lessons.mjs';
import { processor } from './src/site/markdown.mjs';
import { plain_imports } from './tools/build/plain-imports.ts';

const lessons = read_lessons(new URL('../lessons/', import.meta.url));
const component = (name) => `./src/site/components/${name}.astro`;

/** A sidebar group per part that has lessons; the number is drawn by CSS from data-number. */
const sidebar = [
  { label: 'Course map', translations: { ja: 'コースの地図' }, link: '/' },
  ...course.parts
    .map(({ part, title }) => ({
      label: `${part} · ${title.en}`,
      translations: { ja: `${part} · ${title.ja}` },
      items: lessons
        .filter((lesson) => lesson.part === part)
        .map((lesson) => ({
          label: lesson.title.en,
          translations: { ja: lesson.title.ja },
          link: `/${lesson.slug}/`,
          attrs: { 'data-number': String(lesson.order).padStart(2, '0') },
        })),
    }))
    .filter((group) => group.items.length > 0),
  {
    label: 'Reference',
    translations: { ja: 'リファレンス' },
    items: [
      { label: 'Build your own graph', translations: { ja: 'グラフを自分で組む' }, link: '/graph/' },
      { label: 'How fast is it?', translations: { ja: 'どれくらい速い？' }, link: '/speed/' },
      { label: 'API reference', translations: { ja: 'APIリファレンス' }, link: '/reference/' },
    ],
  },
];

export default defineConfig({
  base,
  outDir: '../dist',
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  prefetch: false,
  build: { inlineStylesheets: 'never' },
  markdown: { processor, syntaxHighlight: false },
  integrations: [
    starlight({
      title: 'xor2gpt',
      description: 'From XOR to a GPT: train every step yourself, in the browser tab.',
      locales: { en: { label: 'English', lang: 'en' }, ja: { label: '日本語', lang: 'ja' } },
      defaultLocale: 'en',
      sidebar,
      tableOfContents: false,
      disable404Route: true,
      credits: false,
      expressiveCode: false,
      favicon: '/favicon.svg',
      markdown: { headingLinks: false, processedDirs: ['../lessons'] },
      customCss: ['./src/styles/tokens.css', './src/styles/site.css', 'katex/dist/katex.css'],
      components: {
        Header: component('Header'),
        MobileMenuFooter: component('Empty'),
        PageTitle: component('PageTitle'),
        Footer: component('Footer'),
        ThemeProvider: component('ThemeProvider'),
        ThemeSelect: component('ThemeSelect'),
      },
      head: [
        { tag: 'script', attrs: { type: 'module', async: true, src: `${base}/embed/v1/xor2gpt.js` } },
        { tag: 'meta', attrs: { name: 'color-scheme', content: 'light dark' } },
      ],
    }),
  ],
  vite: {
    plugins: [plain_imports()],
    build: { assetsInlineLimit: 0, target: 'es2022' },
    // Scripts find each other relative to themselves; only HTML and CSS carry the placeholder.
    experimental: {
      renderBuiltUrl: (_, { hostType }) => (hostType === 'js' ? { relative: true } : undefined),
    },
    server: { fs: { allow: ['..'] } },
  },
});

/**
 * What happens to dist/ after Astro and Vite: scripts out of the pages, addresses relative, the offline worker, and
 * .br/.gz beside every text so that a host needs no compressor. Run by `npm run build:post`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { base } from '../../src/site/base.mjs';
import { read_lessons } from '../../src/site/read-lessons.mjs';
import { worker_text } from './offline.mjs';
import { add_preloads, chunks_of } from './preload.mjs';
import { check_script, make_relative, only_woff2 } from './relative.mjs';
import { externalize, externalize_styles, internalize, style_sheet } from './scripts.mjs';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));
const source = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const unused = /^pagefind\/pagefind-(ui|modular-ui|highlight|component-ui)\.|\.(woff|ttf)$/;
const packable = /\.(html|css|js|mjs|json|svg|wasm|xml|txt|webmanifest)$/;

const all_files = () =>
  readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/'));
const read = (file) => readFileSync(join(dist, file), 'utf8');
const write = (file, text) => {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  writeFileSync(join(dist, file), text);
};

function pages() {
  const manifest = existsSync(join(dist, 'embed/v1/manifest.json'))
    ? JSON.parse(read('embed/v1/manifest.json'))
    : {};
  const demos = read_lessons(source('lessons/')).map(({ slug, folder }) => [
    `x2g-${slug}`,
    chunks_of(manifest, folder),
  ]);
  const rules = new Map();
  const done = [];
  for (const file of all_files().filter((name) => name.endsWith('.html'))) {
    if (file === '404.html') {
      write(file, internalize(read(file), base, read));
      continue;
    }
    // Without scripts the system's wish decides the theme, not Starlight's default.
    const html = read(file).replace(/(<html[^>]*) data-theme="dark"/, '$1');
    const { page, files } = externalize(add_preloads(html, demos, base), base);
    files.forEach((text, path) => write(path, text));
    done.push([file, externalize_styles(page, rules)]);
  }
  const { path, text } = style_sheet(rules);
  write(path, text);
  const link = `<link rel="stylesheet" href="${base}/${path}">`;
  for (const [file, page] of done) {
    const styled = /class="s[0-9a-f]{8}[" ]/.test(page) ? page.replace('</head>', `${link}</head>`) : page;
    write(file, make_relative(styled, file, base));
  }
}

function styles_and_scripts() {
  for (const file of all_files()) {
    if (file.endsWith('.css')) write(file, only_woff2(make_relative(read(file), file, base)));
    if (file.endsWith('.js')) check_script(read(file), file, base);
  }
}

function offline() {
  const files = new Map(all_files().map((file) => [file, readFileSync(join(dist, file))]));
  write('sw.js', worker_text(readFileSync(source('web/src/site/sw.js'), 'utf8'), files));
}

async function compress() {
  const brotli = (data) =>
    promisify(brotliCompress)(data, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });
  const pack = async (file) => {
    const data = readFileSync(join(dist, file));
    if (data.length < 512) return;
    const [small, smaller] = await Promise.all([promisify(gzip)(data, { level: 9 }), brotli(data)]);
    write(`${file}.gz`, small);
    write(`${file}.br`, smaller);
  };
  // Largest first, so that the wasm does not come last alone; zlib works in Node's own threads.
  const size = (file) => statSync(join(dist, file)).size;
  const files = all_files().filter((name) => packable.test(name));
  await Promise.all(files.sort((a, b) => size(b) - size(a)).map(pack));
}

const step = async (name, work) => {
  const start = performance.now();
  await work();
  console.log(`post: ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
};

await step('pages', pages);
await step('styles and scripts', styles_and_scripts);
await step('prune', () =>
  all_files()
    .filter((file) => unused.test(file))
    .forEach((file) => rmSync(join(dist, file))),
);
await step('offline worker', offline);
await step('compress', compress);

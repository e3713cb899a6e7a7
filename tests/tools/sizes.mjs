// The size budget, in bytes after brotli (quality 11), 1 kB = 1000 bytes:
//   the core: x2g.wasm with its glue x2g.mjs, either variant        60 kB
//   a lesson page: all JavaScript and WebAssembly that it can load  120 kB
// Pages are read from dist/ as a browser would: scripts of the page, their imports, the demo's chunk and whatever that
// imports, lazily or not, and the simd128 module. What only another lesson, the search box or the relaxed variant
// loads is not the page's. Prints a line per check and "N passed, N failed".
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = process.argv[2]
  ? resolve(process.argv[2])
  : resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const CORE_LIMIT = 60_000;
const PAGE_LIMIT = 120_000;
const RUNTIME = 'embed/v1';

const sizes = new Map();
const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).length;
function packed(file) {
  if (!sizes.has(file)) sizes.set(file, brotli(readFileSync(join(root, file))));
  return sizes.get(file);
}

let passed = 0;
let failed = 0;
function report(title, parts, limit) {
  const sum = parts.reduce((total, [, bytes]) => total + bytes, 0);
  const good = parts.length > 0 && sum <= limit;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${title}: ${sum} of ${limit} bytes`);
  for (const [name, bytes] of parts.sort((a, b) => b[1] - a[1]))
    console.log(`         ${String(bytes).padStart(7)} ${name}`);
  if (good) passed++;
  else failed++;
}

function missing(what) {
  console.log(`FAILED ${what} is missing: run ./lab build`);
  failed++;
}

for (const name of ['x2g', 'x2g-relaxed']) {
  const files = [`web/engine/${name}.wasm`, `web/engine/${name}.mjs`];
  if (files.every((file) => existsSync(join(root, file)))) {
    report(
      `core ${name}`,
      files.map((file) => [file, packed(file)]),
      CORE_LIMIT,
    );
  } else missing(files.join(' with '));
}

// Static imports of a script, as paths in dist/.
function static_imports(file) {
  const text = readFileSync(join(root, 'dist', file), 'utf8');
  const names = [...text.matchAll(/(?:\bfrom|\bimport)\s*["']([^"']+\.js)["']/g)].map((match) => match[1]);
  return names.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(file), name));
}

// Everything that the demo of `slug` can make the runtime load, from Vite's manifest.
function runtime_files(slug) {
  const manifest = JSON.parse(readFileSync(join(root, 'dist', RUNTIME, 'manifest.json'), 'utf8'));
  const found = new Set();
  const seen = new Set();
  const is_demo = (key) => /\/demo\.ts$/.test(key);
  const visit = (key, lazy) => {
    const entry = manifest[key];
    if (entry === undefined || seen.has(key) || /relaxed/.test(key)) return;
    seen.add(key);
    for (const file of [entry.file, ...(entry.assets ?? [])])
      if (!/relaxed/.test(file)) found.add(`${RUNTIME}/${file}`);
    for (const next of entry.imports ?? []) visit(next, lazy);
    for (const next of lazy ? (entry.dynamicImports ?? []) : []) if (!is_demo(next)) visit(next, true);
  };
  visit('src/embed/main.ts', false);
  const demo = Object.keys(manifest).find((key) => new RegExp(`/\\d+-${slug}/demo\\.ts$`).test(key));
  if (demo === undefined) throw new Error(`no demo of "${slug}" in ${RUNTIME}/manifest.json`);
  visit(demo, true);
  // The engine is started by address, not by import: count it where the manifest does not tie it to the demo.
  if (![...found].some((file) => file.endsWith('.wasm'))) {
    const engine = readdirSync(join(root, 'dist', RUNTIME, 'chunks')).find((file) =>
      /^x2g-(?!relaxed).*\.wasm$/.test(file),
    );
    if (engine === undefined) throw new Error(`no x2g-*.wasm in ${RUNTIME}/chunks`);
    found.add(`${RUNTIME}/chunks/${engine}`);
  }
  return found;
}

function page_parts(slug) {
  const page = `en/${slug}/index.html`;
  const html = readFileSync(join(root, 'dist', page), 'utf8');
  const files = runtime_files(slug);
  const inline = [];
  const visit = (file) => {
    if (files.has(file)) return;
    files.add(file);
    static_imports(file).forEach(visit);
  };
  for (const [, attributes, body] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    const source = /\bsrc=["']?([^"'\s>]+)/.exec(attributes)?.[1];
    if (source !== undefined) {
      visit(
        source.startsWith('/')
          ? source.slice(1)
          : posix.join(posix.dirname(page), source.replace(/[?#].*$/, '')),
      );
    } else if (!/type=["']?(application|speculationrules)/.test(attributes)) inline.push(body);
  }
  const parts = [...files]
    .filter((file) => /\.(js|mjs|wasm)$/.test(file))
    .map((file) => [file, packed(join('dist', file))]);
  if (inline.length > 0)
    parts.push([`${inline.length} inline scripts`, brotli(Buffer.from(inline.join('\n')))]);
  return parts;
}

const lessons = existsSync(join(root, 'lessons'))
  ? readdirSync(join(root, 'lessons')).filter((folder) =>
      existsSync(join(root, 'lessons', folder, 'lesson.json')),
    )
  : [];
if (lessons.length === 0) missing('lessons/*/lesson.json');
for (const folder of lessons) {
  const slug = folder.replace(/^\d+-/, '');
  try {
    report(`page /en/${slug}/`, page_parts(slug), PAGE_LIMIT);
  } catch (error) {
    missing(`page /en/${slug}/ (${error.message})`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

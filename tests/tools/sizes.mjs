// The size budget, in bytes after brotli (quality 11), 1 kB = 1000 bytes:
//   an engine with its glue x2g.mjs: the first lessons' x2g-small, lesson 7's x2g-digits, x2g-graph for graphs, 60 kB each
//                                    the language lessons' x2g-text 60 kB, too, with relaxed SIMD 65 kB
//                                    tools without graphs: x2g-tools-data 60 kB, x2g-tools-text 57 kB, both and more in x2g-tools
//                                    102 kB (unigrams, their training and their draws, are 8 kB of the last two)
//   a lesson page: all JavaScript and WebAssembly of its first run  120 kB
// Pages are read from dist/ as a browser would: scripts of the page, their imports, the demo's chunk, what that imports (the worker
// lazily) and the demo's engine. What only another lesson, the search box, another engine, a page that cannot start a worker
// or a click (elements/later/, a lesson's later/, a weights file) loads is not the page's. Prints a line per check and "N passed, N failed".
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = process.argv[2]
  ? resolve(process.argv[2])
  : resolve(dirname(fileURLToPath(import.meta.url)), '../..');
// No lesson loads the whole engine, only the page for graphs of one's own and the export of a GPT. Every op of the course takes it to
// 119 kB, ready models, gradient checks and what only it does with a trained GPT to 150 kB. A ceiling just above, so that nothing grows
// unnoticed: lower it where you can.
const CORE_LIMITS = {
  'x2g-small': 60_000,
  'x2g-digits': 60_000,
  'x2g-graph': 60_000,
  'x2g-text': 60_000,
  'x2g-text-relaxed': 65_000,
  'x2g-tools': 102_000,
  'x2g-tools-text': 57_000,
  'x2g-tools-data': 60_000,
  x2g: 152_000,
};
const PAGE_LIMITS = { small: 120_000, digits: 120_000, graph: 120_000, text: 120_000, whole: 152_000 };
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

for (const [name, limit] of Object.entries(CORE_LIMITS)) {
  const files = [`web/engine/${name}.wasm`, 'web/engine/x2g.mjs'];
  if (files.every((file) => existsSync(join(root, file)))) {
    report(
      `core ${name}`,
      files.map((file) => [file, packed(file)]),
      limit,
    );
  } else missing(files.join(' with '));
}

// Static imports of a script, as paths in dist/.
function static_imports(file) {
  const text = readFileSync(join(root, 'dist', file), 'utf8');
  const names = [...text.matchAll(/(?:\bfrom|\bimport)\s*["']([^"']+\.js)["']/g)].map((match) => match[1]);
  return names.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(file), name));
}

// Which engine a lesson's demo asks for; RunElement's default is the small one.
function engine_of(folder) {
  const demo = join(root, 'lessons', folder, 'demo.ts');
  if (!existsSync(demo)) return 'small';
  return (
    /static (?:override )?engine\b[^;]*'(small|digits|graph|text|whole)'/.exec(
      readFileSync(demo, 'utf8'),
    )?.[1] ?? 'small'
  );
}
const WASM = {
  small: /^x2g-small-.*\.wasm$/,
  digits: /^x2g-digits-.*\.wasm$/,
  graph: /^x2g-graph-.*\.wasm$/,
  text: /^x2g-text-(?!relaxed-).*\.wasm$/,
  whole: /^x2g-(?!small-|digits-|graph-|text-|tools-).*\.wasm$/,
};
// Loaded only where no worker starts, only when a panel is opened or a link is shared or read, with a run kept on the device, and only for
// graphs of one's own.
const NOT_AT_FIRST =
  /^_(first-)?host-|^src\/(lab\/(weights-elsewhere|storage|parallel|parallel-host|host|bare-host|engine|graph-host|graph-run|plan-host)\.ts$|elements\/later\/)|\/lessons\/[^/]+\/later\//;
// The worker of each engine; a demo starts that of its own.
const WORKERS = { text: 'spawn.ts', graph: 'spawn-plan.ts', whole: 'spawn-graph.ts' };
const WORKER = /^src\/lab\/spawn.*\.ts$/;

// The language lessons' stories: a page brings those of its own language. The Japanese ones are the larger.
const STORIES = /^engine\/stories-/;
const OWN_STORIES = 'engine/stories-ja.mjs';

const ENTRY = 'src/embed/main.ts';

// Everything that the first run of the demo in `folder` makes the runtime load, from Vite's manifest.
function runtime_files(folder) {
  const manifest = JSON.parse(readFileSync(join(root, 'dist', RUNTIME, 'manifest.json'), 'utf8'));
  const found = new Set();
  const seen = new Set();
  const engine_name = engine_of(folder);
  const own = [`src/lab/${WORKERS[engine_name] ?? 'spawn-bare.ts'}`, engine_name === 'text' && OWN_STORIES];
  const wanted_here = (key) => own.includes(key) || !(WORKER.test(key) || STORIES.test(key));
  const visit = (key, lazy) => {
    const entry = manifest[key];
    if (entry === undefined || seen.has(`${lazy} ${key}`)) return;
    seen.add(`${lazy} ${key}`);
    found.add(`${RUNTIME}/${entry.file}`);
    for (const next of entry.imports ?? []) visit(next, lazy);
    if (!lazy || key === ENTRY) return; // the entry fetches what its page has tags for: that is the demo alone
    for (const next of entry.dynamicImports ?? [])
      if (!NOT_AT_FIRST.test(next) && wanted_here(next)) visit(next, true);
  };
  visit(ENTRY, false);
  const demo = Object.keys(manifest).find((key) => key.endsWith(`/${folder}/demo.ts`));
  if (demo === undefined) throw new Error(`no demo of "${folder}" in ${RUNTIME}/manifest.json`);
  visit(demo, true);
  // The engine is started by address, not by import.
  const wanted = WASM[engine_of(folder)];
  const engine = readdirSync(join(root, 'dist', RUNTIME, 'chunks')).find((file) => wanted.test(file));
  if (engine === undefined) throw new Error(`no ${wanted} in ${RUNTIME}/chunks`);
  found.add(`${RUNTIME}/chunks/${engine}`);
  return found;
}

function page_parts(folder, slug) {
  const page = `en/${slug}/index.html`;
  const html = readFileSync(join(root, 'dist', page), 'utf8');
  const files = runtime_files(folder);
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
    const limit = PAGE_LIMITS[engine_of(folder)];
    report(`page /en/${slug}/`, page_parts(folder, slug), limit);
  } catch (error) {
    missing(`page /en/${slug}/ (${error.message})`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

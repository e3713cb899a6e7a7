// Checks that the arrows between the folders point one way: core <- wasm <- web <- lessons (tests may look at all).
// Also that core stays plain C++ (no Emscripten, files, printing, clock; core/cli, the native program, is the exception) and that web
// knows WebAssembly in one folder.
// Prints one line per rule and "N passed, N failed". It reads include and import lines; it does not compile.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2]
  ? resolve(process.argv[2])
  : resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
});
const files = [...new Set(listed.split('\0'))].filter((file) => file !== '');

const cpp = (folder) =>
  files.filter((file) => file.startsWith(`${folder}/`) && /\.(cpp|hpp|h|inc)$/.test(file));
const web = (folder) =>
  files.filter(
    (file) =>
      file.startsWith(folder) && /\.(ts|mts|js|mjs|astro|css)$/.test(file) && !/\.test\.ts$/.test(file),
  );

const texts = new Map();
function read(file) {
  if (!texts.has(file)) {
    let text = '';
    try {
      text = readFileSync(join(root, file), 'utf8');
    } catch {
      // Deleted, but still in git's index.
    }
    texts.set(file, text);
  }
  return texts.get(file);
}

// [line number, included or imported name] of a file.
function* uses(file) {
  const pattern = /\.(cpp|hpp|h|inc)$/.test(file)
    ? /^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm
    : /(?:\bfrom\s*|\bimport\s*\(?\s*|@import\s+(?:url\()?|\bnew URL\(\s*|\bimport\.meta\.glob(?:<[^>]*>)?\(\s*)['"]([^'"]+)['"]/g;
  const text = read(file);
  for (const match of text.matchAll(pattern)) yield [text.slice(0, match.index).split('\n').length, match[1]];
}

// A relative import as a path from the root; a package's name as it is.
function target(file, name) {
  const bare = name.replace(/[?#].*$/, '');
  return bare.startsWith('.') ? relative(root, resolve(root, dirname(file), bare)) : bare;
}

/** Each file of `among` may not use what `forbidden` says yes to. */
function rule(title, among, forbidden) {
  const faults = [];
  for (const file of among) {
    for (const [line, name] of uses(file)) {
      if (forbidden(target(file, name), file)) faults.push(`${file}:${line}: ${name}`);
    }
  }
  return { title, faults };
}

const within =
  (...folders) =>
  (path) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

const notPlain = new Set(
  'iostream ostream istream sstream fstream iomanip format print cstdio stdio.h chrono ctime time.h filesystem functional regex locale thread mutex future random'.split(
    ' ',
  ),
);

const rules = [
  rule(
    'core includes nothing of Emscripten, wasm, web or tests',
    cpp('core/include').concat(cpp('core/src')),
    (path) =>
      /^(emscripten|wasm|web|lessons|tests|support|reference|catch2)(\/|\.|$)|catch_amalgamated/.test(path),
  ),
  rule(
    'core knows no files, printing, clock, threads or std::function',
    cpp('core/include').concat(cpp('core/src')),
    (path) => notPlain.has(path),
  ),
  rule('public headers of core include no private ones', cpp('core/include'), (path) =>
    /^(base|kernels|ops|graph|nn|optim|train|data|text|lm|io)\//.test(path),
  ),
  rule(
    'core/cli, the native program, includes no web or tests, and only public headers of core and its JSON writer',
    cpp('core/cli'),
    (path) =>
      /^(emscripten|wasm|web|lessons|tests|support|reference|catch2|base|kernels|ops|graph|nn|optim|train|data|text|lm)\//.test(
        path,
      ) ||
      (path.startsWith('io/') && path !== 'io/json.hpp'),
  ),
  rule(
    'xsimd is named in core/src/kernels only',
    cpp('core'),
    (path, file) => path.startsWith('xsimd') && !file.startsWith('core/src/kernels/'),
  ),
  rule('wasm includes no web, lessons or tests, and only public headers of core', cpp('wasm'), (path) =>
    /^(web|lessons|tests|support|reference|catch2|kernels|ops|graph|nn|optim|train|data|text|lm|io)\//.test(
      path,
    ),
  ),
  rule('web imports nothing of core, wasm or tests', web('web/'), within('core', 'wasm', 'tests')),
  rule(
    'web imports lessons only by the course shell and the embed (which find them by pattern)',
    web('web/src/').filter((file) => /^web\/src\/(lab|elements|plot|math)\//.test(file)),
    within('lessons'),
  ),
  rule(
    'the engine and WebAssembly are known to web/src/lab only',
    web('web/src/').filter((file) => !file.startsWith('web/src/lab/')),
    (path) => within('web/engine')(path) || path.endsWith('.wasm') || path === 'wasm-feature-detect',
  ),
  rule(
    'web/src/lab imports no elements, drawings or pages',
    web('web/src/lab/'),
    within('web/src/elements', 'web/src/plot', 'web/src/site', 'web/src/embed', 'lit', '@x2g/web/elements'),
  ),
  rule(
    'lessons import the runtime by its package name and each other not at all',
    web('lessons/'),
    (path, file) =>
      within('core', 'wasm', 'tests', 'web')(path) ||
      (path.startsWith('lessons/') && path.split('/')[1] !== file.split('/')[1]) ||
      (/^@x2g\/web\//.test(path) && !/^@x2g\/web\/(lab|elements|worked|plot|math)$/.test(path)),
  ),
];

let failed = 0;
for (const { title, faults } of rules) {
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${title}`);
  for (const fault of faults) console.log(`         ${fault}`);
  if (faults.length > 0) failed++;
}
console.log(`${rules.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

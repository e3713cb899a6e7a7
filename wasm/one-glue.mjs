// node wasm/one-glue.mjs BUILD_DIR OUT_DIR: puts the engines' files where the site takes them from, only when they changed.
// All engines are used with one glue, x2g.mjs. Emscripten names imports by how often they are called (a, b, …), so in the
// others they are renamed here to what they are called in x2g.mjs. The glue is
// minified by the site's own minifier, if `npm ci` was run. Beside them it puts the grammars of the stories, stories-en.mjs and -ja.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [from, to] = process.argv.slice(2).map((path) => resolve(path));

/** Emscripten's short names by the long ones, as the glue lists them. */
function short_names(glue) {
  const list = /var wasmImports=\{([^}]*)\}/.exec(glue)?.[1];
  if (list === undefined)
    throw new Error('the glue has no "var wasmImports={…}": Emscripten has changed; see wasm/one-glue.mjs');
  return new Map(list.split(',').map((pair) => pair.split(':').reverse()));
}

/** The module with its imports renamed in place: short names must have equal lengths. */
function renamed(wasm, names) {
  const out = Buffer.from(wasm);
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = out[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const limits = () => {
    const flags = number();
    number();
    if (flags & 1) number();
  };
  for (;;) {
    const section = out[at++];
    const size = number();
    const end = at + size;
    if (section === 2) break;
    if (end >= out.length) throw new Error('the module has no imports');
    at = end;
  }
  for (let count = number(); count > 0; count--) {
    const module = number();
    at += module;
    const length = number();
    const name = out.toString('utf8', at, at + length);
    const other = names.get(name);
    if (other?.length !== length)
      throw new Error(`the import "${name}" has no name of its length in x2g.mjs`);
    out.write(other, at);
    at += length;
    const kind = out[at++];
    if (kind === 0) number();
    else if (kind === 1) {
      at++;
      limits();
    } else if (kind === 2) limits();
    else at += 2;
  }
  return out;
}

/** An engine made to fit the whole one's glue. */
function fitted(wasm, own, whole) {
  const targets = short_names(whole);
  const names = new Map();
  for (const [long, short] of short_names(own)) names.set(short, targets.get(long));
  // Ways to call functions with 64-bit arguments: an engine may have fewer, then nothing in it asks for the others.
  const ways = /var dynCall_\w+=Module\["dynCall_\w+"\]=.*?wasmExports\["\w+"\]\)\([\w,]*\);/g;
  const others = new Set(whole.match(ways));
  const rest = (glue) =>
    glue
      .replace(/var wasmImports=\{[^}]*\}/, '')
      .replace(ways, '')
      .replace(/x2g-(small|digits|graph|text-relaxed|text|tools-text|tools-data|tools)/g, 'x2g');
  const fits = (own.match(ways) ?? []).every((way) => others.has(way));
  if (!fits || rest(own) !== rest(whole))
    throw new Error(
      'its glue and x2g.mjs differ in more than names: one glue cannot serve both. Build all engines again',
    );
  return renamed(wasm, names);
}

/**
 * What no engine of ours needs of Emscripten's glue: wide strings, fetching the wasm (every caller hands it in by instantiateWasm) and the
 * complaint about types that were never bound. Bodies are emptied; what only they used goes in the site's minifier. A glue of another
 * Emscripten where one is not found stays as it is, a little larger.
 */
const UNNEEDED = [
  /var __embind_register_std_wstring=\([^)]*\)=>\{/,
  /function instantiateAsync\([^)]*\)\{/,
  /function findWasmBinary\(\)\{/,
  /var throwUnboundTypeError=\([^)]*\)=>\{/,
  /if\(ENVIRONMENT_IS_WEB\|\|ENVIRONMENT_IS_WORKER\)\{/,
];
function lean(glue) {
  let out = glue;
  for (const pattern of UNNEEDED) {
    const head = pattern.exec(out);
    if (!head) continue;
    const begin = head.index + head[0].length;
    let end = begin;
    for (let depth = 1; depth > 0 && end < out.length; end++) {
      if (out[end] === '{') depth++;
      else if (out[end] === '}') depth--;
    }
    out = `${out.slice(0, begin)}${out.slice(end - 1)}`;
  }
  return out;
}

async function minified(glue) {
  const { transform } = await import('esbuild').catch(() => ({}));
  return transform === undefined ? glue : (await transform(glue, { minify: true, format: 'esm' })).code;
}

function put(name, content) {
  const file = join(to, name);
  const bytes = Buffer.from(content);
  if (!existsSync(file) || !readFileSync(file).equals(bytes)) writeFileSync(file, bytes);
}

mkdirSync(to, { recursive: true });
const read = (name) => readFileSync(join(from, name));
const glue = (name) => read(`${name}.mjs`).toString();
const whole = glue('x2g');
put('x2g.wasm', read('x2g.wasm'));
put('x2g.mjs', await minified(lean(whole)));
const others = [
  'x2g-small',
  'x2g-digits',
  'x2g-graph',
  'x2g-text',
  'x2g-text-relaxed',
  'x2g-tools',
  'x2g-tools-text',
  'x2g-tools-data',
];
for (const name of others) put(`${name}.wasm`, fitted(read(`${name}.wasm`), glue(name), whole));
// The grammars of the stories, for the engine that has none: what stands in the core's sources but comments, a module a language.
for (const lang of ['en', 'ja']) {
  const source = readFileSync(new URL(`../core/src/data/stories_${lang}.cpp`, import.meta.url), 'utf8');
  const grammar = /R"\(([^]*)\)";/.exec(source)?.[1];
  if (grammar === undefined) throw new Error(`stories_${lang}.cpp has no R"(…)" with a grammar`);
  const lines = grammar.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  put(`stories-${lang}.mjs`, `export default ${JSON.stringify(lines.join('\n'))};\n`);
}
if (existsSync(join(from, 'x2g.d.ts'))) put('x2g.d.ts', read('x2g.d.ts'));

// node wasm/one-glue.mjs BUILD_DIR OUT_DIR: puts the engines' files where the site takes them from, only when they changed.
// All engines are used with one glue, x2g.mjs: our own, glue.mjs, with the names that the wasm has for it; where its embind is not that of
// this Emscripten, Emscripten's own. Emscripten names imports by how often they are called (a, b, …), so in the other engines they are
// renamed here to what they are called in the whole one. The glue is minified by the site's own minifier, if `npm ci` was run. Beside
// them it puts the grammars of the stories, stories-en.mjs and -ja.
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

/** The imports of a module: name, where it stands, and of a function the number of its parameters. */
function imports_of(wasm) {
  const parameters = [];
  const imports = [];
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const pass = (bytes) => (at += bytes);
  const limits = () => {
    const flags = number();
    number();
    if (flags & 1) number();
  };
  const types = () => {
    for (let left = number(); left > 0; left--) {
      pass(1);
      const count = number();
      pass(count);
      parameters.push(count);
      pass(number());
    }
  };
  const one_import = () => {
    pass(number());
    const length = number();
    const start = at;
    const name = wasm.toString('utf8', start, pass(length));
    const kind = wasm[at++];
    imports.push({ name, start, parameters: kind === 0 ? parameters[number()] : undefined });
    if (kind === 1) pass(1);
    if (kind === 1 || kind === 2) limits();
    else if (kind !== 0) pass(2);
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    if (section === 1) types();
    if (section === 2) for (let left = number(); left > 0; left--) one_import();
    at = end;
  }
  return imports;
}

/** The module with its imports renamed in place: short names must have equal lengths. */
function renamed(wasm, names) {
  const out = Buffer.from(wasm);
  for (const { name, start } of imports_of(wasm)) {
    const other = names.get(name);
    if (other?.length !== name.length)
      throw new Error(`the import "${name}" has no name of its length in x2g.mjs`);
    out.write(other, start);
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

/** What Emscripten's glue takes from the module, by the names that glue.mjs has for it. */
const EXPORTS = {
  _memory: /wasmMemory=wasmExports\["(\w+)"\]/,
  _table: /wasmTable=wasmExports\["(\w+)"\]/,
  ___wasm_call_ctors: /___wasm_call_ctors=wasmExports\["(\w+)"\]/,
  _malloc: /[( ]_malloc=wasmExports\["(\w+)"\]/,
  _free: /[( ]_free=wasmExports\["(\w+)"\]/,
  ___trap: /___trap=wasmExports\["(\w+)"\]/,
};

/** Our glue for an engine and what Emscripten wrote for it; undefined where glue.mjs was made for another embind. */
function own_glue(wasm, theirs) {
  const source = readFileSync(new URL('glue.mjs', import.meta.url), 'utf8');
  const names = short_names(theirs);
  const counts = new Map(imports_of(wasm).map(({ name, parameters }) => [name, parameters]));
  for (const [long, short] of names) {
    const list = new RegExp(`^    ${long}\\(([^)]*)\\) \\{`, 'm').exec(source)?.[1];
    if (list?.split(',').filter((name) => name.trim()).length !== counts.get(short)) return undefined;
  }
  for (const [long, where] of Object.entries(EXPORTS)) {
    const short = where.exec(theirs)?.[1];
    if (short === undefined) return undefined;
    names.set(long, short);
  }
  return source.replace(/\b_\w+/g, (name) => names.get(name) ?? name);
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
const ours = own_glue(read('x2g.wasm'), whole);
if (!ours)
  console.log('This Emscripten binds otherwise than wasm/glue.mjs does: its own glue is used, 6 kB larger.');
put('x2g.mjs', await minified(ours ?? whole));
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

/**
 * The generated references: node web/tools/reference/make.mjs FOLDER puts FOLDER/cpp (Doxygen, from core/include) and FOLDER/js
 * (TypeDoc, from the public TypeScript) there, or fails with what is undocumented or points nowhere. Beside the tools' own output:
 * the site's colors and the reader's theme, no inline scripts or styles, no address outside of the folder but the site's.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const here = fileURLToPath(new URL('./', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'build/reference'));

function tool(command, args, input) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    input,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
  });
  if (error) throw new Error(`${command} did not start (${error.message}): run ./lab setup`);
  if (status !== 0) throw new Error(`${command} found faults in the documentation: see above`);
}

/** Every page below a folder through `edit`. */
function each_page(folder, edit) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.html')) continue;
    const file = join(folder, name);
    const depth = name.split(/[\\/]/).length - 1;
    writeFileSync(file, edit(readFileSync(file, 'utf8'), '../'.repeat(depth)));
  }
}

function cpp() {
  const folder = join(out, 'cpp');
  tool('doxygen', ['-'], `${readFileSync(join(here, 'Doxyfile'), 'utf8')}\nOUTPUT_DIRECTORY = "${out}"\n`);
  copyFileSync(join(root, 'web/src/styles/tokens.css'), join(folder, 'tokens.css'));
  copyFileSync(join(here, 'theme.js'), join(folder, 'theme.js'));
  // Indents of the trees become classes of doxygen.css; its scripts, which would fold the trees, are left out.
  each_page(folder, (page) =>
    page
      .replace(/style="width:(\d+)px;display:inline-block;"/g, 'class="w$1"')
      .replace(/<div class="levels">.*?<\/div>/g, '')
      .replace(/<img src="closed.png"[^>]*>/g, '')
      .replace(/\sonclick="[^"]*"/g, ''),
  );
  for (const name of readdirSync(folder))
    if (/\.(png|svg|js)$|^tabs\.css$/.test(name) && name !== 'theme.js') rmSync(join(folder, name));
}

function js() {
  const folder = join(out, 'js');
  const program = join(root, 'node_modules/typedoc/bin/typedoc');
  tool(process.execPath, [program, '--options', join(here, 'typedoc.json'), '--out', folder]);
  copyFileSync(join(here, 'theme.js'), join(folder, 'assets/theme.js'));
  // TypeDoc's inline scripts choose a theme and hide the page until its own scripts are there; theme.js does the first.
  each_page(folder, (page, up) =>
    page
      .replace(/<script>[\s\S]*?<\/script>/g, '')
      .replace('</head>', `<script src="${up}assets/theme.js"></script></head>`),
  );
}

/** What a strict policy forbids, and what would be asked of others. */
function check(folder) {
  each_page(folder, (page) => {
    const inline = /<script(?![^>]*\ssrc=)[^>]*>|\sstyle="[^"]*"|\son[a-z]+="/.exec(page)?.[0];
    const foreign = /(?:src|<link[^>]*href)="(?:https?:)?\/\/[^"]*"/.exec(page)?.[0];
    if (inline ?? foreign) throw new Error(`a page of ${folder} holds ${inline ?? foreign}`);
    return page;
  });
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const make of [cpp, js]) {
  const start = performance.now();
  make();
  check(join(out, make.name));
  console.log(`reference: ${make.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

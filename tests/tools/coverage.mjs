// node tests/tools/coverage.mjs BUILD_DIR: which lines of core/ the C++ tests have run, from gcov's notes in a build with X2G_COVERAGE.
// A line of a header or template counts as run when any file that includes it ran it, a test's own file, too. Prints a row per file, worst first, the lines that
// never ran, and the total. Fails below 95 % of the lines of core.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';

const GOAL = 95; // percent of lines
const root = resolve(import.meta.dirname, '../..');
const build = resolve(process.argv[2] ?? join(root, 'build/coverage'));

const notes = ['core', 'tests'].flatMap((part) =>
  readdirSync(join(build, part), { recursive: true })
    .filter((name) => name.endsWith('.gcno'))
    .map((name) => join(build, part, name)),
);
if (notes.length === 0) {
  console.error(`no .gcno files below ${build}: build with -DX2G_COVERAGE=ON and run the tests first`);
  process.exit(2);
}

/** file → line → times it ran */
const files = new Map();
const out = mkdtempSync(join(tmpdir(), 'x2g-gcov-'));
try {
  for (const note of notes) {
    execFileSync('gcov', ['--json-format', '--preserve-paths', note], {
      cwd: out,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    for (const name of readdirSync(out)) {
      const path = join(out, name);
      const report = JSON.parse(gunzipSync(readFileSync(path)).toString());
      for (const { file, lines } of report.files) {
        const short = relative(root, resolve(report.current_working_directory, file));
        if (!/^core\/(src|include)\//.test(short)) continue;
        const counts = files.get(short) ?? new Map();
        for (const { line_number, count } of lines)
          counts.set(line_number, Math.max(count, counts.get(line_number) ?? 0));
        files.set(short, counts);
      }
      rmSync(path);
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

const rows = [...files]
  .filter(([, counts]) => counts.size > 0)
  .map(([file, counts]) => {
    const missed = [...counts].filter(([, count]) => count === 0).map(([line]) => line);
    return { file, lines: counts.size, missed: missed.sort((a, b) => a - b) };
  });
rows.sort((a, b) => b.missed.length / b.lines - a.missed.length / a.lines || a.file.localeCompare(b.file));
const percent = (run, all) => ((100 * run) / Math.max(1, all)).toFixed(1).padStart(6);
for (const { file, lines, missed } of rows)
  console.log(
    `${percent(lines - missed.length, lines)} %  ${file}${missed.length > 0 ? `  not run: ${missed.slice(0, 20).join(' ')}${missed.length > 20 ? ' …' : ''}` : ''}`,
  );
const all = rows.reduce((sum, row) => sum + row.lines, 0);
const run = all - rows.reduce((sum, row) => sum + row.missed.length, 0);
console.log(`${percent(run, all)} %  of ${all} lines of core`);
process.exit((100 * run) / all >= GOAL ? 0 : 1);

// The template of a lesson is a whole lesson: made for a slug that has no folder yet, it is laid out, type-checked, and its tests pass.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { course, make_lesson } from '../../web/tools/new-lesson.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const free = course().filter(
  ({ order, slug }) => !existsSync(join(root, 'lessons', `${String(order).padStart(2, '0')}-${slug}`)),
);
// As deep below the root as lessons/ is: the tests of a lesson reach tests/support by its place.
mkdirSync(join(root, 'build'), { recursive: true });
const into = mkdtempSync(join(root, 'build-lesson-'));
afterAll(() => rmSync(into, { recursive: true, force: true }));

function run(command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', command), ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, X2G_MEASURE: '' },
    },
  );
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe('./lab new lesson', () => {
  const slug = free.at(-1)?.slug ?? '';
  let folder = '';
  beforeAll(async () => {
    folder = await make_lesson(slug, into);
  }, 60_000);

  it('makes a lesson that is laid out as prettier wants it, with no gap left', () => {
    run('prettier/bin/prettier.cjs', ['--check', '--ignore-path', '/dev/null', folder]);
    for (const file of ['demo.ts', 'lesson.json', 'en.md', 'ja.md', 'measured.json', 'later/panels.ts'])
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toContain('{{');
    const lesson = JSON.parse(readFileSync(join(folder, 'lesson.json'), 'utf8')) as { slug: string };
    expect(lesson.slug).toBe(slug);
  });

  it('makes a lesson that the compiler takes', () => {
    const options = {
      extends: '../../tsconfig.json',
      include: ['*.ts', 'later/*.ts', '../../web/src/**/*.d.ts'],
      exclude: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
    run('typescript/bin/tsc', ['-p', join(folder, 'tsconfig.json'), '--noEmit']);
  }, 300_000);

  it('makes a lesson whose tests pass', () => {
    const config = join(folder, 'vitest.config.mjs');
    writeFileSync(config, "export default { test: { include: ['demo.test.ts'], testTimeout: 60000 } };\n");
    // Its own name stands in what it measured; here the folder above it is another one.
    const told = run('vitest/vitest.mjs', ['run', '--root', folder, '--config', config]);
    expect(told).toMatch(/3 passed/);
  }, 300_000);

  it('refuses a slug that is not of the course, or that has a folder', async () => {
    await expect(make_lesson('alchemy')).rejects.toThrow(/no lesson "alchemy".*free are/);
    await expect(make_lesson('xor')).rejects.toThrow(/already/);
    expect(basename(folder)).toMatch(/^\d\d-/);
  });
});

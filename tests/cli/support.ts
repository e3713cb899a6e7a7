// What the tests of the native program share: how it is started, a folder that goes away, texts of known words. Not the program's own
// build: `cmake --build build/native --target x2g` makes it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const program = fileURLToPath(new URL('../../build/native/core/cli/x2g', import.meta.url));
export const built = existsSync(program);
if (!built)
  console.warn(`skipped: there is no ${program}; build it with: cmake --build build/native --target x2g`);

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

export function x2g(...args: (string | number)[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args.map(String), { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** The JSON objects that a command printed, one a line. A failure of the command is the test's. */
export function objects(...args: (string | number)[]): Record<string, unknown>[] {
  const { code, out, err } = x2g(...args, '--json');
  if (code !== 0) throw new Error(`x2g ${args.join(' ')} ended with ${code}: ${err}`);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
export const object = (...args: (string | number)[]): Record<string, unknown> =>
  objects(...args).at(-1) ?? {};

/** Paths in a folder of this test file's own. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'x2g-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Sentences from lists of words, drawn by a small generator of its own. */
export function sentences(subjects: string[], verbs: string[], ends: string[], count: number): string {
  let state = 12345;
  const draw = (list: string[]): string => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return list[(state >>> 16) % list.length] ?? '';
  };
  return Array.from({ length: count }, () => `${draw(subjects)}${draw(verbs)}${draw(ends)}`).join('');
}
export const english = (count = 600): string =>
  sentences(
    ['The cat', 'A small dog', 'My friend'],
    [' sees', ' finds', ' likes'],
    [' the moon.\n', ' a bone.\n'],
    count,
  );
export const japanese = (count = 600): string =>
  sentences(
    ['ねこが', '小さな犬が', '友だちが'],
    ['月を', '骨を', '本を'],
    ['見ます。\n', '好きです。\n'],
    count,
  );

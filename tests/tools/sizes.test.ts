// The size budget must be able to fail: a small built site passes, a grown one or one without its engine does not.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./sizes.mjs', import.meta.url));
let tree = '';

function write(file: string, text: string | Buffer): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

function sizes(): { status: number | null; output: string } {
  const { status, stdout } = spawnSync(process.execPath, [script, tree], { encoding: 'utf8' });
  return { status, output: stdout };
}

const runtime = 'dist/embed/v1';
// Random bytes do not compress: what is written is what counts.
const kilobytes = (n: number): Buffer => randomBytes(n * 1000);

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'x2g-sizes-'));
  write('web/engine/x2g.mjs', kilobytes(10));
  for (const name of ['small', 'digits', 'graph', 'text', 'text-relaxed', 'tools-text', 'tools-data'])
    write(`web/engine/x2g-${name}.wasm`, kilobytes(40));
  for (const name of ['x2g', 'x2g-tools']) write(`web/engine/${name}.wasm`, kilobytes(80));
  write('lessons/05-activations/lesson.json', '{}');
  write(
    'dist/en/activations/index.html',
    '<script type="module" src="../../embed/v1/xor2gpt.js"></script><script>1</script>',
  );
  write(`${runtime}/xor2gpt.js`, "import './chunks/shared.js';");
  write(`${runtime}/chunks/shared.js`, kilobytes(10));
  write(`${runtime}/chunks/demo.js`, kilobytes(10));
  write(`${runtime}/chunks/other.js`, kilobytes(200));
  write(`${runtime}/chunks/lazy.js`, kilobytes(20));
  write(`${runtime}/chunks/fallback.js`, kilobytes(200));
  write(`${runtime}/chunks/later.js`, kilobytes(200));
  write(`${runtime}/chunks/stories-ja.js`, kilobytes(5));
  write(`${runtime}/chunks/x2g-small-CCCCCCCC.wasm`, kilobytes(40));
  write(`${runtime}/chunks/x2g-text-DDDDDDDD.wasm`, kilobytes(50));
  write(`${runtime}/chunks/x2g-AAAAAAAA.wasm`, kilobytes(80));
  write(`${runtime}/chunks/x2g-text-relaxed-BBBBBBBB.wasm`, kilobytes(200));
  write(
    `${runtime}/manifest.json`,
    JSON.stringify({
      'src/embed/main.ts': {
        file: 'xor2gpt.js',
        imports: ['_shared.js'],
        dynamicImports: ['../lessons/05-activations/demo.ts', '../lessons/02-xor/demo.ts'],
      },
      '_shared.js': { file: 'chunks/shared.js' },
      '../lessons/05-activations/demo.ts': {
        file: 'chunks/demo.js',
        imports: ['_shared.js'],
        dynamicImports: [
          ...['lazy.ts', 'src/lab/host.ts', 'src/elements/later/index.ts'],
          ...['engine/stories-en.mjs', 'engine/stories-ja.mjs', 'src/lab/weights-elsewhere.ts'],
        ],
      },
      '../lessons/02-xor/demo.ts': { file: 'chunks/other.js' },
      'lazy.ts': { file: 'chunks/lazy.js' },
      'src/lab/host.ts': { file: 'chunks/fallback.js' },
      'src/elements/later/index.ts': { file: 'chunks/later.js' },
      'src/lab/weights-elsewhere.ts': { file: 'chunks/later.js' },
      'engine/stories-en.mjs': { file: 'chunks/later.js' },
      'engine/stories-ja.mjs': { file: 'chunks/stories-ja.js' },
    }),
  );
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

describe('the size budget', () => {
  it('counts the page, its runtime, its demo, what that loads lazily and the engine, and nothing else', () => {
    const { status, output } = sizes();
    const total = Number(/page \/en\/activations\/: (\d+) of 120000/.exec(output)?.[1]);
    expect(total).toBeGreaterThan(80_000);
    expect(total).toBeLessThan(81_000);
    expect(output).toMatch(/\n10 passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  it('counts the whole engine, against its own limit, where the demo asks for it', () => {
    write('lessons/05-activations/demo.ts', "  static override engine = 'whole' as const;\n");
    const total = Number(/page \/en\/activations\/: (\d+) of 152000/.exec(sizes().output)?.[1]);
    expect(total).toBeGreaterThan(120_000);
    expect(total).toBeLessThan(121_000);
  });

  it('counts the stories of one language, the larger, where the demo reads stories', () => {
    write('lessons/05-activations/demo.ts', "  static override engine = 'text' as const;\n");
    const total = Number(/page \/en\/activations\/: (\d+) of /.exec(sizes().output)?.[1]);
    expect(total).toBeGreaterThan(95_000);
    expect(total).toBeLessThan(96_000);
  });

  it.each([
    ['web/engine/x2g-small.wasm', 51],
    ['web/engine/x2g-digits.wasm', 51],
    ['web/engine/x2g-graph.wasm', 51],
    ['web/engine/x2g.wasm', 147],
    ['web/engine/x2g-tools.wasm', 99],
    ['web/engine/x2g-tools-text.wasm', 53],
    ['web/engine/x2g-text.wasm', 59],
    ['web/engine/x2g-text-relaxed.wasm', 62],
    [`${runtime}/chunks/lazy.js`, 61],
    [`${runtime}/chunks/shared.js`, 51],
  ])('is overrun when %s grows to %i kB', (file, size) => {
    write(file, kilobytes(size));
    const { status, output } = sizes();
    expect(output).toMatch(/\n9 passed, 1 failed\n$/);
    expect(status).toBe(1);
  });

  it('fails, and says what to do, when nothing was built', () => {
    rmSync(join(tree, 'dist'), { recursive: true });
    const { status, output } = sizes();
    expect(output).toContain('run ./lab build');
    expect(status).toBe(1);
  });
});

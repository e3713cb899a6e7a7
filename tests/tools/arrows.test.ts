// The check of the arrows must be able to fail: each rule is shown one planted fault, and a clean tree passes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./arrows.mjs', import.meta.url));
let tree = '';

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

function arrows(): { status: number | null; output: string } {
  const { status, stdout } = spawnSync(process.execPath, [script, tree], { encoding: 'utf8' });
  return { status, output: stdout };
}

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'x2g-arrows-'));
  execFileSync('git', ['init', '--quiet', tree]);
  write('core/include/x2g/a.hpp', '#pragma once\n#include <span>\n#include "x2g/b.hpp"\n');
  write('core/src/kernels/a.cpp', '#include "kernels/a.hpp"\n#include <xsimd/xsimd.hpp>\n');
  write('core/cli/main.cpp', '#include <iostream>\n#include "files.hpp"\n#include "x2g/a.hpp"\n');
  write('wasm/src/bindings.cpp', '#include <emscripten/bind.h>\n#include "x2g/a.hpp"\n');
  write('web/src/lab/engine.ts', "import create from '../../engine/x2g.mjs';\n");
  write('web/src/embed/main.ts', "import.meta.glob('../../../lessons/*/demo.ts');\n");
  write('lessons/02-xor/demo.ts', "import { LabElement } from '@x2g/web/elements';\nimport './points.ts';\n");
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

describe('the arrows between the folders', () => {
  it('are kept by a clean tree', () => {
    const { status, output } = arrows();
    expect(output).toMatch(/\n\d+ passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  it.each([
    ['core/src/graph/g.cpp', '#include <emscripten/val.h>\n'],
    ['core/src/graph/g.cpp', '#include <iostream>\n'],
    ['core/src/graph/g.cpp', '  #  include <chrono>\n'],
    ['core/src/ops/o.cpp', '#include <xsimd/xsimd.hpp>\n'],
    ['core/cli/files.cpp', '#include "kernels/a.hpp"\n'],
    ['core/include/x2g/c.hpp', '#include "kernels/a.hpp"\n'],
    ['wasm/src/run.cpp', '#include "kernels/a.hpp"\n'],
    ['web/src/elements/e.ts', "import x from '../../engine/x2g.mjs';\n"],
    ['web/src/elements/e.ts', "import { relaxedSimd } from 'wasm-feature-detect';\n"],
    ['web/src/plot/p.ts', "const m = await import('../../../lessons/02-xor/demo.ts');\n"],
    ['web/src/lab/l.ts', "export { t } from '../elements/index.ts';\n"],
    ['web/src/site/s.ts', "import spec from '../../../tests/support/spec.ts';\n"],
    ['lessons/05-activations/demo.ts', "import { xor } from '../02-xor/points.ts';\n"],
    ['lessons/05-activations/demo.ts', "import { Session } from '../../web/src/lab/session.ts';\n"],
    ['lessons/05-activations/demo.ts', "import { Session } from '@x2g/web/src/lab/session';\n"],
  ])('are broken by %s with %s', (file, text) => {
    write(file, text);
    const { status, output } = arrows();
    expect(output).toContain(`${file}:1: `);
    expect(output).toMatch(/\n\d+ passed, 1 failed\n$/);
    expect(status).toBe(1);
  });
});

// Unit tests of the web side and of each lesson's claims, under Node. Tests of the C++ core are Catch2's.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/web/**/*.test.ts',
      'tests/tools/**/*.test.ts',
      'tests/wasm/**/*.test.ts',
      'tests/cli/**/*.test.ts',
      'lessons/*/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 60_000,
    // Two cores are the smallest machine; tests of the engine are heavy.
    maxWorkers: 2,
  },
});

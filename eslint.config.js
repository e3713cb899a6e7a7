// ESLint: faults that TypeScript's compiler does not see. Layout is prettier's job, so no style rule stands here.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const browser = [
  'window',
  'document',
  'navigator',
  'location',
  'history',
  'localStorage',
  'customElements',
  'requestAnimationFrame',
  'getComputedStyle',
  'DataTransfer',
  'DragEvent',
  'File',
  'indexedDB',
  'PerformanceObserver',
];
const shared = [
  'console',
  'fetch',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'queueMicrotask',
  'structuredClone',
  'WebAssembly',
  'Response',
  'Request',
  'Headers',
  'Blob',
  'AbortController',
  'AbortSignal',
  'MessageChannel',
  'CompressionStream',
  'DecompressionStream',
  'crypto',
  'atob',
  'btoa',
];
const worker = ['self', 'caches', 'clients', 'addEventListener', 'postMessage'];
const node = ['process', 'Buffer', 'global'];
const globals = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default tseslint.config(
  {
    ignores: ['.toolchain/', 'build/', 'dist/', '**/node_modules/', '**/.astro/', 'web/engine/', '**/*.d.ts'],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
    },
  },
  {
    // Markup from strings is how text becomes code: everything goes through textContent or lit's bindings.
    files: ['web/src/**', 'lessons/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Use textContent or a lit template.' },
        { property: 'outerHTML', message: 'Use textContent or a lit template.' },
        { property: 'insertAdjacentHTML', message: 'Use textContent or a lit template.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals([...shared, ...node, ...browser, ...worker]) },
  },
);

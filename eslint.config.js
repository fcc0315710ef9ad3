import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Forbids imports whose specifier matches, with the reason that a reader of the error needs. */
const forbid = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map(([regex, message]) => ({ regex, message, allowTypeImports: false })) },
    ],
  },
});

const server = 'packages/server/src';
const tests = ['**/*.test.ts', '**/*.fixture.ts', '**/test-support/**'];
const sdkClient = [
  '^@giro/sdk$',
  'the server builds on the messages, money and ids of @giro/sdk/protocol, never on its client',
];
const grpc = ['/grpc/', 'only grpc/ knows the wire'];

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/.turbo/',
    '.giro/',
    'docs/api/',
    'packages/sdk/src/gen/',
    'eslint.config.js',
    '.size-limit.js',
  ]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Index signatures are read by bracket, as noPropertyAccessFromIndexSignature asks.
      '@typescript-eslint/dot-notation': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      // A switch over the kinds of a union is one decision, however many kinds there are.
      complexity: ['error', { max: 12, variant: 'modified' }],
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // The import arrows of the design: infra knows nothing, api knows the SDK, the server its protocol only.
  forbid([`${server}/**`], [sdkClient], tests),
  forbid(
    [`${server}/ledger/**`],
    [
      sdkClient,
      ['/(store|commit|grpc)/', 'the ledger is pure: it imports none of its users'],
      ['^(node:.*|pg|pino|@grpc/.*)$', 'the ledger does no I/O and knows no clock'],
    ],
    tests,
  ),
  forbid([`${server}/store/**`], [sdkClient, grpc, ['/commit/', 'the store is used by commit/']], tests),
  forbid(
    [`${server}/memory/**`],
    [
      sdkClient,
      grpc,
      ['/commit/', 'the store is used by commit/'],
      ['^pg$', 'books in memory need no database'],
    ],
    tests,
  ),
  forbid(
    [`${server}/commit/**`],
    [sdkClient, grpc, ['^(pg|@grpc/.*)$', 'commit/ knows the store only']],
    tests,
  ),
  forbid(['packages/sdk/**'], [['^@giro/', 'the SDK stands below everything else']], tests),
  forbid(
    ['packages/api/**'],
    [['^(@giro/server.*|@giro/sdk/protocol|pg|@grpc/.*)$', 'the API builds on the SDK alone']],
    tests,
  ),
  forbid(['infra/**'], [['^@giro/', 'infra knows images and ports only']], tests),
  {
    files: ['scripts/**', 'examples/**', 'bench/**'],
    rules: { 'no-console': 'off' },
  },
);

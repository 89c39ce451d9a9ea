import { fileURLToPath } from 'node:url';
import boundaries from 'eslint-plugin-boundaries';
import node from 'eslint-plugin-n';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { imports } from './tools/eslint/imports.mjs';
import { noNumberOfBigint } from './tools/eslint/no-number-of-bigint.mjs';
import { layers, mayImport, nodeLayers, packages } from './tools/workspace.mjs';

const elements = packages().map(({ folder, layer }) => ({ type: layer, pattern: `packages/${folder}` }));

/** Each layer imports from the layers to its left; `node:*` is for those that run on Node only. */
const layerPolicies = layers.flatMap((layer) => [
  {
    from: { element: { type: layer } },
    allow: { to: { element: { types: { anyOf: [...mayImport[layer]] } } } },
  },
  ...(nodeLayers.includes(layer)
    ? [{ from: { element: { type: layer } }, allow: { to: { module: { origin: 'core' } } } }]
    : []),
]);

const houseRules = [
  {
    selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
    message: 'No default exports: a name that the author chose is the same name everywhere.',
  },
  {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'Math.random is neither secret nor repeatable: randomness is handed in, or a `fresh` part.',
  },
  {
    selector: 'CallExpression[callee.name=/^parse(Int|Float)$/]',
    message:
      'parseInt and parseFloat accept "12abc" and round: match the text first, then use BigInt or Number.',
  },
];

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      'packages/*/bundle/',
      '**/src/generated/',
      '**/fixtures/',
      '.nx/',
      '.cache/',
      'coverage/',
      'docs/reference/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs,cjs,js}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['packages/*/tsconfig.json', 'tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `while (true)` with a return inside reads better than a flag.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // The escape from noUncheckedIndexedAccess is a visible `as T`; `!` stays forbidden in what ships.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: {
      boundaries,
      n: node,
      'kexec-kit': { rules: { imports, 'no-number-of-bigint': noNumberOfBigint } },
    },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/elements': elements,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'import/resolver': { [fileURLToPath(new URL('tools/eslint/resolver.cjs', import.meta.url))]: {} },
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          message:
            'A {{from.element.types}} package may not import {{dependency.source}}: the layers are ' +
            `${layers.join(' → ')}, see ARCHITECTURE.md.`,
          policies: [{ allow: { to: { module: { origin: 'external' } } } }, ...layerPolicies],
        },
      ],
      'kexec-kit/imports': 'error',
      'kexec-kit/no-number-of-bigint': 'error',
      'no-restricted-syntax': ['error', ...houseRules],
      'no-console': 'error',
      // Node 18.20 is Debian 12's own: what it lacks, no published package may use.
      'n/no-unsupported-features/node-builtins': ['error', { version: '>=18.20.0' }],
    },
  },
  {
    // The one checked conversion itself.
    files: ['packages/loader-api/src/address.ts'],
    rules: { 'kexec-kit/no-number-of-bigint': 'off' },
  },
  {
    files: ['packages/*/test/**/*.ts', 'e2e/**/*.ts'],
    plugins: { 'kexec-kit': { rules: { imports } } },
    rules: {
      'kexec-kit/imports': 'error',
      // A test that indexes a fixture it made itself should fail loudly, not be guarded.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    // Tools have the types of their JSDoc; JSON.parse is not worth a schema there.
    files: ['tools/**/*.{mjs,cjs}', 'packages/*/*.mjs'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // A name that starts with _ says that it is there to be left out.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Plain files that no tsconfig holds; launchers must parse on a Node that is too old.
    files: ['eslint.config.js', 'packages/*/bin/*.mjs', 'tools/run.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);

import js from '@eslint/js';
import globals from 'globals';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** Which folder may import from which; the message says what to do instead. */
const core = './packages/anonymizer/src/core';
const zones = [
  {
    target: core,
    from: '.',
    except: [core],
    message:
      'core is pure: pass data in through its arguments, and put I/O in src/node or src/browser.',
  },
  {
    target: './packages/anonymizer/src/browser',
    from: './packages/anonymizer/src/node',
    message: 'browser and node carriers never meet: move what both need to src/core.',
  },
  {
    target: './packages/anonymizer/src/node',
    from: './packages/anonymizer/src/browser',
    message: 'browser and node carriers never meet: move what both need to src/core.',
  },
  {
    target: './packages/anonymizer/src/node',
    from: './packages/anonymizer/src/testing',
    message: 'production code never imports test helpers: move what it needs out of src/testing.',
  },
  {
    target: './packages/contract',
    from: ['./packages/anonymizer', './apps', './models', './eval', './bench'],
    message: 'contract is the bottom of the house: move the schema here instead of importing code.',
  },
  {
    target: './apps/web',
    from: './apps/sfu',
    message: 'web talks to sfu over the wire only: put the shared shape in packages/contract.',
  },
  {
    target: './apps/sfu',
    from: './apps/web',
    message: 'sfu talks to web over the wire only: put the shared shape in packages/contract.',
  },
  {
    target: './e2e',
    from: ['./apps/sfu', './apps/web'],
    message: 'e2e sees what a user sees: go through the pages and the HTTP API.',
  },
];

/** The media server's layers: each knows the one below it, and libraries stay in one place. */
const sfu = './apps/sfu/src';
zones.push(
  {
    target: [`${sfu}/rooms`, `${sfu}/engine`, `${sfu}/anonymizer`],
    from: [`${sfu}/signalling`, `${sfu}/http`],
    message: 'rooms and media know no transport of messages: emit an event instead.',
  },
  {
    target: [`${sfu}/signalling`, `${sfu}/http`],
    from: [`${sfu}/engine`, `${sfu}/anonymizer`],
    message: 'handlers never touch media: call a method of the room.',
  },
);
const onlyEngine = {
  group: ['mediasoup', 'mediasoup/*'],
  message: 'only apps/sfu/src/engine talks to mediasoup: add what you need there.',
};
const onlySignalling = {
  group: ['socket.io', 'socket.io/*'],
  message: 'only apps/sfu/src/signalling talks to socket.io: emit an event instead.',
};

const onlyCore = {
  regex: '^(?!\\.)',
  message: 'core imports nothing but core: pass it in as data.',
};
/** One maker of AnonymizedFrame: a second one would be a second way out for raw pixels. */
const onlyPipelineSeals = {
  group: ['**/anonymized-frame.ts'],
  importNames: ['sealFrame'],
  message: 'only core/pipeline.ts seals frames: admit the frame to a Pipeline instead.',
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '.cache/**',
      'results/**',
      '**/.next/**',
      'apps/web/public/edge/**',
      '**/*.d.ts',
    ],
  },
  js.configs.recommended,
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones, basePath: import.meta.dirname }],
      'no-restricted-imports': ['error', { patterns: [onlyPipelineSeals] }],
      'max-params': ['error', 4],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['packages/anonymizer/src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'Date', message: 'core has no clock: take the time as an argument.' },
        { name: 'performance', message: 'core has no clock: take the time as an argument.' },
        { name: 'console', message: 'core does not log: emit a timeline event.' },
        { name: 'process', message: 'core is pure: take the value as an argument.' },
        { name: 'setTimeout', message: 'core has no clock: the carrier calls in with the time.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'core is deterministic.' },
      ],
      'no-restricted-imports': ['error', { patterns: [onlyCore, onlyPipelineSeals] }],
    },
  },
  {
    files: ['packages/anonymizer/src/core/pipeline.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyCore] }] },
  },
  {
    files: ['apps/sfu/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [onlyPipelineSeals, onlyEngine, onlySignalling] },
      ],
    },
  },
  {
    files: ['apps/sfu/src/engine/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [onlyPipelineSeals, onlySignalling] }],
    },
  },
  {
    files: ['apps/sfu/src/signalling/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyPipelineSeals, onlyEngine] }] },
  },
  {
    // Sinks are tested apart from the pipeline, on frames that nobody filmed.
    files: ['packages/anonymizer/test/media/sealed.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
);

import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const folders = (path) =>
  readdirSync(new URL(path, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

// Imports go left only: each layer sees those before it and none after it.
const layers = ['protocol', 'platform', 'sync', 'stores', 'ui', 'features', 'app'];
const layerZones = layers.slice(0, -1).map((layer, index) => ({
  target: `./src/${layer}`,
  from: layers.slice(index + 1).map((later) => `./src/${later}`),
  message: `${layer}/ may not see the layers after it`,
}));
const features = folders('./src/features');
const featureZones = features.map((feature) => ({
  target: `./src/features/${feature}`,
  from: features.filter((other) => other !== feature).map((other) => `./src/features/${other}`),
  message: 'features do not see each other; share by ui/ or stores/',
}));

export default tseslint.config(
  { ignores: ['node_modules/', 'generated/'] },
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX, 'react-hooks': reactHooks },
    settings: { 'import-x/resolver-next': [importX.createNodeResolver()] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'import-x/no-restricted-paths': ['error', { zones: [...layerZones, ...featureZones] }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'max-lines': ['error', 500],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.test.{ts,tsx}'],
    rules: { 'max-lines-per-function': ['error', { max: 150 }] },
  },
  {
    files: ['src/{protocol,platform,sync,stores}/**/*.ts'],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'react', message: 'React belongs to ui/, features/ and app/' }] },
      ],
    },
  },
  {
    files: ['src/{protocol,sync,stores}/**/*.ts'],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'fetch', 'window', 'document', 'navigator', 'indexedDB'],
        ...['localStorage', 'crypto'],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take a Clock' },
        { object: 'Math', property: 'random', message: 'take a Random' },
      ],
    },
  },
  { files: ['vite.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
);

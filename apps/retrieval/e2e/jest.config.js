export default {
  displayName: 'retrieval-e2e',
  preset: '../../../jest.preset.js',
  rootDir: '.',
  testMatch: ['<rootDir>/*.e2e.ts'],
  testTimeout: 60_000,
};

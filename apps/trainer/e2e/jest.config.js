export default {
  displayName: 'trainer-e2e',
  preset: '../../../jest.preset.js',
  rootDir: '.',
  testMatch: ['<rootDir>/*.e2e.ts'],
  testTimeout: 300_000,
};

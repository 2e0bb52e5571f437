export default {
  displayName: 'trainer-ranks',
  preset: '../../../jest.preset.js',
  rootDir: '.',
  testMatch: ['<rootDir>/*.e2e.ts'],
  testTimeout: 300_000,
};

export default {
  displayName: 'nn-backends',
  preset: '../../../jest.preset.js',
  rootDir: '.',
  testMatch: ['<rootDir>/*.e2e.ts'],
};

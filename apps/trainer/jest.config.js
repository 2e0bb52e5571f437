export default {
  displayName: 'trainer-app',
  preset: '../../jest.preset.js',
  // vega comes as ES modules, which jest cannot require; its bundle is the same code
  moduleNameMapper: { '^vega$': '<rootDir>/../../node_modules/vega/build/vega.js' },
};

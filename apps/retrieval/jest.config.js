export default { displayName: 'retrieval-app', preset: '../../jest.preset.js' };

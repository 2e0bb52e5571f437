export default { displayName: 'retrieval', preset: '../../jest.preset.js' };

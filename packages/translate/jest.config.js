export default { displayName: 'translate', preset: '../../jest.preset.js' };

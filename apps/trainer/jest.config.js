export default { displayName: 'trainer-app', preset: '../../jest.preset.js' };

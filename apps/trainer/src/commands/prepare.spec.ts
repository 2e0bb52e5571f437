import { configOf } from './prepare.ts';

it('makes a configuration of the set, its place and keys of the reader', () => {
  const option = ['captions=Flickr8k.az.token.txt', 'splits.dev=0.2', 'splits.test=0.1'];
  expect(configOf('flickr8k', { root: '/data', option })).toMatchObject({
    reader: 'flickr8k',
    root: '/data',
    onInvalid: 'skip',
    captions: 'Flickr8k.az.token.txt',
    splits: { dev: 0.2, test: 0.1 },
  });
  expect(configOf('webdataset', { root: '/data', option: [] })).toMatchObject({ files: { dev: ['/data/dev*.tar'] } });
});

it('names what is wrong with them', () => {
  expect(() => configOf('coco', { option: [] })).toThrow('--root: expected the place of the set "coco", got none');
  expect(() => configOf('coco', { root: '/x', option: ['anotations=1'] })).toThrow(/--option: .*anotations/);
  expect(() => configOf('coco', { root: '/x', option: ['images'] })).toThrow('images: expected key=value');
  expect(() => configOf('csv', { root: '/x', option: ['delimiter=ab'] })).toThrow('--option: delimiter:');
});

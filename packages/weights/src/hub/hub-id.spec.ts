import { parseHubId } from './hub-id.ts';

it('reads owner, name and revision', () => {
  expect(parseHubId('google-bert/bert-base-multilingual-cased')).toEqual({
    id: 'google-bert/bert-base-multilingual-cased',
    revision: 'main',
  });
  expect(parseHubId('timm/resnet50.tv_in1k@refs/pr/1')).toEqual({ id: 'timm/resnet50.tv_in1k', revision: 'refs/pr/1' });
  expect(parseHubId('gpt2')?.id).toBe('gpt2');
});

it.each(['./model', '/model', '../a', 'a/b/c', 'a/../b', 'a/b@../x', 'a b', ''])('takes "%s" for no id', (text) => {
  expect(parseHubId(text)).toBeUndefined();
});

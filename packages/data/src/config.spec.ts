import { dataConfig } from './config.ts';

it('fills in defaults by reader', () => {
  expect(dataConfig.parse({ reader: 'flickr8k', root: '/x' })).toMatchObject({ form: 'token', onCorrupt: 'fail' });
  expect(dataConfig.parse({ reader: 'scenes' })).toMatchObject({ dev: 500, test: 500, language: 'az', domain: 'flat' });
});

it('names a misspelt key and an unknown reader', () => {
  expect(dataConfig.safeParse({ reader: 'scenes', sede: 3 }).error?.message).toContain('sede');
  expect(dataConfig.safeParse({ reader: 'coco17' }).error?.issues[0]?.path).toEqual(['reader']);
});

import { CAPTION_RULES } from './caption-rules.ts';
import { cleaningConfig } from './config.ts';

const judge = (rule: string, caption: string, config: object = {}) =>
  CAPTION_RULES.find(({ name }) => name === rule)?.judge(caption, cleaningConfig.parse(config));

it.each([
  ['mojibake', 'qÄ±rmÄ±zÄ± top', 'qırmızı top'],
  ['markup', '<b>Qara</b> it &amp; pişik&#33;<br/>', 'Qara it & pişik!'],
  ['markup', 'A &lt;b&gt; x', 'A <b> x'],
  ['control-characters', 'qara\u0000 it\u200B\tqaçır\uFEFF', 'qara it qaçır'],
  ['special-characters', 'qara it ★ qaçır 🐕', 'qara it qaçır'],
])('%s mends %j', (rule, caption, repaired) => {
  expect(judge(rule, caption)).toMatchObject({ repaired });
});

it.each([
  ['empty-caption', '... !', {}],
  ['too-short', 'it .', {}],
  ['too-long', 'bir iki üç dörd', { maxWords: 3 }],
  ['wrong-script', 'qara собака бежит', {}],
  ['wrong-script', 'a dog runs', { script: 'Georgian' }],
  ['mojibake', 'q\uFFFDra it', {}],
])('%s drops %j', (rule, caption, config) => {
  const verdict = judge(rule, caption, config);
  expect(verdict?.detail).toEqual(expect.any(String));
  expect(verdict?.repaired).toBeUndefined();
});

it('leaves good captions of many kinds alone', () => {
  const good = [
    'Qırmızı köynəkli iki uşaq – “top” oynayır.',
    'Qiymət 5 ₼, 3 < 4 & 20 °C!',
    'U.S.A. 12x4 @home #1 100%',
  ];
  for (const caption of good) {
    for (const { name, judge: rule } of CAPTION_RULES) {
      expect([name, rule(caption, cleaningConfig.parse({}))]).toEqual([name, undefined]);
    }
  }
  expect(judge('wrong-script', '雨の日', { script: 'any' })).toBeUndefined();
  expect(judge('special-characters', 'می‌خواهد', { script: 'Arabic' })).toBeUndefined();
});

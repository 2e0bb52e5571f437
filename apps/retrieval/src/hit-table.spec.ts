import { stripVTControlCharacters } from 'node:util';

import { hitTable } from './hit-table.ts';

const hit = (file: string, score: number, caption?: string): Parameters<typeof hitTable>[0][number] => ({
  id: file,
  score,
  metadata: { file, ...(caption === undefined ? {} : { caption }) },
});

describe('hitTable', () => {
  it('lines up ranks, scores, files and the first caption', () => {
    const table = hitTable([hit('yay/şəkil.png', 0.98765, 'qırmızı ev\na red house'), hit('b.png', -0.1)]);
    expect(stripVTControlCharacters(table).split('\n')).toEqual([
      'rank   score  file',
      '   1   0.988  yay/şəkil.png  qırmızı ev',
      '   2  -0.100  b.png',
      '',
    ]);
  });

  it('shows control characters of a file name as signs', () => {
    expect(hitTable([hit('a\u001b[31m.png', 1)])).toContain('a�[31m.png');
  });

  it('says that there is nothing', () => {
    expect(hitTable([])).toBe('no images in the index\n');
  });
});

import { foldWord } from './fold-word.ts';
import { createVocabulary, repairQuery } from './vocabulary.ts';

const captions = ['Şəhərdə axşam', 'şəhər küçəsi', 'şəhər', 'səhər işığı', 'ön tərəf', 'on uşaq', 'qırmızı maşın'];
const vocabulary = createVocabulary(captions, 'az');

describe('foldWord', () => {
  it('writes a word as a keyboard without its letters does', () => {
    expect(foldWord('Şəhər', 'az')).toBe('seher');
    expect(foldWord('IŞIQ', 'az')).toBe('isiq');
    expect(foldWord('İşıq', 'az')).toBe('isiq');
    expect(foldWord('sheher', 'az')).toBe('seher');
  });
});

describe('repairQuery', () => {
  it('offers the words that may be meant, the more frequent first', () => {
    expect(repairQuery('seher', vocabulary)).toEqual(['şəhər', 'səhər']);
    expect(repairQuery('SEHER', vocabulary)).toEqual(['şəhər', 'səhər']);
  });

  it('mends the unknown words of a query and leaves everything else', () => {
    expect(repairQuery('qirmizi masin, 2 ədəd!', vocabulary)).toEqual(['qırmızı maşın, 2 ədəd!']);
    expect(repairQuery('seherde tank', vocabulary)).toEqual(['şəhərdə tank']);
  });

  it('offers nothing for words that are known, though others fold to the same', () => {
    expect(repairQuery('on uşaq', vocabulary)).toEqual([]);
    expect(repairQuery('ön', vocabulary)).toEqual([]);
  });

  it('offers nothing for what it does not know, for signs and for the empty query', () => {
    expect(['zebra', '🚗', 'مرحبا', '', '!?'].flatMap((query) => repairQuery(query, vocabulary))).toEqual([]);
  });

  it('keeps to a few readings of a long query', () => {
    expect(repairQuery('seher seher seher seher', vocabulary)).toHaveLength(3);
  });
});

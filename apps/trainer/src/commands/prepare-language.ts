import { readLines } from '@azclip/base';
import { loadTokenizer, type Tokenizer } from '@azclip/encoder-text/tokenizer';
import { loadLanguage, measureLanguage, type LanguageReport, type WordTokenizer } from '@azclip/translate';
import { Command } from 'commander';
import { consola } from 'consola';

interface PrepareLanguageFlags {
  readonly tokenizer?: string;
  readonly texts?: string;
}

/** `trainer prepare language <code>`: what a tokenizer makes of a language, and what its file lacks. */
export function prepareLanguageCommand(): Command {
  return new Command('language')
    .description("report a tokenizer's pieces per word for a language, and what the language file lacks")
    .argument('<code>', 'code of a language, or the path of its file')
    .option('--tokenizer <file>', 'tokenizer.json or vocab.txt of the text tower')
    .option('--texts <file>', 'texts of the language, a line each (id<TAB>text too), instead of the words of its file')
    .action(async (code: string, { tokenizer, texts }: PrepareLanguageFlags) => {
      const language = await loadLanguage(code);
      const pieces =
        tokenizer === undefined
          ? undefined
          : await loadTokenizer(tokenizer, language.casing === null ? {} : { language: language.casing });
      const report = await measureLanguage(language, {
        ...(pieces === undefined ? {} : { tokenizer: wordTokenizer(pieces) }),
        ...(texts === undefined ? {} : { texts: captionLines(texts) }),
      });
      for (const line of languageLines(report)) consola.log(line);
    });
}

/** A word's own pieces: those that open and end a text are not its. */
function wordTokenizer({ idsOf, special }: Pick<Tokenizer, 'idsOf' | 'special'>): WordTokenizer {
  const own = (word: string): number[] => idsOf(word).filter((id) => id !== special.first && id !== special.last);
  return {
    piecesOf: (word) => own(word).length,
    isUnknown: (word) => own(word).some((id) => id === special.unknown),
  };
}

async function* captionLines(path: string): AsyncGenerator<string> {
  for await (const { text } of readLines(path)) yield text.slice(text.indexOf('\t') + 1);
}

/** The report for people. */
export function languageLines({ language, codes, words, missing }: LanguageReport): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${language.name} (${language.code}): ${Object.entries(codes)
      .map(([family, code]) => `${family} ${code}`)
      .join(', ')}`,
    ...(words === undefined
      ? []
      : [
          `${words.count.toLocaleString('en')} words, ${words.distinct.toLocaleString('en')} distinct`,
          `${words.piecesPerWord.toFixed(2)} pieces a word; whole ${percent(words.whole)}, in four and more ${percent(words.shattered)}, unknown ${percent(words.unknown)}`,
          ...(words.worst.length === 0 ? [] : [`most pieces: ${words.worst.join(', ')}`]),
        ]),
    ...missing.map((what) => `missing: ${what}`),
    ...(missing.length === 0 ? ['nothing is missing'] : []),
  ];
}

import { readLines } from '@azclip/base';

import type { CaptionFile } from './caption-file.ts';

/** Lines `id<TAB>caption`, or captions alone, which are then named by their line number. */
export function textCaptionFile(path: string): CaptionFile {
  return {
    header: '',
    takesWeights: false,
    rows: async function* () {
      for await (const { text, number } of readLines(path)) {
        if (text.trim() === '') continue;
        const tab = text.indexOf('\t');
        const id = tab < 0 ? `line ${String(number)}` : text.slice(0, tab);
        const prefix = tab < 0 ? '' : `${id}\t`;
        const caption = { id, text: text.slice(tab + 1).trim() };
        yield {
          captions: caption.text === '' ? [] : [caption],
          write: ([translation]) => (translation === undefined ? '' : `${prefix}${oneLine(translation)}\n`),
        };
      }
    },
  };
}

const oneLine = (text: string): string => text.replace(/[\t\n\r]+/gu, ' ');

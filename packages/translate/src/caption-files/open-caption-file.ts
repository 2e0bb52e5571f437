import { extname } from 'node:path';

import { csvCaptionFile } from './csv-caption-file.ts';
import type { CaptionFile } from './caption-file.ts';
import { jsonlCaptionFile } from './jsonl-caption-file.ts';
import { textCaptionFile } from './text-caption-file.ts';

/** How to read a caption file. */
export interface CaptionFileOptions {
  /** Where the copy will stand, so that relative image paths of a manifest stay right. */
  readonly output?: string | undefined;
  /** CSV: the column of captions. */
  readonly captionColumn?: string | undefined;
  /** CSV: the column that names images. */
  readonly imageColumn?: string | undefined;
}

/** Opens a file by its ending: `.jsonl` – manifest or any objects with `captions` (list) or `caption`; `.csv`, `.tsv` –
 * a header and a row a caption; anything else – `image#k<TAB>caption` as Flickr8k has it, or a caption a line.
 * @throws {TranslateError} as it is read: file, line and what is wrong. */
export async function openCaptionFile(path: string, options: CaptionFileOptions = {}): Promise<CaptionFile> {
  const { captionColumn = 'caption', imageColumn = 'image', output = path } = options;
  const ending = extname(path).toLowerCase();
  if (ending === '.jsonl') return jsonlCaptionFile(path, output);
  if (ending === '.csv' || ending === '.tsv') {
    return csvCaptionFile(path, { delimiter: ending === '.csv' ? ',' : '\t', captionColumn, imageColumn });
  }
  return textCaptionFile(path);
}

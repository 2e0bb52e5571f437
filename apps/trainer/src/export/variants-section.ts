import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import type { ModelConfig } from '@azclip/retrieval';

import { markdownTable } from '../report/table.ts';

const TITLE = 'Variants';

/** Writes into the model card what the variants of `config` cost, in place of what stood there. */
export async function writeVariantsSection(folder: string, { variants = {} }: ModelConfig): Promise<void> {
  const path = join(folder, 'README.md');
  const card = await readFile(path, 'utf8').catch(() => '');
  const [before = ''] = card.split(`\n## ${TITLE}\n`);
  const rows = Object.entries(variants).flatMap(([name, { recall = {}, set = '' }]) =>
    Object.entries(recall).map(([score, { float32, variant }]) => [
      ...[name, set, score, percent(float32), percent(variant)],
      ((variant - float32) * 100).toFixed(1),
    ]),
  );
  const head = ['variant', 'set', 'score', 'float32, %', 'variant, %', 'difference, points'];
  const section = markdownTable({ title: TITLE, head, rows });
  await writeFileAtomic(path, `${before.trimEnd()}\n\n${section}\n`);
}

const percent = (share: number): string => (share * 100).toFixed(1);

import { Command } from 'commander';

import { InputError, readLines } from '@azclip/base';
import type { ModelVariant } from '@azclip/retrieval';

import { embedImage } from '../embed-image.ts';
import { openEmbedder, type Embedder } from '../embedder.ts';
import { variantOption } from '../variant-option.ts';
import { positive } from './search.ts';

interface DescribeOptions {
  readonly model: string;
  readonly variant?: ModelVariant;
  readonly image: string;
  readonly captions: string;
  readonly k: number;
}

/** Captions embedded at a time. */
const BATCH = 64;

/** `retrieval describe`: prints the captions of a list that fit an image best. */
export function describeCommand(): Command {
  return new Command('describe')
    .description('Prints the captions of a list that fit an image best.')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .requiredOption('--image <file>', 'the image')
    .requiredOption('--captions <file>', 'text file, a caption a line')
    .option('-k <number>', 'number of captions', positive, 5)
    .action(describeImage);
}

async function describeImage({ model, variant, image, captions, k }: DescribeOptions): Promise<void> {
  const texts = new Set<string>();
  for await (const { text } of readLines(captions)) if (text.trim() !== '') texts.add(text.trim());
  if (texts.size === 0) throw new InputError(`${captions}: expected a caption a line, got an empty file`);
  const embedder = await openEmbedder(model, variant ? { variant } : {});
  const ranked = await rankTexts(embedder, await embedImage(embedder, { path: image }), [...texts]);
  const lines = ranked.slice(0, k).map(({ text, score }) => `${score.toFixed(3)}  ${text.replace(/\p{Cc}/gu, ' ')}\n`);
  process.stdout.write(lines.join(''));
}

async function rankTexts(
  embedder: Embedder,
  query: Float32Array,
  texts: readonly string[],
): Promise<{ readonly text: string; readonly score: number }[]> {
  const scored = [];
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    const rows = await embedder.embed(batch);
    for (const [row, text] of batch.entries()) {
      const score = query.reduce((sum, value, i) => sum + value * (rows[row * query.length + i] ?? 0), 0);
      scored.push({ text, score });
    }
  }
  return scored.sort((a, b) => b.score - a.score);
}

import { Command } from 'commander';
import { consola } from 'consola';

import { readModelConfig } from '@azclip/retrieval';

import { openEmbedder } from '../embedder.ts';
import { openIndexOf, type IndexPlace } from '../open-index.ts';
import { variantOption } from '../variant-option.ts';
import { writeBundle } from '../write-bundle.ts';

interface BundleOptions extends IndexPlace {
  readonly out: string;
}

/** `retrieval bundle`: writes a site that searches in the browser alone. */
export function bundleCommand(): Command {
  return new Command('bundle')
    .description('Writes a static site that answers queries in the browser, without a server behind it.')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .option(
      '--images <folder>',
      'folder, manifest (.jsonl) or archive (.tar) of images; indexed first where that is needed',
    )
    .option('--index <folder>', 'folder of the index (default: where retrieval:index puts that of --images)')
    .requiredOption('--out <folder>', 'folder of the site; it must be empty or not exist')
    .action(bundle);
}

async function bundle({ out, ...place }: BundleOptions): Promise<void> {
  const { variants } = await readModelConfig(place.model);
  const small = variants?.int8 && ({ variant: 'int8' } as const); // what is downloaded should be small
  const embedder = await openEmbedder(place.model, { ...small, ...place });
  const sizes = await writeBundle(embedder, await openIndexOf(embedder, place), out);
  const lines = Object.entries(sizes).map(([part, bytes]) => `${part} ${(bytes / 2 ** 20).toFixed(1)} MiB`);
  consola.success(`site written: ${out} (${lines.join(', ')})`);
}

import { InputError } from '@azclip/base';
import { readModelConfig } from '@azclip/retrieval';
import { Command } from 'commander';
import { consola } from 'consola';

import { openEmbedder } from '../embedder.ts';
import { openIndexOf, type IndexPlace } from '../open-index.ts';
import { variantOption } from '../variant-option.ts';
import { writeBundle } from '../write-bundle.ts';

interface BundleFlags extends IndexPlace {
  readonly out: string;
  readonly webgpu?: boolean;
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
    .option('--webgpu', 'run the query tower by WebGPU in browsers that have it (17 MiB more on the host, 2.5 to load)')
    .action(bundle);
}

async function bundle({ out, webgpu = false, ...place }: BundleFlags): Promise<void> {
  if (webgpu && place.variant === 'int8') {
    throw new InputError('--variant: expected fp16 or none with --webgpu, which multiplies no integers, got int8');
  }
  const { variants } = await readModelConfig(place.model);
  const smallest = webgpu ? 'fp16' : 'int8'; // what is downloaded should be small
  const embedder = await openEmbedder(place.model, { ...(variants?.[smallest] && { variant: smallest }), ...place });
  const sizes = await writeBundle(embedder, await openIndexOf(embedder, place), out, { webgpu });
  const parts = [...sizes].map(([part, bytes]) => `${part} ${(bytes / 2 ** 20).toFixed(1)} MiB`);
  consola.success(`site written: ${out} (${parts.join(', ')})`);
}

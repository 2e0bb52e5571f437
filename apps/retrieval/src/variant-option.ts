import { modelVariants } from '@azclip/retrieval';
import { Option } from 'commander';

/** `--variant`: which form of the towers to run. */
export function variantOption(): Option {
  const description = 'run the towers in 8 or 16 bits, as trainer:export --variants has written them';
  return new Option('--variant <name>', description).choices(modelVariants);
}

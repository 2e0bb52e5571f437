import { join } from 'node:path';

import type { FitConfig } from '../config.ts';

/** The files of a run: `<output>/<name>/…`. */
export interface RunFolder {
  readonly root: string;
  /** The configuration with every default filled in. */
  readonly config: string;
  /** One JSON record a line: steps and epochs. */
  readonly metrics: string;
  /** The same for TensorBoard, which is to be given the folder: its event file. */
  readonly events: string;
  /** `last.safetensors` and `best.safetensors`. */
  readonly checkpoints: string;
  /** The exported model: what the retrieval app serves. */
  readonly model: string;
  /** Images of the test part, as files, where the data set is generated. */
  readonly gallery: string;
  /** Loss and recall over the steps, PNG. */
  readonly curves: string;
  /** What the run came to, `.md` for people and `.json` for programs, and what it has taken so far. */
  readonly report: { readonly markdown: string; readonly json: string; readonly usage: string };
  readonly tokenizer: string;
}

/** Names the files of the run that `config` describes; makes nothing. */
export function runFolderOf(config: Pick<FitConfig, 'output' | 'name'>): RunFolder {
  const root = join(config.output, config.name);
  return {
    root,
    config: join(root, 'config.json'),
    metrics: join(root, 'metrics.jsonl'),
    events: join(root, 'tensorboard', 'events.out.tfevents.0.azclip'),
    checkpoints: join(root, 'checkpoints'),
    model: join(root, 'model'),
    gallery: join(root, 'gallery'),
    curves: join(root, 'curves.png'),
    report: {
      markdown: join(root, 'report.md'),
      json: join(root, 'report.json'),
      usage: join(root, 'usage.json'),
    },
    tokenizer: join(root, 'tokenizer.json'),
  };
}

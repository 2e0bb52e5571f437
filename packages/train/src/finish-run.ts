import { rm } from 'node:fs/promises';

import { writeGallery } from '@azclip/data';
import { calibrateModel } from '@azclip/retrieval/indexing';

import { scoreProtocols, type FinalResults } from './evaluate/score-protocols.ts';
import { createScorer } from './evaluate/scorer.ts';
import { exportModel } from './export/export-model.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Scores } from './report.ts';
import { checkpointPath, readCheckpoint } from './run/checkpoint.ts';
import { parametersOf } from './step/train-state.ts';

/** Ends a run: scores the best checkpoint on dev, and on test where the config asks for it, writes the model folder,
 * learns on dev when a query has found something, and for generated data writes the test images as files, to search. */
export async function finishRun(run: PreparedRun): Promise<FinalResults> {
  const { config, folder, pairs } = run;
  const { state } = await readCheckpoint(checkpointPath(folder, 'best'), config);
  const params = parametersOf(state);
  const scorer = createScorer({ ...run, batchSize: config.evaluation.batchSize });
  const scores: Record<string, number> = {};
  for (const split of ['dev', 'test'] as const) {
    if (pairs[split].length === 0) continue;
    Object.assign(scores, prefixed(split, await scorer.score(pairs[split], params)));
  }
  scorer.dispose();
  const results = { scores, protocols: scoreProtocols({ dev: pairs.dev, test: pairs.test }) };
  await exportModel(run, params, results);
  await calibrateModel(folder.model, pairs.dev, (texts, length) => run.tokenizer.encode(texts, length));
  if (config.data.reader === 'scenes' && pairs.test.length > 0) {
    await rm(folder.gallery, { recursive: true, force: true });
    await writeGallery(pairs.test, folder.gallery);
  }
  return results;
}

const prefixed = (split: string, scores: Scores): FinalResults['scores'] =>
  Object.fromEntries(Object.entries(scores).map(([name, value]) => [`${split}/${name}`, value]));

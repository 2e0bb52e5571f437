import { join } from 'node:path';

import { createRandom, InputError } from '@azclip/base';
import type { DataIssue } from '@azclip/data';
import { type PairedTest, pairedRandomisationTest } from '@azclip/metrics';

import { type Agreement, judgementAgreement } from './agreement.ts';
import type { EvaluatedModel, EvaluatedSet, EvaluationConfig } from './config.ts';
import { type Embedder, openEmbedder } from './embedder.ts';
import { engineScores } from './engine-scores.ts';
import { evaluateSet, type SetEvaluation } from './evaluate-set.ts';
import { leakCheck, openLeakGuard, type SetLeaks } from './leaks.ts';
import { evaluateZeroShot, type ZeroShotEvaluation } from './zero-shot.ts';

/** Scores of every model on every set. */
export interface EvaluationReport {
  readonly name: string;
  readonly seed: number;
  readonly resamples: number;
  readonly cells: readonly Cell[];
  /** Models compared on the same queries. */
  readonly comparisons: readonly Comparison[];
  readonly agreements: readonly (Agreement & { readonly model: string })[];
  readonly zeroShot: readonly (ZeroShotEvaluation & { readonly model: string })[];
  /** Images of the sets that models were trained on. */
  readonly leaks: readonly SetLeaks[];
  /** Items of the sets that were passed over. */
  readonly issues: readonly DataIssue[];
}

/** One model on one set. */
export interface Cell {
  readonly model: string;
  /** Fingerprint of the model folder. */
  readonly fingerprint: string;
  readonly set: string;
  readonly language: string;
  readonly split: EvaluatedSet['split'];
  /** Whether the set is of the domain that the model was trained on; undefined where that is not known. */
  readonly inDomain: boolean | undefined;
  readonly evaluation: SetEvaluation;
}

/** A paired test of two models on the queries of one set. */
export interface Comparison extends PairedTest {
  readonly set: string;
  readonly first: string;
  readonly second: string;
}

/** Scores models on sets, one after the other.
 * @returns the report; yields what is being done, one line at a time.
 * @param allowLeaks - whether sets are scored whose images were trained on; the report says so.
 * @throws {InputError} naming the model, set or item that is wrong; {LeakError} the images that were trained on. */
export async function* evaluate(
  config: EvaluationConfig,
  { allowLeaks = false }: { readonly allowLeaks?: boolean } = {},
): AsyncGenerator<string, EvaluationReport> {
  const cells: Cell[] = [];
  const agreements: EvaluationReport['agreements'][number][] = [];
  const zeroShot: EvaluationReport['zeroShot'][number][] = [];
  const [issues, leaks]: [DataIssue[], SetLeaks[]] = [[], []];
  const onIssue = (issue: DataIssue): void => void issues.push(issue);
  const engine = engineScores();
  try {
    for (const model of config.models) {
      const embedder = await openEmbedder(model.folder);
      const guard = await openLeakGuard(model.folder);
      try {
        for (const set of config.sets) {
          yield `${model.name} on ${set.name} (${set.split})`;
          const check = leakCheck(guard, { model, set, allow: allowLeaks }, leaks);
          const tools = { scoreChunk: engine.scoreChunk, check, onIssue, imageCache: join(config.output, 'images') };
          cells.push(cellOf(model, embedder, set, await evaluateSet(embedder, set, config, tools)));
        }
        for (const set of config.zeroShot) {
          yield `${model.name}: zero-shot classification of ${set.name}`;
          zeroShot.push({ model: model.name, ...(await evaluateZeroShot(embedder, set, config, engine)) });
        }
        if (!config.judgements) continue;
        yield `${model.name}: agreement with people`;
        const found = await judgementAgreement(embedder, config.judgements);
        agreements.push(...found.map((one) => ({ model: model.name, ...one })));
      } finally {
        await embedder.dispose();
      }
    }
  } finally {
    engine.dispose();
  }
  const { name, seed, resamples } = config;
  return { name, seed, resamples, cells, comparisons: compare(cells, seed), agreements, zeroShot, leaks, issues };
}

function cellOf(model: EvaluatedModel, embedder: Embedder, set: EvaluatedSet, evaluation: SetEvaluation): Cell {
  return {
    model: model.name,
    fingerprint: embedder.fingerprint,
    set: set.name,
    language: set.language,
    split: set.split,
    inDomain: model.trainedOn === undefined ? undefined : model.trainedOn === (set.domain ?? set.name),
    evaluation,
  };
}

/** Tests every two models on the sets that both were scored on, by reciprocal rank, whole images swapping. */
function compare(cells: readonly Cell[], seed: number): Comparison[] {
  return cells.flatMap((first, i) =>
    cells
      .slice(i + 1)
      .filter((second) => second.set === first.set)
      .map((second) => {
        const [a, b] = [first.evaluation, second.evaluation];
        if (a.textToImage.protocol.split !== b.textToImage.protocol.split) {
          throw new InputError(`${first.set}: ${first.model} and ${second.model} were scored on different pairs`);
        }
        const options = { groups: a.imageOfText };
        const test = pairedRandomisationTest(a.reciprocalRanks, b.reciprocalRanks, createRandom(seed), options);
        return { set: first.set, first: first.model, second: second.model, ...test };
      }),
  );
}

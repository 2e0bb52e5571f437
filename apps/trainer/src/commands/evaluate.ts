import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { InputError } from '@azclip/base';
import { fitConfig } from '@azclip/train';
import { Command, Option } from 'commander';
import { consola } from 'consola';

import { evaluationConfig, type EvaluationConfig } from '../evaluation/config.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { leakNotes } from '../evaluation/leaks.ts';
import { readYaml } from '../read-yaml.ts';
import { evaluationTables } from '../report/evaluation-tables.ts';
import { markdownTable } from '../report/table.ts';
import { writeEvaluation } from '../report/write-evaluation.ts';

interface EvaluateFlags {
  readonly config?: string;
  readonly model?: string;
  readonly split: 'dev' | 'test';
  readonly allowLeaks?: true;
}

/** `trainer evaluate`: scores models on data sets, with intervals, and writes reports. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('score models on data sets, with intervals, as JSON, Markdown and an HTML page')
    .option('--config <file>', 'YAML file of models and data sets')
    .option('--model <folder>', 'one model folder of trainer:fit, on the data that it was trained with')
    .addOption(new Option('--split <part>', 'part that --model is scored on').choices(['dev', 'test']).default('dev'))
    .option('--allow-leaks', 'score images that the model was trained on all the same; the report says so')
    .action(async (flags: EvaluateFlags) => {
      await run(await configOf(flags), flags.allowLeaks === true);
    });
}

async function run(config: EvaluationConfig, allowLeaks: boolean): Promise<void> {
  const work = evaluate(config, { allowLeaks });
  for (;;) {
    const next = await work.next();
    if (next.done !== true) {
      consola.start(next.value);
      continue;
    }
    for (const note of leakNotes(next.value.leaks)) consola.warn(note);
    for (const { place, message } of next.value.issues) consola.warn(`${place}: ${message}`);
    const [scores] = evaluationTables(next.value);
    if (scores) consola.log(markdownTable(scores));
    for (const path of await writeEvaluation(next.value, config.output)) consola.success(path);
    return;
  }
}

async function configOf({ config, model, split }: EvaluateFlags): Promise<EvaluationConfig> {
  if ((config === undefined) === (model === undefined)) {
    throw new InputError('--config or --model: expected one of them');
  }
  return config === undefined ? configOfRun(resolve(model ?? ''), split) : readYaml(config, evaluationConfig);
}

/** An evaluation of one run's model on its own data.
 * @throws {InputError} if the folder is not inside a run. */
async function configOfRun(folder: string, split: 'dev' | 'test'): Promise<EvaluationConfig> {
  const path = join(dirname(folder), 'config.json');
  if (!existsSync(path)) {
    throw new InputError(
      `${folder}: expected a model inside a run folder with a config.json; else name data in --config`,
    );
  }
  const { name, language, data } = await readYaml(path, fitConfig);
  return evaluationConfig.parse({
    name: `${name}-${split}`,
    output: join(dirname(folder), `evaluation-${split}`),
    models: [{ name: basename(dirname(folder)), folder, trainedOn: name }],
    sets: [{ name, language, split, data }],
  });
}

import { InputError } from '@azclip/base';
import { Command } from 'commander';
import { consola } from 'consola';

import { doctorCommand } from './commands/doctor.ts';
import { embedCommand } from './commands/embed.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { experimentCommand } from './commands/experiment.ts';
import { exportCommand } from './commands/export.ts';
import { fitCommand } from './commands/fit.ts';
import { prepareCommand } from './commands/prepare.ts';
import { pretrainTextCommand } from './commands/pretrain-text.ts';
import { specsCommand } from './commands/specs.ts';
import { translateCommand } from './commands/translate.ts';
import { trimVocabularyCommand } from './commands/trim-vocabulary.ts';

const program = new Command('trainer')
  .description('Trains a dual encoder on images and captions of your language, and tells how good it is.')
  .enablePositionalOptions()
  .showHelpAfterError('(add --help for the options)')
  .addCommand(prepareCommand())
  .addCommand(embedCommand())
  .addCommand(fitCommand())
  .addCommand(pretrainTextCommand())
  .addCommand(trimVocabularyCommand())
  .addCommand(evaluateCommand())
  .addCommand(experimentCommand())
  .addCommand(exportCommand())
  .addCommand(specsCommand())
  .addCommand(doctorCommand())
  .addCommand(translateCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof InputError) consola.error(error.message);
  else consola.error(error);
  process.exitCode = 1;
}

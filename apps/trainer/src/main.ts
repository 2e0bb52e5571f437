import { InputError } from '@azclip/base';
import { Command } from 'commander';
import { consola } from 'consola';

import { evaluateCommand } from './commands/evaluate.ts';
import { fitCommand } from './commands/fit.ts';

const program = new Command('trainer')
  .description('Trains a dual encoder on images and captions of your language, and tells how good it is.')
  .showHelpAfterError('(add --help for the options)')
  .addCommand(fitCommand())
  .addCommand(evaluateCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof InputError) consola.error(error.message);
  else consola.error(error);
  process.exitCode = 1;
}

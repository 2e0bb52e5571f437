/** A process of its own for the kill test: runs a job and prints the text of each caption as soon as it has it.
 * Arguments: the configuration as JSON. */
import { translateConfig } from '../config.ts';
import { translateFile } from '../job/translate-file.ts';

const config = translateConfig.parse(JSON.parse(process.argv[2] ?? '{}'));
for await (const report of translateFile(config)) {
  if (report.kind === 'caption') process.stdout.write(`${report.outcome.text}\n`);
  if (report.kind === 'done') process.stdout.write('done\n');
}

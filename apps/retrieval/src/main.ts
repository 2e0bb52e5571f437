import { Command } from 'commander';
import { consola } from 'consola';

import { InputError } from '@azclip/base';

/** The commands by name; each loads what it needs when it is called, so that a search starts fast. */
const commands = {
  index: async () => (await import('./commands/index.ts')).indexCommand(),
  describe: async () => (await import('./commands/describe.ts')).describeCommand(),
  gallery: async () => (await import('./commands/gallery.ts')).galleryCommand(),
  bundle: async () => (await import('./commands/bundle.ts')).bundleCommand(),
  feedback: async () => (await import('./commands/feedback.ts')).feedbackCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  search: async () => (await import('./commands/search.ts')).searchCommand(),
  review: async () => (await import('./commands/review.ts')).reviewCommand(),
} as const;

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('retrieval').description('Search images by text, with a model that azclip has trained.');
  const [name = ''] = argv;
  const wanted = isCommand(name) ? [name] : (Object.keys(commands) as (keyof typeof commands)[]);
  for (const command of wanted) program.addCommand(await commands[command]());
  await program.parseAsync(argv, { from: 'user' });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof InputError) consola.error(error.message);
  else consola.error(error);
  process.exitCode = 1;
}

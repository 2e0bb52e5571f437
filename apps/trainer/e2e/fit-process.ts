import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace. */
export const root = join(__dirname, '../../..');

const trainer = ['--conditions=@azclip/source', '--import', './tools/fixtures/typescript-loader.mjs'];
/** The command that fits a configuration. */
export const fitOf = (config: string, ...flags: string[]): string[] => [
  process.execPath,
  ...trainer,
  'apps/trainer/src/main.ts',
  'fit',
  `--config=${config}`,
  ...flags,
];
/** What the processes of tests are told. */
export const environment = {
  ...process.env,
  NODE_ENV: 'production', // the console is silent in tests
  FORCE_COLOR: '0',
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
};
/** Runs a command to its end. @returns its exit code and all that it said. */
export function run([program = '', ...flags]: string[], env: NodeJS.ProcessEnv = environment) {
  const { status, stdout, stderr } = spawnSync(program, flags, { cwd: root, env, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.replace(/\s+/gu, ' ') };
}

/** Losses of the steps of a run, from its record. */
export const lossesOf = (runFolder: string): number[] =>
  readFileSync(join(runFolder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; loss: number })
    .filter(({ kind }) => kind === 'step')
    .map(({ loss }) => loss);

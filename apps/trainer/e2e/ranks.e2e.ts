import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import { environment, fitOf, lossesOf, root, run } from './fit-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'azclip-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const mpirun = (...ranks: string[][]): string[] => [
  'mpirun',
  '--oversubscribe',
  ...ranks.flatMap((command, i) => [...(i === 0 ? [] : [':']), '-np', '1', ...command]),
];

const scenes = { reader: 'scenes', train: 96, dev: 12, test: 8, imageSize: 32 };

/** Two parts of twelve rows with batch norm and dropout: two ranks compute what one rank does in two micro-batches.
 * @param rest - sections in the place of these. */
function configFile(name: string, rest: Readonly<Record<string, object | string>> = {}): string {
  const path = join(folder, `${name}-${String(Object.keys(rest))}.yaml`);
  const config = {
    name,
    output: folder,
    data: scenes,
    image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] }, dropout: 0.2 },
    text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 }, dropout: 0.2 },
    projection: { head: 'linear', dim: 8 },
    train: { batchSize: 24, microBatch: 12, epochs: 3, warmupSteps: 2 },
    evaluation: { everyEpochs: 1 },
    ...rest,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** A student that learns from "alone" before. Its texts drop nothing: a phase that takes a batch whole has one mask for all of it. */
const studentFile = (name: string): string =>
  configFile(name, {
    text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 } },
    distillation: {
      teacher: join(folder, 'alone', 'model'),
      captions: scenes,
      batchSize: 48,
      epochs: 3,
      warmupSteps: 2,
    },
  });

/** What has been learned: all but the running statistics of batch norm, which are those of rank 0's rows. */
async function learnedBy(name: string): Promise<Map<string, readonly number[]>> {
  const tensors = await collect(readSafetensors(join(folder, name, 'checkpoints', 'last.safetensors')));
  const learned = tensors.filter((tensor) => tensor.name.startsWith('params.') && !tensor.name.includes('.running'));
  return new Map(learned.map((tensor) => [tensor.name, Array.from(tensor.data as Float32Array)]));
}

async function expectSame(name: string, reference: string): Promise<void> {
  expect(lossesOf(join(folder, name))).toBeAllClose(lossesOf(join(folder, reference)), 1e-5);
  const [actual, expected] = [await learnedBy(name), await learnedBy(reference)];
  expect(expected.size).toBeGreaterThan(5);
  for (const [key, values] of expected) expect(actual.get(key)).toBeAllClose(values, 1e-5);
}

const present = spawnSync('mpirun', ['--version']).status === 0;
const withMpi = present ? it : it.skip;
if (!present) it.skip('skipped: Open MPI is missing (Debian: apt install openmpi-bin)', () => undefined);

beforeAll(() => {
  if (present) expect(run(fitOf(configFile('alone')))).toMatchObject({ status: 0 });
});

describe('two ranks', () => {
  withMpi('with half of each batch learn what one learns from the whole', async () => {
    const together = fitOf(configFile('together'));
    const { status, said } = run(mpirun(together, together));
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(said.match(/epoch 3\/3/gu)).toHaveLength(1);
    await expectSame('together', 'alone');
  });

  withMpi('end when one of them dies, and one goes on alone from their checkpoint', async () => {
    const config = configFile('broken');
    await endAfterFirstEpoch(mpirun(fitOf(config), fitOf(config)), killRank);
    expect(run(fitOf(config, '--resume'))).toMatchObject({ status: 0 });
    await expectSame('broken', 'alone');
  });

  withMpi('end together at Ctrl-C, and go on from their checkpoint', async () => {
    const config = configFile('interrupted');
    await endAfterFirstEpoch(mpirun(fitOf(config), fitOf(config)), (mpirunId) => process.kill(mpirunId, 'SIGINT'));
    const again = fitOf(config, '--resume');
    expect(run(mpirun(again, again))).toMatchObject({ status: 0 });
    await expectSame('interrupted', 'alone');
  });

  withMpi('end with the reason where one of them has other data', () => {
    const { status, said } = run(
      mpirun(fitOf(configFile('unlike')), fitOf(configFile('unlike', { data: { ...scenes, train: 72 } }))),
    );
    expect(status).not.toBe(0);
    expect(said).toContain('rank 1 of 2: the training pairs or the model are not those of rank 0');
  });
});

withMpi('two ranks learn from a teacher what one learns, and go on within that', async () => {
  expect(run(fitOf(studentFile('student')))).toMatchObject({ status: 0 });
  const together = fitOf(studentFile('students'));
  expect(run(mpirun(together, together))).toMatchObject({ status: 0 });
  await expectSame('students', 'student');
  const broken = studentFile('broken-students');
  await endAfterFirstEpoch(mpirun(fitOf(broken), fitOf(broken)), killRank);
  const again = fitOf(broken, '--resume');
  expect(run(mpirun(again, again))).toMatchObject({ status: 0 });
  await expectSame('broken-students', 'student');
});

/** Kills the last rank as a crash would. */
function killRank(mpirunId: number): void {
  const { stdout } = spawnSync('pgrep', ['-P', String(mpirunId), '-x', 'node'], { encoding: 'utf8' });
  process.kill(Number(stdout.trim().split('\n').at(-1)), 'SIGKILL');
}

/** Starts ranks, ends them by what is done to `mpirun` after their first epoch, and waits until all have ended. */
function endAfterFirstEpoch([program = '', ...flags]: string[], end: (mpirunId: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, flags, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
    child.on('error', reject);
    child.stdout.on('data', (text: Buffer) => {
      if (!text.toString().includes('epoch 1/3')) return;
      end(child.pid as number);
    });
    child.on('exit', (code) => {
      if (code === 0) reject(new Error('expected the ranks to fail'));
      else resolve();
    });
  });
}

it('says what is missing where Open MPI’s library does not load', () => {
  writeFileSync(join(folder, 'libmpi.so.40'), 'no library');
  const env = { ...environment, OMPI_COMM_WORLD_SIZE: '2', LD_LIBRARY_PATH: folder };
  const { status, said } = run(fitOf(configFile('lonely')), env);
  expect(status).toBe(1);
  expect(said).toContain(
    'several ranks: expected libmpi.so.40 of Open MPI, found none; on Debian run apt install openmpi-bin',
  );
});

import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseFitConfig } from '../config.ts';
import { readCheckpoint, stateDigest, writeCheckpoint, type Checkpoint } from './checkpoint.ts';

const configOf = (rest: object) =>
  parseFitConfig({
    name: 'x',
    data: { reader: 'scenes' },
    image: { tower: { name: 'resnet' } },
    text: { tower: { name: 'bag' } },
    ...rest,
  });
const checkpoint: Checkpoint = {
  state: { 'params.logScale': { dtype: 'float32', shape: [], data: Float32Array.of(2.5) } },
  progress: { phase: 'contrastive', step: 7, epoch: 1, batch: 3, lossSum: 0.1 + 0.2, bestScore: 0.5, bestEpoch: 1 },
};
const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'azclip-')), 'last.safetensors');

it('comes back to the bit', async () => {
  const path = await newPath();
  await writeCheckpoint(path, checkpoint, configOf({}));
  const read = await readCheckpoint(path, configOf({}));
  expect(read.progress).toEqual(checkpoint.progress);
  expect(stateDigest(read.state)).toBe(stateDigest(checkpoint.state));
});

it('belongs to its configuration: the key that differs is named, with both values', async () => {
  const path = await newPath();
  await writeCheckpoint(path, checkpoint, configOf({ train: { learningRate: 0.001 } }));
  await expect(readCheckpoint(path, configOf({ train: { learningRate: 0.01 } }))).rejects.toThrow(
    `${path}: train.learningRate was 0.001 when it was written, is 0.01 now`,
  );
});

it('may come from a version that did not know a key yet: its default counts', async () => {
  const path = await newPath();
  const older = configOf({});
  await writeCheckpoint(path, checkpoint, { ...older, train: { ...older.train, accumulate: undefined as never } });
  await expect(readCheckpoint(path, configOf({}))).resolves.toBeDefined();
  await expect(readCheckpoint(path, configOf({ train: { accumulate: 2 } }))).rejects.toThrow('train.accumulate was 1');
});

it('may move to another folder or backend', async () => {
  const path = await newPath();
  await writeCheckpoint(path, checkpoint, configOf({}));
  await expect(readCheckpoint(path, configOf({ output: 'elsewhere', backend: 'cpu' }))).resolves.toBeDefined();
});

it('may be followed by others in another rhythm, but not by another tower or loss', async () => {
  const path = await newPath();
  await writeCheckpoint(path, checkpoint, configOf({ train: { checkpointEverySteps: 5 } }));
  const rhythm = { checkpointEverySteps: 7, checkpointEveryMinutes: 1 };
  await expect(readCheckpoint(path, configOf({ train: rhythm }))).resolves.toBeDefined();
  await expect(readCheckpoint(path, configOf({ loss: { name: 'siglip' } }))).rejects.toThrow('loss.name was "clip"');
});

it('says so where the file is something else', async () => {
  const path = await newPath();
  await writeFile(path, 'not a checkpoint at all');
  await expect(readCheckpoint(path, configOf({}))).rejects.toThrow(path);
});

it('leaves no other file behind', async () => {
  const path = await newPath();
  await writeCheckpoint(path, checkpoint, configOf({}));
  expect(await readdir(join(path, '..'))).toEqual(['last.safetensors']);
});

it('has a digest that every value and name decides', () => {
  const other = (data: number, name = 'params.logScale') =>
    stateDigest({ [name]: { dtype: 'float32', shape: [], data: Float32Array.of(data) } });
  expect(new Set([other(2.5), other(2.50001), other(2.5, 'params.x')]).size).toBe(3);
});

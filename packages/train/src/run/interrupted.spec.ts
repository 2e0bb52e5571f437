import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect, InputError } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import type { FitConfigInput } from '../config.ts';
import type { FitReport } from '../report.ts';
import { trainClip, type TrainClipOptions } from '../train-clip.ts';
import { stateDigest } from './checkpoint.ts';

const root = mkdtempSync(join(tmpdir(), 'azclip-interrupted-'));
const small = join(root, 'small'); // a disk of its own
mkdirSync(small);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', [small]);
  rmSync(root, { recursive: true });
});

const configIn = (output: string): FitConfigInput => ({
  name: 'tiny',
  output,
  data: { reader: 'scenes', train: 60, dev: 12, test: 8, imageSize: 32 },
  image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] }, dropout: 0.2 },
  text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 }, dropout: 0.2 },
  projection: { head: 'linear', dim: 8 },
  train: { batchSize: 12, epochs: 2, warmupSteps: 2, checkpointEverySteps: 2 },
  evaluation: { everyEpochs: 1 },
});
const checkpoints = (output: string): string => join(output, 'tiny', 'checkpoints');
const stepsRecorded = (output: string): string[] =>
  readFileSync(join(output, 'tiny', 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FitReport & { step: number })
    .map(({ kind, step }) => `${kind} ${String(step)}`);

/** Trains, and keeps the steps that were taken. */
async function stepsOf(output: string, options: TrainClipOptions = {}): Promise<number[]> {
  const steps: number[] = [];
  await trainClip(configIn(output), {
    ...options,
    onReport: async (report) => {
      if (report.kind === 'step') steps.push(report.step);
      await options.onReport?.(report);
    },
  });
  return steps;
}

async function digestIn(output: string): Promise<string> {
  const tensors = await collect(readSafetensors(join(checkpoints(output), 'last.safetensors')));
  return stateDigest(Object.fromEntries(tensors.map(({ name, ...tensor }) => [name, tensor])));
}

it('goes on from the checkpoint within the epoch, and ends with the same bits and the same record', async () => {
  const [whole, broken] = [join(root, 'whole'), join(root, 'broken')];
  await stepsOf(whole);
  const onReport = (report: FitReport): void => {
    if (report.kind === 'step' && report.step === 4) throw new Error('as if killed');
  };
  await expect(stepsOf(broken, { onReport })).rejects.toThrow('as if killed');
  writeFileSync(join(checkpoints(broken), 'last.safetensors.0badc0de.tmp'), 'half a checkpoint');
  expect(await stepsOf(broken, { existing: 'resume' })).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await digestIn(broken)).toBe(await digestIn(whole));
  expect(stepsRecorded(broken)).toEqual(stepsRecorded(whole));
  expect(readdirSync(checkpoints(broken)).sort()).toEqual(['best.safetensors', 'last.safetensors']);
});

(mounted ? it : it.skip)(
  'keeps the old checkpoint where the disk is full (needs the right to mount a tmpfs)',
  async () => {
    const [whole, filler] = [join(root, 'other'), join(small, 'filler')];
    await stepsOf(whole);
    const onReport = (report: FitReport): void => {
      const { bavail, bsize } = statfsSync(small);
      if (report.kind === 'step' && report.step === 4) writeFileSync(filler, Buffer.alloc((bavail - 2) * bsize));
    };
    const full = stepsOf(small, { onReport });
    await expect(full).rejects.toThrow(InputError);
    await expect(full).rejects.toThrow(
      /expected room on the disk, got ENOSPC; the last checkpoint is whole: make room/u,
    );
    expect(readdirSync(checkpoints(small))).toEqual(['last.safetensors']);
    rmSync(filler);
    expect(await stepsOf(small, { existing: 'resume' })).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await digestIn(small)).toBe(await digestIn(whole));
  },
);

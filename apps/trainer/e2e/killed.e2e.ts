import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';

const root = join(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'azclip-killed-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Batch norm, augmentation, dropout and a moving average: all that a checkpoint must carry. */
function configFile(name: string): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    JSON.stringify({
      name,
      output: folder,
      data: { reader: 'scenes', train: 96, dev: 12, test: 8, imageSize: 32 },
      image: {
        tower: { name: 'resnet', size: 16, widths: [4], depths: [1] },
        augmentation: [{ op: 'randomResizedCrop' }, { op: 'flip' }],
        dropout: 0.2,
      },
      text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 }, dropout: 0.2 },
      projection: { head: 'linear', dim: 8 },
      train: { batchSize: 12, epochs: 6, warmupSteps: 2, averageDecay: 0.99, checkpointEverySteps: 3 },
      evaluation: { everyEpochs: 2 },
    }),
  );
  return path;
}

/** Runs `fit --resume` in a process of its own, and kills it as soon as its record holds `lines` lines.
 * @returns whether it came to its end. */
async function fitUntil(name: string, lines = Infinity): Promise<boolean> {
  const command = ['apps/trainer/dist/main.js', 'fit', `--config=${configFile(name)}`, '--resume'];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const watch = setInterval(() => {
    if (linesOf(name).length >= lines) child.kill('SIGKILL');
  }, 2);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('exit', (...end) => {
      resolve(end);
    });
  });
  clearInterval(watch);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(said);
  return code === 0;
}

function linesOf(name: string): string[] {
  const path = join(folder, name, 'metrics.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

/** The record without the time that steps took. */
const recordOf = (name: string): unknown[] =>
  linesOf(name).map((line) => ({ ...(JSON.parse(line) as object), stepMs: undefined }));

const digestOf = (name: string, file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, name, file)))
    .digest('hex');

it('ends with the same bytes however often it is killed in the middle of an epoch', async () => {
  expect(await fitUntil('whole')).toBe(true);
  const random = createRandom(5);
  for (let kills = 0; kills < 6; kills += 1) {
    const reached = linesOf('killed').length;
    expect(await fitUntil('killed', reached + 1 + random.integer(9))).toBe(false);
  }
  expect(await fitUntil('killed')).toBe(true);
  for (const file of ['checkpoints/last.safetensors', 'checkpoints/best.safetensors', 'model/model.safetensors']) {
    expect(`${file} ${digestOf('killed', file)}`).toBe(`${file} ${digestOf('whole', file)}`);
  }
  expect(recordOf('killed')).toEqual(recordOf('whole'));
});

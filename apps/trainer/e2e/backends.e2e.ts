import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { environment, fitOf, lossesOf, run } from './fit-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'azclip-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
/** Debian's chromium has a GPU that is none, which answers where there is no other. */
const chromium = '/usr/lib/chromium';
const softwareGpu = { VK_ICD_FILENAMES: join(chromium, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: chromium };
const env = { XDG_RUNTIME_DIR: folder, ...(existsSync('/dev/dri') ? {} : softwareGpu), ...environment };

/** Three steps of a tower with batch norm, a bag of pieces, dropout. @returns what the trainer said. */
function fitOn(backend: string) {
  const path = join(folder, `${backend}.yaml`);
  writeFileSync(
    path,
    JSON.stringify({
      name: backend,
      output: folder,
      backend,
      data: { reader: 'scenes', train: 96, dev: 12, test: 8, imageSize: 32 },
      image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] }, dropout: 0.2 },
      text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 }, dropout: 0.2 },
      projection: { head: 'linear', dim: 8 },
      train: { batchSize: 24, epochs: 1, maxSteps: 3, warmupSteps: 1 },
    }),
  );
  return run(fitOf(path), env);
}

const reference = fitOn('onnxruntime');

it('trains on the embedded backend', () => {
  expect(reference).toMatchObject({ status: 0 });
  expect(lossesOf(join(folder, 'onnxruntime'))).toHaveLength(3);
});

describe.each(['tensorflow', 'webgpu', 'cpu'])('%s', (backend) => {
  const { status, said } = fitOn(backend);
  const absence = /backend: "\w+" does not load: [^;]*/u.exec(said)?.[0];
  const test = absence === undefined ? it : it.skip;
  test(`trains along the same losses${absence === undefined ? '' : ` (skipped: ${absence})`}`, () => {
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(lossesOf(join(folder, backend))).toBeAllClose(lossesOf(join(folder, 'onnxruntime')), 1e-4);
  });
});

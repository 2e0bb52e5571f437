import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { backendCases, type CaseResult } from '../src/backend/cases.spec.support.ts';
import type { BackendName } from '../src/backend.ts';

interface Outcome {
  readonly device?: string;
  readonly results?: Readonly<Record<string, CaseResult>>;
  readonly failure?: string;
}

const root = join(__dirname, '../../..');
/** Where Debian's chromium has its GPU that is none, which answers where there is no other. */
const chromium = '/usr/lib/chromium';
const softwareGpu = join(chromium, 'vk_swiftshader_icd.json');

/** What a backend computes, in a process of its own: native libraries see neither Jest's realm nor each other. */
function outcomeOf(backend: BackendName): Outcome {
  const runtime = mkdtempSync(join(tmpdir(), 'azclip-'));
  const adapter = existsSync('/dev/dri') ? {} : { VK_ICD_FILENAMES: softwareGpu, LD_LIBRARY_PATH: chromium };
  const { stdout, signal } = spawnSync(
    process.execPath,
    [
      '--conditions=@azclip/source',
      '--import',
      './tools/fixtures/typescript-loader.mjs',
      'packages/nn/backends/run-cases.ts',
      backend,
      join(root, '.native'),
    ],
    {
      cwd: root,
      encoding: 'utf8',
      env: { TF_CPP_MIN_LOG_LEVEL: '2', XDG_RUNTIME_DIR: runtime, ...adapter, ...process.env },
    },
  );
  rmSync(runtime, { recursive: true, force: true });
  const start = stdout.indexOf('{'); // libraries may have written before it
  return start < 0
    ? { failure: `its process ended by ${String(signal)}` }
    : (JSON.parse(stdout.slice(start)) as Outcome);
}

const reference = outcomeOf('cpu').results ?? {};

describe.each([
  { backend: 'onnxruntime', tolerance: 1e-5 },
  { backend: 'tensorflow', tolerance: 1e-5 },
  { backend: 'webgpu', tolerance: 1e-4 },
] as const)('$backend', ({ backend, tolerance }) => {
  const { device, results, failure = '' } = outcomeOf(backend);
  if (!results) {
    it.skip(`skipped: ${failure}`, () => undefined);
    return;
  }
  it.each([...Object.keys(backendCases), 'training'])(`%s: as the reference (${device ?? ''})`, (name) => {
    const expected = Object.entries(reference[name] ?? {});
    expect(expected.length).toBeGreaterThan(0);
    for (const [key, values] of expected) expect(results[name]?.[key]).toBeAllClose(values, tolerance);
  });
});

/** One AdamW step on twelve matrices, with the clipping norm, on one thread: ours beside PyTorch's foreach and fused forms. Both
 * sides take turns; the table shows medians of processor time, which other work on the machine changes least.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/adamw.ts [million entries] [rounds]
 *
 * The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { hostAdamw } from '../../packages/train/src/optimizer/host-adamw.ts';
import { createStateMemory } from '../../packages/train/src/optimizer/state-memory.ts';

const [millions = 18.9, rounds = 15] = process.argv.slice(2).map(Number);
const each = Math.round((millions * 1e6) / 12);
const names = Array.from({ length: 12 }, (_, i) => `layer${String(i)}.weight`);

const memory = createStateMemory(Object.fromEntries(names.map((name) => [name, each])), false);
for (const { arrays } of memory.parameters) {
  arrays.param?.forEach((_, i, values) => (values[i] = Math.sin(i)));
  arrays.gradient?.forEach((_, i, values) => (values[i] = Math.cos(i)));
}
const rule = { gradientClip: 1, beta1: 0.9, beta2: 0.999, weightDecay: 0.01 };
let step = 0;

function ours(): number {
  const began = process.cpuUsage();
  step += 1;
  hostAdamw(memory, rule, () => ({ decays: true, scale: 1, upper: Infinity }), { learningRate: 1e-3, step });
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

const script = fileURLToPath(new URL('adamw.py', import.meta.url));
const torch = spawn(process.env['AZCLIP_PYTHON'] ?? 'python3', [script, String(each)], {
  stdio: ['pipe', 'pipe', 'ignore'],
});
torch.on('error', () => undefined);
torch.stdin.on('error', () => undefined);
const lines = createInterface({ input: torch.stdout })[Symbol.asyncIterator]();
const answer = async (): Promise<string | undefined> => (await lines.next()).value as string | undefined;
const version = await answer();

async function theirs(form: string): Promise<number> {
  torch.stdin.write(`${form}\n`);
  return Number(await answer());
}

const times: Record<string, number[]> = { azclip: [], ...(version && { foreach: [], fused: [] }) };
for (let round = -2; round < rounds; round += 1) {
  for (const [side, found] of Object.entries(times)) {
    const milliseconds = side === 'azclip' ? ours() : await theirs(side);
    if (round >= 0) found.push(milliseconds);
  }
}
torch.kill();

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const own = median(times['azclip'] ?? []);
console.log(version ? `PyTorch ${version}, one thread each` : 'no PyTorch here: our side alone');
console.table(
  Object.entries(times).map(([side, found]) => ({
    side,
    ms: median(found).toFixed(1),
    'of azclip': (median(found) / own).toFixed(2),
  })),
);

/** One AdamW step on twelve matrices, with the clipping norm, on one thread: ours beside PyTorch's foreach and fused forms. Both
 * sides take turns; the table shows medians of processor time, which other work on the machine changes least.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/adamw.ts [million entries] [rounds]
 *
 * The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch. */

import { hostAdamw } from '../../packages/train/src/optimizer/host-adamw.ts';
import { createStateMemory } from '../../packages/train/src/optimizer/state-memory.ts';
import { median, startPython } from './peer.mjs';

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

const torch = await startPython('adamw.py', [each]);

const times: Record<string, number[]> = { azclip: [], ...(torch && { foreach: [], fused: [] }) };
for (let round = -2; round < rounds; round += 1) {
  for (const [side, found] of Object.entries(times)) {
    const milliseconds = side === 'azclip' ? ours() : Number(await torch?.ask(side));
    if (round >= 0) found.push(milliseconds);
  }
}
torch?.stop();

const own = median(times['azclip'] ?? []);
console.log(torch ? `PyTorch ${torch.greeting}, one thread each` : 'no PyTorch here: our side alone');
console.table(
  Object.entries(times).map(([side, found]) => ({
    side,
    ms: median(found).toFixed(1),
    'of azclip': (median(found) / own).toFixed(2),
  })),
);

// Speed of compiled layers, forward and gradients as in a training step, beside PyTorch eager float32 on the same cores.
//   node tools/benchmark/engine-layers.mjs [rounds]
// The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch. Both sides take turns, so that what else the machine
// does meets both; the table shows medians.
import { availableParallelism } from 'node:os';

import { compile, compileStep } from '@azclip/onnx';

import { startAsFit } from './as-fit.mjs';
import { works } from './engine-works.mjs';
import { median, rest, startPython } from './peer.mjs';

startAsFit();

const rounds = Number(process.argv[2] ?? 15);
const threads = availableParallelism();

async function measure(name, make, torch) {
  const { fn, inputs, flops } = make();
  const layer = compile(fn, { threads });
  const gradients = await layer.run(inputs); // of the right shapes: where a step keeps its own
  layer.dispose();
  const compiled = compileStep((_, given) => ({ state: fn(given), outputs: {} }), gradients, { threads });
  const ours = async () => {
    const start = performance.now();
    await compiled.run(inputs);
    return performance.now() - start;
  };
  for (let i = 0; i < 2; i++) await Promise.all([ours(), torch?.ask(name)]); // traces and warms up
  const times = { ours: [], torch: [] };
  for (let i = 0; i < rounds; i++) {
    await rest();
    times.ours.push(await ours());
    await rest();
    if (torch) times.torch.push(Number(await torch.ask(name)));
  }
  compiled.dispose();
  const rate = (milliseconds) => Math.round(flops / milliseconds / 1e6);
  const row = { work: name, 'azclip ms': Math.round(median(times.ours)), 'azclip GFLOP/s': rate(median(times.ours)) };
  if (!torch) return row;
  const [own, other] = [median(times.ours), median(times.torch)];
  return { ...row, 'PyTorch ms': Math.round(other), 'PyTorch GFLOP/s': rate(other), ratio: (other / own).toFixed(2) };
}

const torch = await startPython('engine-layers.py', [threads]);
console.log(
  torch ? `PyTorch ${torch.greeting}, ${threads} threads each, ${rounds} rounds` : 'no PyTorch here: our side alone',
);
const rows = [];
for (const [name, make] of Object.entries(works)) rows.push(await measure(name, make, torch));
console.table(rows);
torch?.stop();

// Speed of compiled layers, forward and gradients as in a training step, beside PyTorch eager float32 on the same cores.
//   node tools/benchmark/engine-layers.mjs [rounds]
// The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch. Both sides take turns, so that what else the machine
// does meets both; the table shows medians.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { compile, compileStep } from '@azclip/onnx';

import { peerEnvironment, startAsFit } from './as-fit.mjs';
import { works } from './engine-works.mjs';

startAsFit();

const rounds = Number(process.argv[2] ?? 15);
const threads = availableParallelism();

/** Starts PyTorch. @returns a function that times a work there, or undefined where there is no PyTorch. */
async function startTorch() {
  const python = process.env.AZCLIP_PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('engine-layers.py', import.meta.url));
  const child = spawn(python, [script, String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: peerEnvironment(),
  });
  child.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value;
  const version = await answer();
  if (version === undefined) return undefined;
  const time = async (name) => {
    child.stdin.write(`${name}\n`);
    return Number(await answer());
  };
  return { version, time, stop: () => child.kill() };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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
  for (let i = 0; i < 2; i++) await Promise.all([ours(), torch?.time(name)]); // traces and warms up
  const times = { ours: [], torch: [] };
  for (let i = 0; i < rounds; i++) {
    times.ours.push(await ours());
    if (torch) times.torch.push(await torch.time(name));
  }
  compiled.dispose();
  const rate = (milliseconds) => Math.round(flops / milliseconds / 1e6);
  const row = { work: name, 'azclip ms': Math.round(median(times.ours)), 'azclip GFLOP/s': rate(median(times.ours)) };
  if (!torch) return row;
  const [own, other] = [median(times.ours), median(times.torch)];
  return { ...row, 'PyTorch ms': Math.round(other), 'PyTorch GFLOP/s': rate(other), ratio: (other / own).toFixed(2) };
}

const torch = await startTorch();
console.log(
  torch ? `PyTorch ${torch.version}, ${threads} threads each, ${rounds} rounds` : 'no PyTorch here: our side alone',
);
const rows = [];
for (const [name, make] of Object.entries(works)) rows.push(await measure(name, make, torch));
console.table(rows);
torch?.stop();

// Speed of a BERT-base layer (16 texts of 64 tokens, forward and gradients) on each backend that loads, in fp32 and where there
// is one in bf16, beside PyTorch eager in both.
//   node tools/benchmark/backends.mjs [rounds]
// Every side is a process of its own; they take turns, so that what else the machine does meets all; the table shows medians.
// PyTorch runs where AZCLIP_PYTHON, or python3, has torch; tensorflow where tools/native/install-libtensorflow has put it.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { works } from './engine-works.mjs';
import { median, rest } from './peer.mjs';

const rounds = Number(process.argv[2] ?? 9);
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.AZCLIP_PYTHON ?? 'python3';
const torch = (precision) => [python, [beside('engine-layers.py'), String(availableParallelism()), precision]];
const backend = (name) => [process.execPath, [beside('backend-side.mjs'), name]];
const bf16 = { TF_SET_ONEDNN_FPMATH_MODE: 'BF16' };

const sides = [
  { name: 'onnxruntime fp32', command: backend('onnxruntime') },
  { name: 'tensorflow fp32', command: backend('tensorflow') },
  { name: 'PyTorch fp32', command: torch('fp32') },
  { name: 'tensorflow bf16', command: backend('tensorflow'), env: bf16 },
  { name: 'PyTorch bf16', command: torch('bf16') },
];

/** Starts a side. @returns a function that times one run there, or undefined where it does not load. */
async function start({ name, command: [program, flags], env = {} }) {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...env };
  const child = spawn(program, flags, { stdio: ['pipe', 'pipe', 'pipe'], env: environment });
  let complaint = '';
  child.on('error', (error) => (complaint = error.message));
  child.stderr.on('data', (text) => (complaint += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value;
  const greeting = await answer();
  if (greeting === undefined) {
    console.log(`${name}: not here (${complaint.trim().split('\n').at(-1)})`);
    return undefined;
  }
  const time = async () => {
    child.stdin.write('bert-layer\n');
    return Number(await answer());
  };
  return { name, times: [], time, stop: () => child.kill() };
}

/** A processor without bf16 makes PyTorch take a minute a run: such a side is left out. */
const longestMs = 30_000;
const isQuick = async ({ name, time, stop }) => {
  const late = setTimeout(longestMs, false, { ref: false });
  const inTime = (await Promise.race([time(), late])) !== false;
  if (!inTime) console.log(`${name}: left out, a run takes more than ${longestMs / 1000} s here`);
  if (!inTime) stop();
  return inTime;
};

const running = [];
for (const side of sides) {
  const started = await start(side);
  if (started && (await isQuick(started))) running.push(started); // the first run traces and warms up
}
for (const { time } of running) await time();
for (let i = 0; i < rounds; i++) {
  for (const { time, times } of running) {
    await rest();
    times.push(await time());
  }
}
for (const { stop } of running) stop();

const { flops } = works['bert-layer']();
const reference = (precision) => running.find(({ name }) => name === `PyTorch ${precision}`);
console.table(
  running.map(({ name, times }) => {
    const own = median(times);
    const torchSide = reference(name.split(' ')[1]);
    const ratio = torchSide && { 'PyTorch / own': (median(torchSide.times) / own).toFixed(2) };
    return { side: name, ms: Math.round(own), 'GFLOP/s': Math.round(flops / own / 1e6), ...ratio };
  }),
);

/**
 * The server under wrk on loopback: queries a second, p99, errors, and resident memory before and after.
 *   npx nx run retrieval:build && node tools/benchmark/retrieval-serve.mjs <model folder> <images> [seconds] [connections]
 * wrk comes from the system (apt-get install wrk). The folder is indexed first where that is needed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const [model, images, seconds = '60', connections = '32'] = process.argv.slice(2);
if (spawnSync('wrk', ['--version']).error) throw new Error('wrk: expected it to be installed (apt-get install wrk)');
const main = join(import.meta.dirname, '../../apps/retrieval/dist/main.js');
const args = [main, 'serve', `--model=${model}`, `--images=${images}`, '--port=0'];
const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
const url = await new Promise((resolve, reject) => {
  let said = '';
  const hear = (chunk) => {
    said = (said + chunk).slice(-10_000);
    const found = /search at (http:\S+)/u.exec(said)?.[1];
    if (found) resolve(found);
  };
  server.stdout.on('data', hear);
  server.stderr.on('data', hear);
  server.once('exit', () => reject(new Error(said)));
});

/** Resident memory of the server, MiB. */
async function resident() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) / 1024);
}

const query = `${url}api/search?${new URLSearchParams({ q: 'yaşıl evin solunda qırmızı maşın' })}`;

/** Asks for a while; @returns what wrk says of it. */
async function ask(duration) {
  const wrk = spawn('wrk', ['-t1', `-c${connections}`, `-d${duration}s`, '--latency', query]);
  let said = '';
  wrk.stdout.on('data', (chunk) => (said += chunk));
  await once(wrk, 'close');
  return said;
}

await ask(10); // fills caches and pools: memory is compared with itself under load
const before = await resident();
const report = await ask(seconds);
const after = await resident();
server.kill('SIGTERM');
await once(server, 'exit');
const find = (pattern) => pattern.exec(report)?.[1] ?? '';
console.table({
  'queries / s': find(/Requests\/sec:\s+([\d.]+)/u),
  answers: find(/(\d+) requests in/u),
  p50: find(/^\s+50%\s+(\S+)/mu),
  p99: find(/^\s+99%\s+(\S+)/mu),
  'answers other than 200': find(/Non-2xx or 3xx responses: (\d+)/u) || '0',
  'socket errors': find(/Socket errors: (.+)/u) || 'none',
  'resident before, MiB': before,
  'resident after, MiB': after,
});

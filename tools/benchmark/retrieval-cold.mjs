/**
 * A search from the start of the process, five times: `retrieval search` over a folder indexed before.
 *   node tools/benchmark/retrieval-cold.mjs <model folder> <folder of images> [query]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [model, images, query = 'mavi'] = process.argv.slice(2);
const main = join(import.meta.dirname, '../../apps/retrieval/dist/main.js');
const search = () => spawnSync(process.execPath, [main, 'search', `--model=${model}`, `--images=${images}`, query]);
const first = search(); // indexes where that is needed
if (first.status !== 0) throw new Error(first.stderr.toString());
const runs = Array.from({ length: 5 }, () => {
  const start = performance.now();
  search();
  return performance.now() - start;
});
const walls = runs.sort((a, b) => a - b);
console.table({
  'cold search, ms': { median: walls[2].toFixed(0), best: walls[0].toFixed(0), worst: walls[4].toFixed(0) },
});

/** Compiles the kernels written in AssemblyScript, `packages/<package>/wasm/<name>.ts`, to WebAssembly and stores each as a module of
 * text beside its user, `packages/<package>/src/…/<name>.wasm.ts` (the path is the first line of the kernel: `// → src/…`).
 * The stored modules are part of the sources, so that nothing else has to be built before tests run; `--check` compares instead of
 * writing, and fails where a stored module is not what its kernel compiles to. Memory is shared between threads, unless that line
 * ends in ", memory of one thread": ONNX Runtime's binding takes arrays over such memory alone.
 *
 *   node tools/wasm/build.mjs [--check] */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';

const check = process.argv.includes('--check');
const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
];
const features = ['--enable', 'simd'];
const threads = ['--sharedMemory', '--enable', 'threads'];

/** The WebAssembly bytes of one kernel; memory is imported as `env.memory`. */
async function compile(kernel, shared) {
  let binary;
  const options = [...flags, ...features, ...(shared ? threads : [])];
  const { error, stderr } = await asc.main([kernel, '--outFile', 'kernel.wasm', ...options], {
    writeFile: (_name, contents) => (binary = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${kernel}: ${stderr.toString() || error.message}`);
  return binary;
}

/** Every kernel of a package, as `[package folder, path of the kernel]`. */
function kernelsOf(folder) {
  const wasm = join(folder, 'wasm');
  const names = existsSync(wasm) ? readdirSync(wasm).filter((name) => name.endsWith('.ts')) : [];
  return names.sort().map((name) => [folder, join(wasm, name)]);
}

const folders = readdirSync('packages').map((name) => join('packages', name));
for (const [folder, kernel] of folders.flatMap(kernelsOf)) {
  const head = /^\/\/ → (src\/\S+\.wasm\.ts)(, memory of one thread)?$/u;
  const [, place, single] = head.exec(readFileSync(kernel, 'utf8').split('\n')[0]) ?? [];
  if (place === undefined)
    throw new Error(`${kernel}: the first line must name the stored module, "// → src/….wasm.ts"`);
  const target = join(folder, place);
  const bytes = await compile(kernel, single === undefined);
  const text = `/** WebAssembly of the kernel wasm/${basename(kernel)}, base64; made by tools/wasm/build.mjs. */
export const wasm =
  '${Buffer.from(bytes).toString('base64')}';
`;
  if (!check) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) throw new Error(`${target} is not what ${kernel} compiles to`);
  console.log(`${kernel} → ${target} (${bytes.length} bytes)`);
}

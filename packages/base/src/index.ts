export { collect } from './collect.ts';
export { InputError } from './input-error.ts';
export { joinFloats } from './join-floats.ts';
export { readJsonLines, readLines, type TextLine } from './json-lines.ts';
export { namesIn } from './names-in.ts';
export { openSharedWasm, openWasm, wasmPageBytes, type WasmMemory } from './open-wasm.ts';
export { createRandom, mixSeed, type Random } from './random.ts';
export { inShard, parseShard, type Shard } from './shard.ts';
export { writeFileAtomic } from './write-file-atomic.ts';

// → src/image/pixels.wasm.ts
// From the bytes of a JPEG to the input of a tower. The caller lays out memory from the second page on; the first one
// holds the constants of this module. Buffers that are written by whole vectors end in 64 spare bytes.
export { clear } from './pixels/clear';
export { buildTable } from './pixels/huffman';
export { decodeScan } from './pixels/scan';
export { inverseTransform } from './pixels/transform';
export { greyRows, colourRows } from './pixels/colour';
export { resampleRows, resampleColumns, resampleToInput } from './pixels/resample';
